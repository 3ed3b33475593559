"""How to draw small things: one function a kind, on the page of ``zoo.data.doodle_pen``."""

from collections.abc import Callable, Mapping

from zoo.data.doodle_pen import SIDES, Pen


def cup(pen: Pen) -> None:
    """A mug with a handle, sometimes steaming."""
    w, taper, h = pen.between(0.5, 0.65), pen.between(0.65, 1.0), pen.between(0.55, 0.8)
    lip = pen.between(0.1, 0.2)
    pen.ellipse(0, -h, w, lip)
    pen.line((-w, -h), (-w * taper, h))
    pen.line((w, -h), (w * taper, h))
    pen.arc(0, h, w * taper, 0.7 * lip, 180, 0)
    grip = pen.between(0.25, 0.4)
    pen.arc(w * (1 + taper) / 2, -0.1, grip, 0.45 * h, -95, 95)
    if pen.chance(0.6):
        pen.arc(w * (1 + taper) / 2, -0.1, 0.6 * grip, 0.27 * h, -95, 95)
    for k in range(pen.count(1, 3) if pen.chance(0.5) else 0):
        x = -0.3 + 0.3 * k
        pen.curve((x, -h - 0.2), (x + 0.08, -h - 0.3), (x - 0.06, -h - 0.45), (x + 0.05, -h - 0.6))
    if pen.chance(0.4):
        pen.ellipse(0, 0.15, 0.18, 0.2)


def umbrella(pen: Pen) -> None:
    """Open, with three to five bays and a hook."""
    h, y = pen.between(0.7, 0.95), -0.05
    pen.turn(pen.between(-15, 15))
    pen.arc(0, y, 1, h, 180, 360)
    bays = pen.count(3, 5)
    for k in range(bays):
        x = -1 + (2 * k + 1) / bays
        pen.arc(x, y, 1 / bays, pen.between(0.1, 0.2), 180, 360)
    for k in range(1, bays) if pen.chance(0.6) else ():
        x = -1 + 2 * k / bays
        pen.curve((0, y - h), (0.75 * x, y - 0.5 * h), (x, y))
    pen.line((0, y - 0.1), (0, 0.8))
    hook = pen.between(0.1, 0.18)
    pen.arc(-hook, 0.8, hook, hook, 0, pen.between(150, 210))
    if pen.chance(0.6):
        pen.line((0, y - h), (0, y - h - 0.12))


def key(pen: Pen) -> None:
    """A ring, a shaft and a bit of two or three teeth, at any slant."""
    r, thin = pen.between(0.25, 0.38), pen.between(0.07, 0.12)
    pen.turn(pen.between(-50, 50))
    x = -0.95 + 2 * r
    pen.ellipse(x - r, 0, r, r * pen.between(0.85, 1.1))
    pen.ellipse(x - r * 1.2, 0, r * pen.between(0.3, 0.5))
    if pen.chance(0.6):
        pen.line((x - 0.02, -thin), (0.97, -thin), (0.97, thin), (x - 0.02, thin))
        base = thin
    else:
        pen.line((x, 0), (0.97, 0))
        base = 0.0
    for k in range(pen.count(2, 3)):
        left, deep = 0.84 - 0.2 * k, base + pen.between(0.13, 0.26)
        pen.line((left, base), (left, deep), (left + 0.1, deep), (left + 0.1, base))


def hat(pen: Pen) -> None:
    """A top hat or a felt hat, with a ribbon."""
    brim, w, h = pen.between(0.85, 1.0), pen.between(0.42, 0.58), pen.between(0.7, 1.1)
    if pen.chance(0.5):
        pen.ellipse(0, 0.5, brim, pen.between(0.14, 0.26))
        flare = pen.between(0.9, 1.15)
        pen.line((-w, 0.45), (-w * flare, 0.5 - h))
        pen.line((w, 0.45), (w * flare, 0.5 - h))
        pen.ellipse(0, 0.5 - h, w * flare, 0.13)
    else:
        pen.curve((-w, 0.4), (-0.9 * w, 0.45 - h), (0, 0.55 - h), (0.9 * w, 0.45 - h), (w, 0.4))
        pen.ellipse(0, 0.5, brim, pen.between(0.16, 0.28))
    if pen.chance(0.7):
        pen.arc(0, 0.22, w * 1.0, 0.12, 180, 0)
    if pen.chance(0.3):
        pen.loop((w, 0.2), (w + 0.25, 0.05), (w + 0.3, 0.3), (w, 0.24), (w + 0.2, 0.42))


def envelope(pen: Pen) -> None:
    """Closed, or open with its flap up."""
    w, h, deep = 1.0, pen.between(0.5, 0.7), pen.between(-0.1, 0.2)
    pen.box(-w, -h, w, h)
    if pen.chance(0.7):
        pen.line((-w, -h), (0, deep), (w, -h))
    else:
        pen.line((-w, -h), (0, -h - 0.45), (w, -h))
    if pen.chance(0.5):
        for side in SIDES:
            pen.line((side * w, h), (side * 0.25, deep - 0.08))
    if pen.chance(0.35):
        pen.ellipse(0, deep, 0.12)


def book(pen: Pen) -> None:
    """Open, with lines of text."""
    h, drop, w = pen.between(0.5, 0.7), pen.between(0.1, 0.25), pen.between(0.85, 1.0)
    lines = pen.count(0, 5)
    for side in SIDES:
        pen.curve((0, drop - h), (side * 0.4, -h - 0.05), (side * w, drop * 0.5 - h))
        pen.curve((0, drop + h), (side * 0.4, h - 0.05), (side * w, drop * 0.5 + h))
        pen.line((side * w, drop * 0.5 - h), (side * w, drop * 0.5 + h))
        for k in range(lines):
            y = drop * 0.6 - h + 2 * h * (k + 1) / (lines + 1)
            pen.line((side * 0.15, y + 0.03), (side * pen.between(0.6, 0.85) * w, y))
    pen.line((0, drop - h), (0, drop + h))


def glasses(pen: Pen) -> None:
    """Round or square lenses."""
    w, h, gap = pen.between(0.3, 0.4), pen.between(0.24, 0.36), pen.between(0.1, 0.18)
    square = pen.chance(0.3)
    for side in SIDES:
        x = side * (gap + w)
        if square:
            pen.box(x - w, -h, x + w, h)
        else:
            pen.ellipse(x, 0, w, h)
        edge = side * (gap + 2 * w)
        pen.line((edge, -0.1), (edge + side * pen.between(0.1, 0.25), -pen.between(0.15, 0.5)))
        for k in range(pen.count(0, 2)):
            pen.line((x - 0.12 + 0.12 * k, 0.05), (x + 0.02 + 0.12 * k, -0.13))
    pen.arc(0, 0, gap, pen.between(0.06, 0.14), 180, 360)


def cake(pen: Pen) -> None:
    """A round cake with icing and up to five candles."""
    w, top, base = pen.between(0.7, 0.9), pen.between(-0.3, -0.1), pen.between(0.6, 0.75)
    lip = pen.between(0.12, 0.22)
    pen.ellipse(0, top, w, lip)
    for side in SIDES:
        pen.line((side * w, top), (side * w, base))
    pen.arc(0, base, w, lip, 180, 0)
    if pen.chance(0.6):
        bays = pen.count(4, 7)
        wave = [
            (-w + 2 * w * k / (2 * bays), top + 0.2 + 0.16 * (k % 2)) for k in range(2 * bays + 1)
        ]
        pen.curve(*((x, y + lip * (1 - (x / w) ** 2)) for x, y in wave))
    elif pen.chance(0.7):
        pen.arc(0, (top + base) / 2, w, lip, 180, 0)
    candles = pen.count(1, 5)
    for k in range(candles):
        x = (k - (candles - 1) / 2) * 0.26
        high = top - pen.between(0.3, 0.42)
        pen.line((x - 0.03, top - 0.02), (x - 0.03, high), (x + 0.03, high), (x + 0.03, top - 0.02))
        pen.loop(
            (x, high - 0.18), (x + 0.05, high - 0.08), (x, high - 0.03), (x - 0.05, high - 0.08)
        )


def balloon(pen: Pen) -> None:
    """On a wavy string."""
    w, h = pen.between(0.45, 0.6), pen.between(0.55, 0.68)
    y = h - 1
    pen.loop(
        (0, -1),
        (w, y - 0.1),
        (0.55 * w, y + 0.75 * h),
        (0, y + h),
        (-0.55 * w, y + 0.75 * h),
        (-w, y - 0.1),
    )
    pen.polygon((0, y + h), (-0.07, y + h + 0.1), (0.07, y + h + 0.1))
    sway = pen.between(0.06, 0.16)
    start = y + h + 0.1
    steps = pen.count(3, 5)
    pen.curve(
        *((sway * (-1) ** k * (k > 0), start + (1.1 - start) * k / steps) for k in range(steps + 1))
    )
    if pen.chance(0.6):
        pen.arc(0, y, 0.65 * w, 0.7 * h, 190, 240)


THINGS: Mapping[str, Callable[[Pen], None]] = {
    "balloon": balloon,
    "book": book,
    "cake": cake,
    "cup": cup,
    "envelope": envelope,
    "glasses": glasses,
    "hat": hat,
    "key": key,
    "umbrella": umbrella,
}
