"""How to draw furniture: one function a kind, on the page of ``zoo.data.doodle_pen``."""

from collections.abc import Callable, Mapping

from zoo.data.doodle_pen import SIDES, Pen, polar


def chair(pen: Pen) -> None:
    """Four legs and a back in perspective, a side view, or an armchair."""
    w, seat, deep = pen.between(0.4, 0.55), pen.between(0.0, 0.2), pen.between(0.15, 0.32)
    left, right = -w, w - 0.1
    style = pen.pick("four legs", "four legs", "side view", "armchair")
    if style == "side view":
        pen.line((left, -1), (left, 1))
        pen.line((left, seat), (right, seat), (right, 1))
        if pen.chance(0.5):
            pen.line((left, seat + 0.4), (right, seat + 0.4))
        return
    if style == "armchair":
        _armchair(pen, w, seat)
        return
    pen.polygon(
        (left, seat), (right, seat), (right + deep, seat + deep), (left + deep, seat + deep)
    )
    pen.line((left, seat), (left, -1), (right, -1), (right, seat))
    bars = pen.count(0, 4)
    upright = pen.chance(0.5)
    for k in range(1, bars + 1):
        part = k / (bars + 1)
        if upright:
            x = left + (right - left) * part
            pen.line((x, -1), (x, seat))
        else:
            y = -1 + (seat + 1) * part
            pen.line((left, y), (right, y))
    for x, y, foot in (
        (left, seat, 0.8),
        (left + deep, seat + deep, 1.0),
        (right + deep, seat + deep, 1.0),
        (right, seat + deep, 0.8),
    ):
        pen.line((x, y), (x, foot))


def _armchair(pen: Pen, w: float, seat: float) -> None:
    back, arm, foot = pen.between(-0.9, -0.6), seat - pen.between(0.15, 0.3), pen.between(0.7, 0.85)
    pen.curve(
        (-w, arm), (-w, back + 0.2), (-0.6 * w, back), (0.6 * w, back), (w, back + 0.2), (w, arm)
    )
    for side in SIDES:
        inner, outer = side * w * 0.9, side * (w + 0.24)
        pen.arc((inner + outer) / 2, arm + 0.12, abs(outer - inner) / 2, 0.14, 180, 360)
        pen.line((outer, arm + 0.12), (outer, foot))
        pen.line((inner, arm + 0.12), (inner, foot))
        pen.line((outer - side * 0.08, foot), (outer - side * 0.08, 1))
    pen.line((-0.9 * w, seat + 0.1), (0.9 * w, seat + 0.1))
    if pen.chance(0.6):
        pen.line((-0.9 * w, seat + 0.3), (0.9 * w, seat + 0.3))
    pen.line((-w - 0.24, foot), (w + 0.24, foot))


def table(pen: Pen) -> None:
    """In perspective or from the side, sometimes with a flower in a vase."""
    top, deep, thick = pen.between(-0.4, -0.1), pen.between(0.15, 0.35), pen.between(0.05, 0.12)
    slant, foot = pen.between(0.15, 0.3), pen.between(0.55, 0.8)
    if pen.chance(0.6):
        pen.polygon((-1 + slant, top), (1 - slant, top), (1, top + deep), (-1, top + deep))
        for x in (-0.97, 0.97):
            pen.line((x, top + deep), (x, foot))
        for x in (-0.75 + 0.3 * slant, 0.75 - 0.3 * slant):
            pen.line((x, top + deep), (x, foot - 0.2))
    else:
        pen.box(-1, top, 1, top + thick)
        for side in SIDES:
            pen.line((side * 0.88, top + thick), (side * 0.88, foot))
            pen.line((side * 0.74, top + thick), (side * 0.74, foot), (side * 0.88, foot))
        if pen.chance(0.5):
            pen.line((-0.74, foot - 0.25), (0.74, foot - 0.25))
    if pen.chance(0.4):
        x = pen.between(-0.4, 0.4)
        pen.box(x - 0.1, top - 0.3, x + 0.1, top)
        pen.curve((x, top - 0.3), (x + 0.02, top - 0.45), (x + 0.1, top - 0.6))
        pen.ellipse(x + 0.1, top - 0.68, 0.1)


def bed(pen: Pen) -> None:
    """From the side or from above, with pillows and a blanket."""
    if pen.chance(0.3):
        _bed_from_above(pen)
        return
    top, head, foot = pen.between(-0.1, 0.1), pen.between(-0.6, -0.4), pen.between(-0.25, 0.0)
    base = top + pen.between(0.25, 0.4)
    pen.line((-1, head), (-1, base + 0.3))
    pen.line((1, foot), (1, base + 0.3))
    pen.line((-1, top), (1, top))
    pen.line((-1, base), (1, base))
    pen.ellipse(-0.72, top - 0.1, 0.24, 0.11)
    if pen.chance(0.6):
        pen.line((-0.4, top), (-0.4, base))
        for k in range(pen.count(0, 4)):
            pen.line((-0.1 + 0.28 * k, top), (-0.2 + 0.28 * k, base))
    if pen.chance(0.5):
        pen.line((-1, head), (-1.12, head), (-1.12, base + 0.3), (-1, base + 0.3))
    if pen.chance(0.4):
        pen.curve((-0.5, top), (-0.2, top - 0.22), (0.4, top - 0.2), (0.95, top - 0.02))


def _bed_from_above(pen: Pen) -> None:
    w, top, fold = pen.between(0.6, 0.8), pen.between(-1, -0.85), pen.between(-0.4, -0.15)
    pen.box(-w, top, w, 1)
    pillows = pen.count(1, 2)
    for k in range(pillows):
        x = (k - (pillows - 1) / 2) * w
        half = 0.4 * w if pillows == 2 else 0.6 * w
        pen.loop(
            *((x - half, top + 0.12), (x, top + 0.15), (x + half, top + 0.12)),
            *((x + half, top + 0.4), (x, top + 0.37), (x - half, top + 0.4)),
        )
    pen.curve((-w, fold), (-0.3 * w, fold + 0.05), (0.3 * w, fold - 0.04), (w, fold))
    if pen.chance(0.6):
        pen.line((-w, fold + 0.15), (w, fold + 0.15))
    for k in range(1, pen.count(0, 3) + 1):
        pen.line((-w, fold + 0.15 + 0.28 * k), (w, fold + 0.15 + 0.28 * k))


def ladder(pen: Pen) -> None:
    """Two rails and four to eight rungs, leaning."""
    low, high = pen.between(0.28, 0.42), pen.between(0.2, 0.28)
    pen.turn(pen.between(-20, 20))
    for side in SIDES:
        pen.line((side * high, -1), (side * low, 1))
    rungs = pen.count(4, 8)
    for k in range(rungs):
        y = -0.85 + 1.7 * k / (rungs - 1)
        x = high + (low - high) * (y + 1) / 2
        pen.line((-x, y), (x, y))


def lamp(pen: Pen) -> None:
    """A table lamp: a shade on a straight or a bulbous foot."""
    top, bottom, base = pen.between(0.25, 0.4), pen.between(0.6, 0.8), pen.between(0.35, 0.5)
    shade = pen.between(-0.2, 0.0)
    pen.polygon((-top, -1), (top, -1), (bottom, shade), (-bottom, shade))
    if pen.chance(0.5):
        pen.line((-0.04, shade), (-0.04, 0.85))
        pen.line((0.04, shade), (0.04, 0.85))
    else:
        pen.curve((-0.08, shade), (-0.28, 0.35), (-0.12, 0.85))
        pen.curve((0.08, shade), (0.28, 0.35), (0.12, 0.85))
    pen.box(-base, 0.85, base, pen.between(0.93, 1.0))
    if pen.chance(0.5):
        pen.line((0.3, shade), (0.3, shade + 0.28))
        pen.dot(0.3, shade + 0.3, 0.03)
    for k in range(pen.count(2, 5) if pen.chance(0.4) else 0):
        x = -0.5 + 0.25 * k
        pen.line((x * top, -1), (x * bottom, shade))


def clock(pen: Pen) -> None:
    """A face with hands and marks; some are alarm clocks."""
    pen.ellipse(0, 0, 0.9)
    if pen.chance(0.4):
        pen.ellipse(0, 0, 0.8)
    marks = pen.pick(0, 4, 12, 12)
    for k in range(marks):
        angle = 360 * k / marks
        pen.line(polar(0, 0, 0.66, angle), polar(0, 0, 0.76, angle))
    hour = pen.between(0, 360)
    pen.line((0, 0), polar(0, 0, pen.between(0.3, 0.4), hour))
    pen.line((0, 0), polar(0, 0, pen.between(0.52, 0.64), hour * 12))
    pen.dot(0, 0, 0.03)
    if pen.chance(0.35):
        for side in SIDES:
            bell = polar(0, 0, 1.08, 270 + side * 38)
            pen.arc(*bell, 0.28, 0.2, 180, 360, side * 38)
            pen.line(polar(0, 0, 0.92, 90 + side * 30), polar(0, 0, 1.15, 90 + side * 30))


FURNITURE: Mapping[str, Callable[[Pen], None]] = {
    "bed": bed,
    "chair": chair,
    "clock": clock,
    "ladder": ladder,
    "lamp": lamp,
    "table": table,
}
