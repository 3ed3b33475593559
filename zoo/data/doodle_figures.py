"""How to draw figures with a face: one function a kind, on the page of ``zoo.data.doodle_pen``."""

from collections.abc import Callable, Mapping

from zoo.data.doodle_pen import SIDES, Pen, eyes, polar


def face(pen: Pen) -> None:
    """A head from the front: eyes, nose, mouth, brows, ears and a haircut, most optional."""
    w, h = pen.between(0.65, 0.9), pen.between(0.8, 1.0)
    pen.ellipse(0, 0, w, h)
    apart, eye_y, size = pen.between(0.3, 0.45) * w, -pen.between(0.1, 0.32) * h, 0.12
    eyes(pen, apart, eye_y, pen.between(0.8, 1.2) * size)
    if pen.chance(0.4):
        lift = pen.between(-0.06, 0.06)
        for side in SIDES:
            x = side * apart
            pen.line((x - 0.14, eye_y - 0.22 + side * lift), (x + 0.14, eye_y - 0.22 - side * lift))
    nose = pen.pick("none", "hook", "wedge", "round")
    if nose == "hook":
        pen.curve((0, eye_y + 0.1), (-0.02, 0.08), (-0.1, 0.2), (0.05, 0.22))
    elif nose == "wedge":
        pen.line((0.02, eye_y + 0.15), (-0.1, 0.2), (0.08, 0.2))
    elif nose == "round":
        pen.ellipse(0, 0.12, 0.08, 0.07)
    _mouth(pen, pen.between(0.35, 0.55) * w, pen.between(0.4, 0.52) * h)
    _hair(pen, w, h)
    if pen.chance(0.35):
        for side in SIDES:
            outwards = 90 - 90 * side
            pen.arc(side * w, 0, 0.14, 0.2, outwards - 105, outwards + 105)


def _mouth(pen: Pen, w: float, y: float) -> None:
    style = pen.pick("smile", "smile", "grin", "flat", "sad", "open")
    if style == "smile":
        pen.arc(0, y - 0.15, w, pen.between(0.2, 0.35), 165, 15)
    elif style == "grin":
        pen.arc(0, y - 0.1, w, 0.3, 180, 0)
        pen.line((-w, y - 0.1), (w, y - 0.1))
    elif style == "flat":
        pen.line((-w, y), (w, y))
    elif style == "sad":
        pen.arc(0, y + 0.15, w, 0.25, 200, 340)
    else:
        pen.ellipse(0, y, 0.5 * w, pen.between(0.08, 0.18))


def _hair(pen: Pen, w: float, h: float) -> None:
    style = pen.pick("none", "spikes", "long", "fringe", "curls")
    if style == "spikes":
        for k in range(count := pen.count(4, 9)):
            angle = 210 + 120 * k / (count - 1) + pen.between(-5, 5)
            x, y = polar(0, 0, 1, angle)
            long = pen.between(1.15, 1.3)
            pen.line((x * w, y * h), (x * w * long, y * h * long))
    elif style == "long":
        drop = pen.between(0.5, 1.0)
        for side in SIDES:
            pen.curve(
                (0, -h), (side * w * 0.8, -0.75 * h), (side * w * 1.12, 0), (side * w * 1.2, drop)
            )
    elif style == "fringe":
        pen.curve((-0.9 * w, -0.4 * h), (-0.2 * w, -0.55 * h), (0.4 * w, -0.9 * h))
        pen.curve((0.4 * w, -0.9 * h), (0.6 * w, -0.55 * h), (0.92 * w, -0.35 * h))
    elif style == "curls":
        for k in range(count := pen.count(4, 7)):
            x, y = polar(0, 0, 1, 200 + 140 * k / (count - 1))
            pen.ellipse(x * w, y * h, pen.between(0.12, 0.18))


def person(pen: Pen) -> None:
    """A stick figure, or one in a dress or a shirt."""
    r, hip, x = pen.between(0.18, 0.27), pen.between(0.15, 0.35), pen.between(0.2, 0.4)
    neck = -0.95 + 2 * r
    pen.ellipse(0, -0.95 + r, r)
    if pen.chance(0.5):
        pen.dot(-0.35 * r, -1.0 + r, 0.015)
        pen.dot(0.35 * r, -1.0 + r, 0.015)
        pen.arc(0, -0.92 + r, 0.5 * r, 0.5 * r, 150, 30)
    style = pen.pick("stick", "stick", "dress", "shirt")
    w = pen.between(0.16, 0.24)
    if style == "stick":
        pen.line((0, neck), (0, hip))
    elif style == "dress":
        pen.polygon((0, neck), (-1.6 * w, hip + 0.15), (1.6 * w, hip + 0.15))
    else:
        pen.box(-w, neck + 0.03, w, hip)
    shoulder = neck + pen.between(0.08, 0.18)
    for side in SIDES:
        edge = side * w if style == "shirt" else 0.0
        hand = pen.between(-0.3, 0.35)
        if pen.chance(0.5):
            pen.line((edge, shoulder), (side * pen.between(0.45, 0.6), shoulder + hand))
        else:
            pen.line((edge, shoulder), (side * 0.38, shoulder + 0.25), (side * 0.55, hand))
        start = 0.0 if style == "stick" else side * 0.5 * w
        pen.line((start, hip + 0.15 * (style == "dress")), (side * x, 0.98))
        if pen.chance(0.6):
            pen.line((side * x, 0.98), (side * (x + 0.15), 0.98))


def snowman(pen: Pen) -> None:
    """Two or three balls with arms, buttons, hat and scarf."""
    r, ratio = pen.between(0.42, 0.5), pen.between(0.62, 0.75)
    balls = pen.count(2, 3)
    y, top = 1 - r, r
    for k in range(balls):
        pen.ellipse(0, y, r * pen.between(0.95, 1.1), r)
        if k < balls - 1:
            if k or balls == 2:
                _arms(pen, y, r)
            y -= r + r * ratio
            r *= ratio
            top = r
    for side in SIDES:
        pen.dot(side * 0.38 * top, y - 0.25 * top, 0.025)
    pen.line((0, y), (0.9 * top, y + 0.1), (0, y + 0.14))
    if pen.chance(0.7):
        pen.arc(0, y + 0.35 * top, 0.45 * top, 0.28 * top, 160, 20)
    if pen.chance(0.6):
        brim, hat = 0.95 * top, y - 0.8 * top
        pen.line((-brim, hat), (brim, hat))
        pen.line(
            (-0.55 * top, hat), (-0.55 * top, hat - top), (0.55 * top, hat - top), (0.55 * top, hat)
        )
    if pen.chance(0.4):
        pen.arc(0, y + 0.75 * top, 0.75 * top, 0.25 * top, 170, 10)
        pen.line((0.4 * top, y + 0.95 * top), (0.5 * top, y + 1.7 * top))


def _arms(pen: Pen, y: float, r: float) -> None:
    for side in SIDES:
        tip = (side * (r + pen.between(0.35, 0.5)), y - pen.between(0.0, 0.45))
        pen.line((side * r * 0.95, y - 0.1 * r), tip)
        pen.line((tip[0] - side * 0.12, tip[1] + 0.03), (tip[0] + side * 0.02, tip[1] - 0.12))
    for k in range(pen.count(0, 3)):
        pen.dot(0, y + (k - 1) * 0.4 * r, 0.025)


FIGURES: Mapping[str, Callable[[Pen], None]] = {
    "face": face,
    "person": person,
    "snowman": snowman,
}
