"""How to draw plants and the sky: one function a kind, on the page of ``zoo.data.doodle_pen``."""

from collections.abc import Callable, Mapping

from zoo.data.doodle_pen import SIDES, Pen, polar


def apple(pen: Pen) -> None:
    """With a stem, a leaf, a gleam, or a worm's hole."""
    w, dip, foot = pen.between(0.75, 0.95), pen.between(-0.5, -0.4), pen.between(0.72, 0.82)
    pen.loop(
        *((0, dip), (0.5 * w, -0.66), (w, -0.2), (0.75 * w, 0.6), (0.3 * w, 0.9), (0, foot)),
        *((-0.3 * w, 0.9), (-0.75 * w, 0.6), (-w, -0.2), (-0.5 * w, -0.66)),
    )
    lean = pen.between(-0.1, 0.2)
    pen.curve((0, dip + 0.03), (0.3 * lean, -0.75), (lean, -0.95))
    if pen.chance(0.7):
        long = pen.between(0.35, 0.5)
        pen.curve((0.3 * lean, -0.72), (0.3, -1.0), (lean + long, -0.92))
        pen.curve((lean + long, -0.92), (0.35, -0.72), (0.3 * lean, -0.72))
    if pen.chance(0.4):
        pen.arc(0, 0.1, 0.72 * w, 0.55, 190, 230)
    if pen.chance(0.2):
        pen.ellipse(0.35 * w, 0.2, 0.12)


def mushroom(pen: Pen) -> None:
    """A cap with spots on a stem."""
    w, h, y = pen.between(0.75, 0.95), pen.between(0.7, 0.9), pen.between(-0.1, 0.1)
    pen.arc(0, y, w, h, 180, 360)
    if pen.chance(0.5):
        pen.line((-w, y), (w, y))
    else:
        pen.arc(0, y, w, pen.between(0.1, 0.2), 180, 0)
    stem, foot = pen.between(0.18, 0.28), pen.between(0.22, 0.38)
    pen.curve(
        (-stem, y + 0.1),
        (-stem, 0.5),
        (-foot, 0.9),
        (0, 1),
        (foot, 0.9),
        (stem, 0.5),
        (stem, y + 0.1),
    )
    spots = pen.count(0, 5)
    for k in range(spots):
        x, up = polar(0, 0, pen.between(0.4, 0.65), 180 + 180 * (k + 0.5) / spots)
        pen.ellipse(x * w, y + up * h, pen.between(0.07, 0.13))


def leaf(pen: Pen) -> None:
    """A pointed leaf with veins."""
    w = pen.between(0.35, 0.55)
    pen.turn(pen.between(-60, 60))
    for side in SIDES:
        pen.curve(
            (0, -1), (side * 0.8 * w, -0.45), (side * w, 0.1), (side * 0.5 * w, 0.5), (0, 0.65)
        )
    pen.curve((0, -0.85), (pen.between(-0.05, 0.05), 0), (0, 1))
    veins = pen.count(2, 5)
    for k in range(veins):
        y = 0.45 - 1.0 * k / veins
        for side in SIDES:
            wide = 0.75 * w * (0.85 - 0.45 * k / veins)
            pen.line((0, y), (side * wide, y - pen.between(0.2, 0.3)))


def cactus(pen: Pen) -> None:
    """A column with one or two arms, in a pot or in the desert."""
    w, foot = pen.between(0.16, 0.24), 0.5
    pen.curve(
        (-w, foot),
        (-w, -0.1),
        (-w, -0.7),
        (-0.6 * w, -0.95),
        (0.6 * w, -0.95),
        (w, -0.7),
        (w, -0.1),
        (w, foot),
    )
    for side in SIDES:
        if side > 0 or pen.chance(0.8):
            y, out, top = pen.between(-0.3, 0.1), pen.between(0.45, 0.6), pen.between(0.35, 0.55)
            thick = 0.2
            pen.curve(
                *((side * w, y), (side * out * 0.9, y), (side * out, y - top)),
                *((side * (out + 0.5 * thick), y - top - 0.1), (side * (out + thick), y - top)),
                *((side * (out + 0.8 * thick), y + thick), (side * w, y + thick)),
            )
    for k in range(pen.count(0, 6)):
        x, y = pen.between(-0.6, 0.4) * w, -0.7 + 0.2 * k
        pen.line((x, y), (x + 0.08, y - 0.06))
    if pen.chance(0.6):
        pen.polygon((-0.4, foot), (0.4, foot), (0.3, 1), (-0.3, 1))
    else:
        pen.line((-0.9, foot), (0.9, foot))


def flower(pen: Pen) -> None:
    """Five to nine round or square petals on a stem with leaves."""
    y, r, petals = pen.between(-0.5, -0.4), pen.between(0.13, 0.2), pen.count(5, 9)
    long = pen.between(0.14, 0.2)
    wide = min(0.2, 2.9 * (r + long) / petals)
    pen.ellipse(0, y, r)
    turn = pen.between(0, 90)
    tulip = pen.chance(0.5)
    for k in range(petals):
        angle = turn + 360 * k / petals
        if tulip:
            spread = 0.42 * 360 / petals
            pen.curve(
                polar(0, y, r, angle - spread),
                polar(0, y, r + 1.6 * long, angle - 0.8 * spread),
                polar(0, y, r + 1.6 * long, angle + 0.8 * spread),
                polar(0, y, r, angle + spread),
            )
        else:
            pen.ellipse(*polar(0, y, r + long, angle), long, wide, angle)
    bend = pen.between(-0.12, 0.12)
    pen.curve((0, y + r + 1.4 * long), (bend, 0.5), (0, 1.1))
    leaves = [s for s in SIDES if pen.chance(0.65)]
    for side in leaves:
        root, tip = pen.between(0.55, 0.85), pen.between(0.35, 0.5)
        pen.curve((bend, root), (side * 0.22, root - 0.28), (side * tip, root - 0.3))
        pen.curve((side * tip, root - 0.3), (side * 0.32, root - 0.02), (bend, root))


def tree(pen: Pen) -> None:
    """A round or cloudy crown, a fir, or a palm."""
    w, base = pen.between(0.1, 0.17), pen.between(0.15, 0.3)
    style = pen.pick("cloud", "cloud", "round", "fir", "palm")
    if style == "fir":
        _fir(pen, w)
        return
    if style == "palm":
        _palm(pen, w)
        return
    for side in SIDES:
        pen.curve((side * w, base), (side * w, 0.7), (side * w * pen.between(1.1, 2), 1))
    if style == "round":
        pen.ellipse(0, -0.35, pen.between(0.55, 0.75), 0.65)
    else:
        _puffs(pen, -0.35, pen.between(0.5, 0.65), 0.5, pen.count(6, 9))
    for k in range(pen.count(2, 5) if pen.chance(0.3) else 0):
        pen.ellipse(*polar(0, -0.35, pen.between(0.15, 0.38), 75 * k), 0.06)
    if pen.chance(0.4):
        pen.line((-0.6, 1), (0.6, 1))


def _fir(pen: Pen, w: float) -> None:
    tiers, edge = pen.count(2, 4), pen.between(0.5, 0.7)
    step = 1.55 / tiers
    for side in SIDES:
        path = [(0.0, -1.0)]
        for k in range(1, tiers + 1):
            wide = edge * (0.45 + 0.55 * k / tiers)
            path += [(side * wide, -1 + step * k), (side * wide * 0.45, -1 + step * k - 0.04)]
        pen.line(*path[:-1])
    pen.line((-edge, 0.55), (edge, 0.55))
    pen.line((-w, 0.55), (-w, 1), (w, 1), (w, 0.55))


def _palm(pen: Pen, w: float) -> None:
    lean, top = pen.between(-0.3, 0.3), pen.between(-0.55, -0.4)
    for side in SIDES:
        pen.curve((0.6 * w * side + lean, top), (0.8 * w * side + 0.2 * lean, 0.3), (w * side, 1))
    leaves = pen.count(5, 7)
    for k in range(leaves):
        angle = 170 + 200 * k / (leaves - 1) + pen.between(-6, 6)
        mid, tip = polar(lean, top, 0.42, angle), polar(lean, top, pen.between(0.7, 0.85), angle)
        droop = pen.between(0.2, 0.35)
        pen.curve((lean, top), (mid[0], mid[1] - 0.08), (tip[0], tip[1] + droop))
        pen.curve((tip[0], tip[1] + droop), (mid[0], mid[1] + 0.12), (lean, top))


def _puffs(pen: Pen, y: float, rx: float, ry: float, count: int) -> None:
    """A cloud's outline: arcs around an ellipse, in one closed curve."""
    path = []
    for k in range(count):
        for part, radius in ((0.0, 0.95), (0.28, 1.22), (0.72, 1.22)):
            ex, ey = polar(0, 0, radius, 80 + 360 * (k + part) / count)
            path.append((ex * rx, y + ey * ry))
    pen.loop(*path)


def cloud(pen: Pen) -> None:
    """Dry, raining, or with lightning."""
    top, base = pen.between(-0.75, -0.55), pen.between(0.0, 0.1)
    pen.loop(
        *((-0.75, base), (-1.0, -0.15), (-0.8, -0.4), (-0.58, -0.33), (-0.45, top + 0.1)),
        *(
            (-0.1, top),
            (0.15, -0.42),
            (0.4, top + 0.12),
            (0.7, -0.3),
            (0.98, -0.2),
            (0.85, base),
            (0.35, base + 0.02),
            (-0.2, base + 0.02),
        ),
    )
    drops = pen.count(4, 8) if pen.chance(0.65) else 0
    for k in range(drops):
        x, y = -0.65 + 1.3 * k / (drops - 1), base + pen.between(0.15, 0.3)
        pen.line((x, y), (x - 0.08, y + pen.between(0.2, 0.35)))
    if not drops and pen.chance(0.6):
        pen.polygon(
            (0.05, base + 0.08),
            (-0.2, 0.5),
            (0, 0.5),
            (-0.1, 0.95),
            (0.3, 0.4),
            (0.08, 0.4),
            (0.25, base + 0.08),
        )


def star(pen: Pen) -> None:
    """Five, six or eight tips; some as one crossing line."""
    tips, turn, inner = pen.pick(5, 5, 5, 6, 8), pen.between(-12, 12), pen.between(0.38, 0.5)
    pen.turn(turn)
    if tips == 5 and pen.chance(0.4):
        pen.polygon(*(polar(0, 0, 1, 270 + 144 * k) for k in range(5)))
    else:
        pen.polygon(
            *(polar(0, 0, inner if k % 2 else 1, 270 + 180 * k / tips) for k in range(2 * tips))
        )
    if pen.chance(0.25):
        for side in SIDES:
            pen.dot(side * 0.13, -0.1, 0.025)
        pen.arc(0, 0.02, 0.17, 0.15, 160, 20)


def sun(pen: Pen) -> None:
    """A disc with lines or spikes for rays; some smile."""
    r, rays, gap = pen.between(0.4, 0.55), pen.count(7, 14), pen.between(0.06, 0.14)
    pen.ellipse(0, 0, r)
    style = pen.pick("lines", "lines", "spikes", "mixed")
    turn = pen.between(0, 90)
    for k in range(rays):
        angle = turn + 360 * (k + pen.between(-0.12, 0.12)) / rays
        reach = 0.8 if style == "mixed" and k % 2 else pen.between(0.88, 1.05)
        if style == "spikes":
            half = 150 / rays
            base = r + 0.03
            pen.line(
                polar(0, 0, base, angle - half),
                polar(0, 0, reach, angle),
                polar(0, 0, base, angle + half),
            )
        else:
            pen.line(polar(0, 0, r + gap, angle), polar(0, 0, reach, angle))
    if pen.chance(0.4):
        for side in SIDES:
            pen.dot(side * 0.35 * r, -0.2 * r, 0.03)
        pen.arc(0, 0.1 * r, 0.5 * r, 0.45 * r, 160, 20)


def mountain(pen: Pen) -> None:
    """Two or three peaks, with snow and a sun."""
    peaks = pen.count(2, 3)
    path = [(-1.0, 0.6)]
    snow = pen.chance(0.6)
    for k in range(peaks):
        x = -1 + 2 * (k + 0.5) / peaks + pen.between(-0.1, 0.1)
        path += [(x, pen.between(-0.75, -0.2)), (-1 + 2 * (k + 1) / peaks, pen.between(0.1, 0.35))]
    path[-1] = (1.0, 0.6)
    pen.line(*path)
    for k in range(1, len(path) - 1, 2) if snow else ():
        (ax, ay), (x, y), (bx, by) = path[k - 1 : k + 2]
        left = (x + 0.35 * (ax - x), y + 0.35 * (ay - y))
        right = (x + 0.35 * (bx - x), y + 0.35 * (by - y))
        low = max(left[1], right[1])
        pen.line(left, (x - 0.06, low - 0.1), (x + 0.02, low + 0.06), (x + 0.08, low - 0.08), right)
    if pen.chance(0.6):
        pen.line((-1, 0.6), (1, 0.6))
    if pen.chance(0.6):
        x, r = pen.between(-0.8, 0.8), pen.between(0.13, 0.2)
        pen.ellipse(x, -0.95, r)
        for k in range(pen.pick(0, 8)):
            pen.line(polar(x, -0.95, r + 0.05, 45 * k), polar(x, -0.95, r + 0.16, 45 * k))


NATURE: Mapping[str, Callable[[Pen], None]] = {
    "apple": apple,
    "cactus": cactus,
    "cloud": cloud,
    "flower": flower,
    "leaf": leaf,
    "mountain": mountain,
    "mushroom": mushroom,
    "star": star,
    "sun": sun,
    "tree": tree,
}
