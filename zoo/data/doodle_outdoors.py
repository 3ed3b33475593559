"""How to draw houses and vehicles: one function a kind, on the page of ``zoo.data.doodle_pen``."""

from collections.abc import Callable, Mapping

from zoo.data.doodle_pen import Pen, polar


def house(pen: Pen) -> None:
    """A front with door, windows, roof and chimney."""
    w, eaves, over = pen.between(0.55, 0.8), pen.between(-0.3, 0.05), pen.between(0.0, 0.18)
    pen.box(-w, eaves, w, 1)
    ridge = pen.between(-1.0, -0.75)
    flat = pen.chance(0.25)
    if flat:
        inner = pen.between(0.4, 0.65) * w
        pen.line((-w - over, eaves), (-inner, ridge + 0.1), (inner, ridge + 0.1), (w + over, eaves))
    else:
        pen.line((-w - over, eaves), (0, ridge), (w + over, eaves))
    if over > 0.12:
        pen.line((-w - over, eaves), (w + over, eaves))
    door = pen.between(-0.5, 0.5) * w
    half, tall = pen.between(0.11, 0.17), pen.between(0.42, 0.55)
    pen.line((door - half, 1), (door - half, 1 - tall), (door + half, 1 - tall), (door + half, 1))
    if pen.chance(0.6):
        pen.dot(door + 0.6 * half, 1 - 0.45 * tall, 0.018)
    size = pen.between(0.1, 0.15)
    for x in (-0.6 * w, 0.6 * w):
        if abs(x - door) > half + size + 0.04 and pen.chance(0.8):
            _window(pen, x, eaves + pen.between(0.28, 0.36), size)
    if not flat and pen.chance(0.3):
        pen.ellipse(0, (ridge + eaves) / 2 + 0.08, 0.11)
    if pen.chance(0.5):
        x, slope = 0.55 * w, (eaves - ridge) / (w + over)
        top = ridge - pen.between(0.0, 0.12)
        pen.line((x - 0.1, ridge + slope * (x - 0.1)), (x - 0.1, top), (x + 0.08, top))
        pen.line((x + 0.08, top), (x + 0.08, ridge + slope * (x + 0.08)))
        if pen.chance(0.5):
            pen.curve(
                (x, top - 0.05), (x + 0.1, top - 0.15), (x, top - 0.22), (x + 0.15, top - 0.3)
            )


def _window(pen: Pen, x: float, y: float, size: float) -> None:
    pen.box(x - size, y - size, x + size, y + size)
    if pen.chance(0.5):
        pen.line((x, y - size), (x, y + size))
        pen.line((x - size, y), (x + size, y))


def boat(pen: Pen) -> None:
    """A hull with sails, or a steamer."""
    deck, keel, slant = pen.between(0.25, 0.45), pen.between(0.7, 0.95), pen.between(0.15, 0.4)
    pen.polygon((-1, deck), (1, deck), (1 - slant, keel), (-1 + slant, keel))
    if pen.chance(0.7):
        _sails(pen, deck)
    else:
        _steamer(pen, deck)
    for k in range(pen.count(2, 4) if pen.chance(0.4) else 0):
        pen.ellipse(-0.4 + 0.28 * k, (deck + keel) / 2, 0.07)
    if pen.chance(0.5):
        waves = pen.count(4, 7)
        pen.curve(
            *((-1.15 + 2.3 * k / (2 * waves), keel + 0.08 * (k % 2)) for k in range(2 * waves + 1))
        )


def _sails(pen: Pen, deck: float) -> None:
    mast, top = pen.between(-0.2, 0.2), pen.between(-1.0, -0.7)
    pen.line((mast, deck), (mast, top))
    foot = deck - pen.between(0.06, 0.2)
    peak = top + pen.between(0.0, 0.2)
    if pen.chance(0.5):
        pen.line((mast, peak), (pen.between(0.6, 0.85), foot), (mast, foot))
    else:
        pen.curve((mast, peak), (mast + 0.45, (peak + foot) / 2 - 0.1), (mast + 0.55, foot))
        pen.line((mast + 0.55, foot), (mast, foot))
    if pen.chance(0.55):
        pen.line((mast, peak + 0.15), (-pen.between(0.45, 0.7), foot), (mast, foot))
    if pen.chance(0.4):
        pen.line((mast, top), (mast - 0.25, top + 0.08), (mast, top + 0.16))


def _steamer(pen: Pen, deck: float) -> None:
    w, h = pen.between(0.4, 0.6), pen.between(0.25, 0.4)
    pen.line((-w, deck), (-w, deck - h), (w, deck - h), (w, deck))
    panes = pen.count(2, 4)
    for k in range(panes):
        pen.ellipse(-w + 2 * w * (k + 0.5) / panes, deck - 0.5 * h, 0.08)
    funnels = pen.count(1, 2)
    for k in range(funnels):
        x, top = 0.36 * (k - (funnels - 1) / 2), deck - h - pen.between(0.3, 0.5)
        pen.line((x - 0.1, deck - h), (x - 0.1, top), (x + 0.1, top), (x + 0.1, deck - h))
        pen.curve(
            (x, top - 0.06), (x + 0.16, top - 0.14), (x + 0.04, top - 0.24), (x + 0.3, top - 0.3)
        )


def car(pen: Pen) -> None:
    """From the side: saloon, estate or van."""
    roof, waist, floor = pen.between(-0.5, -0.3), pen.between(-0.12, 0.0), pen.between(0.28, 0.4)
    front, a, b, back = pen.pick(
        (-0.5, -0.25, 0.4, 0.65),  # saloon
        (-0.5, -0.22, 0.75, 0.98),  # estate
        (-0.85, -0.65, 0.8, 0.98),  # van
    )
    front, a, b = (
        front + pen.between(-0.06, 0.06),
        a + pen.between(-0.05, 0.08),
        b - pen.between(0, 0.1),
    )
    if pen.chance(0.75):
        pen.line(
            (-1, floor), (-1, waist + 0.08), (front, waist), (a, roof), (b, roof), (back, waist)
        )
        pen.line((back, waist), (1, waist + 0.05), (1, floor))
    else:
        pen.curve(
            (-1, floor), (-0.97, waist + 0.05), (front, waist), (a, roof), (b, roof), (back, waist)
        )
        pen.curve((back, waist), (1, waist + 0.08), (1, floor))
    r = pen.between(0.16, 0.23)
    wheels = (-0.56, pen.between(0.5, 0.6))
    for left, right in ((-1, wheels[0] - r), (wheels[0] + r, wheels[1] - r), (wheels[1] + r, 1)):
        pen.line((left, floor), (right, floor))
    hub = pen.between(0.3, 0.6) if pen.chance(0.7) else 0
    for x in wheels:
        pen.ellipse(x, floor, r)
        if hub:
            pen.ellipse(x, floor, r * hub)
    _car_windows(pen, (front + 0.12, a + 0.08), (b - 0.07, back - 0.12), roof + 0.08, waist)
    if pen.chance(0.5):
        pen.line(((a + b) / 2, waist), ((a + b) / 2, floor))
        pen.line(((a + b) / 2 + 0.08, waist + 0.12), ((a + b) / 2 + 0.18, waist + 0.12))
    if pen.chance(0.5):
        pen.ellipse(-0.93, waist + 0.18, 0.05)


def _car_windows(
    pen: Pen, front: tuple[float, float], back: tuple[float, float], top: float, base: float
) -> None:
    """A row of panes between two slanted ends, each end given by its x at the base and the top."""
    panes = pen.count(1, 3)
    low = [front[0] + (back[1] - front[0]) * k / panes for k in range(panes + 1)]
    high = [front[1] + (back[0] - front[1]) * k / panes for k in range(panes + 1)]
    for k in range(panes):
        left, right = 0.03 * (k > 0), 0.03 * (k < panes - 1)
        pen.polygon(
            *((low[k] + left, base), (high[k] + left, top)),
            *((high[k + 1] - right, top), (low[k + 1] - right, base)),
        )


def bicycle(pen: Pen) -> None:
    """From the side, with frame, handlebar and saddle."""
    r, y = pen.between(0.36, 0.42), 0.35
    back, front = (-0.6, y), (0.6, y)
    crank = (pen.between(-0.08, 0.02), y + 0.02)
    seat, head = (-0.25, pen.between(-0.25, -0.1)), (0.42, pen.between(-0.28, -0.15))
    spokes = pen.pick(0, 0, 0, 3, 4)
    for x, hub in (back, front):
        pen.ellipse(x, hub, r)
        for k in range(spokes):
            pen.line(polar(x, hub, r, 180 * k / spokes), polar(x, hub, r, 180 * k / spokes + 180))
    pen.polygon(back, seat, crank)
    pen.line(seat, head)
    pen.line(crank, head)
    grip = (head[0] - 0.06, head[1] - pen.between(0.2, 0.3))
    pen.line(front, head, grip)
    if pen.chance(0.5):
        pen.curve((grip[0] - 0.18, grip[1] - 0.02), grip, (grip[0] + 0.16, grip[1] + 0.08))
    else:
        pen.curve(grip, (grip[0] + 0.2, grip[1] - 0.02), (grip[0] + 0.12, grip[1] + 0.16))
    pen.line(seat, (seat[0] - 0.04, seat[1] - 0.14))
    pen.ellipse(seat[0] - 0.05, seat[1] - 0.17, 0.15, 0.04)
    if pen.chance(0.5):
        pen.ellipse(*crank, 0.07)


OUTDOORS: Mapping[str, Callable[[Pen], None]] = {
    "bicycle": bicycle,
    "boat": boat,
    "car": car,
    "house": house,
}
