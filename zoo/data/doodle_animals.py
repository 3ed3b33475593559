"""How to draw animals: one function a kind, on the page of ``zoo.data.doodle_pen``."""

from collections.abc import Callable, Mapping

from zoo.data.doodle_pen import SIDES, Pen, eyes, polar


def cat(pen: Pen) -> None:
    """A head with whiskers, or the whole cat sitting."""
    body = pen.chance(0.45)
    r = pen.between(0.42, 0.5) if body else pen.between(0.7, 0.8)
    y = -0.5 if body else 0.1
    wide, tall = pen.between(1.0, 1.25), pen.between(1.4, 1.75)
    pen.ellipse(0, y, r * wide, r)
    for side in SIDES:
        outer, inner = polar(0, 0, r, 270 + side * 62), polar(0, 0, r, 270 + side * 18)
        tip = (side * 0.75 * r * wide, y - tall * r)
        pen.line((outer[0] * wide, y + outer[1]), tip, (inner[0] * wide, y + inner[1]))
    eyes(pen, 0.4 * r, y - 0.2 * r, 0.15 * r)
    pen.polygon((-0.1 * r, y + 0.1 * r), (0.1 * r, y + 0.1 * r), (0, y + 0.24 * r))
    for side in SIDES:
        pen.arc(side * 0.16 * r, y + 0.28 * r, 0.16 * r, 0.2 * r, 90 + side * 90, 90 - side * 60)
    rows = pen.count(2, 3)
    for side in SIDES:
        for k in range(rows):
            slope = (k - (rows - 1) / 2) * pen.between(0.18, 0.3)
            start = (side * 0.4 * r, y + (0.25 + 0.3 * slope) * r)
            pen.line(start, (side * r * pen.between(1.2, 1.5), y + (0.2 + slope) * r))
    if body:
        _sitting_body(pen, y + 0.8 * r)


def _sitting_body(pen: Pen, top: float) -> None:
    w = pen.between(0.42, 0.6)
    pen.curve((-0.28, top), (-w, 0.5), (-w, 0.92), (0, 1.0), (w, 0.92), (w, 0.5), (0.28, top))
    bend = pen.between(0.3, 0.6)
    pen.curve((w, 0.85), (w + 0.35, 0.8), (w + bend, 0.4), (w + 0.25, pen.between(-0.1, 0.3)))
    for side in SIDES:
        pen.line((side * 0.12, 0.45), (side * 0.12, 0.97))


def rabbit(pen: Pen) -> None:
    """A head with long ears."""
    r, y = pen.between(0.48, 0.6), 0.4
    long, lean = pen.between(0.38, 0.5), pen.between(13, 24)
    inner = pen.chance(0.5)
    pen.ellipse(0, y, r, r * pen.between(0.85, 1.0))
    for side in SIDES:
        x, top = polar(0, y, r * 0.85 + long, 270 + side * lean)
        pen.ellipse(x, top, pen.between(0.12, 0.16), long, side * lean)
        if inner:
            pen.ellipse(x, top, 0.06, long * 0.65, side * lean)
    eyes(pen, 0.42 * r, y - 0.15 * r, 0.14 * r)
    pen.ellipse(0, y + 0.15, 0.06, 0.04)
    pen.line((0, y + 0.2), (0, y + 0.28))
    for side in SIDES:
        pen.arc(side * 0.1, y + 0.26, 0.1, 0.08, 90 + side * 90, 90 - side * 50)
    if pen.chance(0.5):
        pen.box(-0.06, y + 0.34, 0.06, y + 0.46)
    for side in SIDES if pen.chance(0.5) else ():
        for k in range(2):
            pen.line((side * 0.2, y + 0.16 + 0.06 * k), (side * r * 1.25, y + 0.08 + 0.16 * k))


def fish(pen: Pen) -> None:
    """From the side: pointed or oval, with fins, scales and bubbles."""
    w, h, x = pen.between(0.6, 0.75), pen.between(0.3, 0.48), -0.2
    spread, long = pen.between(0.25, 0.45), pen.between(0.75, 0.95)
    if pen.chance(0.5):
        pen.curve((w - 0.05, 0), (x + 0.3, -h), (x - 0.3, -0.95 * h), (x - w, 0))
        pen.curve((x - w, 0), (x - 0.3, 0.95 * h), (x + 0.3, h), (w - 0.05, 0))
        pen.line((w - 0.05, 0), (long, -spread), (long - 0.1, 0), (long, spread), (w - 0.05, 0))
    else:
        pen.ellipse(x, 0, w, h)
        pen.polygon((x + w, 0), (long, -spread), (long, spread))
    pen.ellipse(x - 0.6 * w, -0.3 * h, pen.between(0.04, 0.08))
    if pen.chance(0.6):
        pen.arc(x - 0.55 * w, 0, 0.18, 0.7 * h, -55, 55)
    if pen.chance(0.6):
        pen.arc(x - w, 0.15 * h, 0.2, 0.15, 0, 70)
    if pen.chance(0.6):
        pen.curve(
            (x - 0.25, -0.92 * h), (x + 0.05, -h - pen.between(0.15, 0.3)), (x + 0.3, -0.85 * h)
        )
    if pen.chance(0.5):
        pen.curve((x - 0.1, 0.97 * h), (x + 0.1, h + pen.between(0.12, 0.22)), (x + 0.25, 0.9 * h))
    for row in range(pen.count(0, 3)):
        pen.arc(x + 0.22 * row, 0, 0.1, 0.55 * h, -80, 80)
    for k in range(pen.count(0, 3) if pen.chance(0.4) else 0):
        pen.ellipse(-0.95 - 0.06 * k, -0.3 - 0.22 * k, 0.05 + 0.015 * k)


def bird(pen: Pen) -> None:
    """Standing with a folded wing, or flying."""
    if pen.chance(0.25):
        _flying_bird(pen)
        return
    w, h = pen.between(0.5, 0.65), pen.between(0.32, 0.42)
    hx, hy, r = -0.55, pen.between(-0.6, -0.45), pen.between(0.22, 0.3)
    pen.ellipse(0.05, 0.1, w, h, pen.between(5, 25))
    pen.ellipse(hx, hy, r)
    pen.dot(hx - 0.25 * r, hy - 0.2 * r, 0.025)
    drop = pen.between(-0.04, 0.08)
    pen.line((hx - 0.95 * r, hy - 0.08), (hx - r - 0.25, hy + drop), (hx - 0.95 * r, hy + 0.1))
    wing = pen.between(0.28, 0.45)
    pen.curve((-0.2, -0.02), (0.05, 0.1 + wing * 0.8), (0.5, wing * 0.7), (0.55, 0.02))
    if pen.chance(0.5):
        pen.curve((-0.2, -0.02), (0.15, -0.12), (0.55, 0.02))
    tail = pen.between(0.12, 0.28)
    root = (w - 0.02, 0.2)
    pen.line(root, (w + 0.4, 0.2 - tail), (w + 0.42, 0.24 + 0.5 * tail), (w - 0.05, 0.34))
    for x in (-0.1, 0.12):
        foot = pen.between(0.72, 0.85)
        pen.line((x, 0.1 + 0.95 * h), (x - 0.03, foot))
        for toe in (-0.13, -0.02, 0.09):
            pen.line((x - 0.03, foot), (x + toe, foot + 0.1))


def _flying_bird(pen: Pen) -> None:
    w, h, up = pen.between(0.5, 0.6), pen.between(0.16, 0.22), pen.between(0.6, 0.85)
    pen.turn(pen.between(-10, 20))
    pen.ellipse(0, 0, w, h)
    pen.ellipse(-w - 0.08, -0.12, 0.19, 0.17)
    pen.dot(-w - 0.13, -0.16, 0.02)
    pen.line((-w - 0.24, -0.18), (-w - 0.42, -0.1), (-w - 0.24, -0.06))
    for x in (-0.05, 0.2):
        pen.curve((x - 0.15, -0.8 * h), (x + 0.02, -0.8 * up), (x + 0.35, -up))
        pen.curve((x + 0.35, -up), (x + 0.3, -0.5 * up), (x + 0.18, -0.8 * h))
    pen.line(
        (w - 0.03, -0.05), (w + 0.35, -0.16), (w + 0.28, 0), (w + 0.35, 0.12), (w - 0.04, 0.06)
    )


def butterfly(pen: Pen) -> None:
    """From above, wings spread, plain or spotted."""
    up, down = pen.between(0.75, 0.95), pen.between(0.5, 0.75)
    high, low, size = pen.between(0.65, 0.9), pen.between(0.6, 0.85), pen.between(0.03, 0.08)
    spots, feeler = pen.chance(0.5), pen.between(0.15, 0.35)
    pen.ellipse(0, 0.05, size, pen.between(0.45, 0.6))
    for side in SIDES:
        s = side * size
        pen.curve(
            (s, -0.15), (side * 0.35, -high), (side * up, -high), (side * up, -0.2), (s, 0.02)
        )
        pen.curve((s, 0.08), (side * down, 0.1), (side * down, low), (side * 0.25, low), (s, 0.25))
        if spots:
            pen.ellipse(side * 0.6 * up, -0.55 * high, pen.between(0.08, 0.14))
            pen.ellipse(side * 0.6 * down, 0.5 * low, pen.between(0.06, 0.1))
        pen.curve((s * 0.5, -0.42), (side * 0.08, -0.7), (side * feeler, -0.75 - 0.5 * feeler))


def snail(pen: Pen) -> None:
    """A spiral shell on a foot with feelers."""
    r, turns = pen.between(0.48, 0.6), pen.between(2.0, 3.0)
    x, y = 0.2, 0.45 - r
    steps = round(turns * 10)
    pen.curve(
        *(
            polar(x, y, r * (1 - 0.93 * k / steps), 110 - 360 * turns * k / steps)
            for k in range(steps)
        )
    )
    neck = pen.between(-0.35, -0.1)
    pen.curve(
        *((0.95, 0.62), (0.5, 0.45), (-0.3, 0.42), (-0.48, neck)),
        *((-0.68, neck - 0.14), (-0.9, neck), (-0.82, neck + 0.2), (-0.75, 0.5), (-0.5, 0.64)),
    )
    pen.line((-0.5, 0.64), (0.95, 0.62))
    for lean in (-0.16, 0.06):
        tip = (-0.68 + lean * 1.3, neck - pen.between(0.4, 0.5))
        pen.line((-0.68 + 0.4 * lean, neck - 0.12), tip)
        pen.dot(*tip, 0.03)
    if pen.chance(0.6):
        pen.arc(-0.8, neck + 0.08, 0.12, 0.08, 20, 120)


def spider(pen: Pen) -> None:
    """Eight legs with a knee, sometimes on its thread."""
    r, reach, legs = pen.between(0.25, 0.38), pen.between(0.75, 0.95), 4
    pen.ellipse(0, 0.15, r, r * pen.between(0.9, 1.2))
    if pen.chance(0.7):
        pen.ellipse(0, -r * 0.75 - 0.02, r * 0.55)
        eyes(pen, 0.07, -r * 0.8, 0.05)
    else:
        eyes(pen, 0.12, 0.05, 0.07)
    knee = pen.between(0.25, 0.5)
    for side in SIDES:
        for k in range(legs):
            y = 0.15 + r * (k - 1.5) * 0.4
            end = -0.55 + 0.48 * k + pen.between(-0.06, 0.06)
            bend = (side * 0.6 * reach, y - knee * (1 - 0.25 * k))
            pen.line((side * r * 0.9, y), bend, (side * reach * pen.between(0.9, 1.05), end))
    if pen.chance(0.4):
        pen.line((0, -r * 1.3), (0, -1.2))


def owl(pen: Pen) -> None:
    """From the front, with wings and rows of feathers."""
    w, eye = pen.between(0.5, 0.65), pen.between(0.2, 0.27)
    pen.loop(
        (0, -0.75),
        (w, -0.6),
        (1.05 * w, 0.3),
        (0.5 * w, 0.9),
        (-0.5 * w, 0.9),
        (-1.05 * w, 0.3),
        (-w, -0.6),
    )
    for side in SIDES:
        pen.line((side * 0.4 * w, -0.74), (side * w, -1.0), (side * w * 1.02, -0.55))
        pen.ellipse(side * eye * 1.1, -0.35, eye)
        pen.ellipse(side * eye * 1.1, -0.35, eye * pen.between(0.25, 0.5))
        pen.curve((side * 1.02 * w, -0.1), (side * 0.62 * w, 0.2), (side * 0.75 * w, 0.7))
        for k in range(3):
            x = side * 0.35 * w + (k - 1) * 0.08
            pen.line((x, 0.9), (x, 1.02))
    pen.polygon((-0.08, -0.2), (0.08, -0.2), (0, -0.02))
    for row in range(pen.count(0, 3)):
        for k in range(3):
            pen.arc((k - 1) * 0.2, 0.15 + 0.2 * row, 0.09, 0.1, 170, 10)


def turtle(pen: Pen) -> None:
    """From the side, under a patterned shell."""
    w, h, base = pen.between(0.58, 0.72), pen.between(0.5, 0.75), 0.3
    pen.arc(0, base, w, h, 180, 360)
    pen.line((-w - 0.05, base), (w + 0.05, base))
    r = pen.between(0.16, 0.22)
    pen.arc(-w - r, base - 0.1, r * 1.2, r, 50, 360)
    pen.dot(-w - 1.4 * r, base - 0.16, 0.025)
    for x in (-0.6 * w, 0.6 * w):
        pen.curve(
            (x - 0.13, base), (x - 0.13, base + 0.3), (x + 0.1, base + 0.32), (x + 0.13, base)
        )
    pen.line((w, base - 0.08), (w + 0.22, base + 0.05), (w, base))
    if pen.chance(0.5):
        pen.polygon(*(polar(0, base - 0.45 * h, 0.3 * h, 60 * k) for k in range(6)))
        for angle in (180, 240, 300, 360):
            x, y = polar(0, 0, 1, angle if angle % 180 else angle + (15 if angle == 180 else -15))
            pen.line(polar(0, base - 0.45 * h, 0.3 * h, angle), (x * w, base + y * h))
    else:
        for k in range(pen.count(2, 4)):
            pen.arc(-0.5 * w + 0.33 * w * k, base - 0.25 * h, 0.13 * w, 0.2 * h, 180, 360)


ANIMALS: Mapping[str, Callable[[Pen], None]] = {
    "bird": bird,
    "butterfly": butterfly,
    "cat": cat,
    "fish": fish,
    "owl": owl,
    "rabbit": rabbit,
    "snail": snail,
    "spider": spider,
    "turtle": turtle,
}
