"""A hand that holds a pen: primitives that record strokes, and the hand's unsteadiness.

Drawings live on a page of about [-1, 1] x [-1, 1], x to the right, y downwards. Angles are in
degrees, 0 to the right, 90 downwards.
"""

import math
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Point = tuple[float, float]
Points = npt.NDArray[np.float64]
T = TypeVar("T")

SIDES = (-1, 1)  # left and right
SPACING = 1 / 30  # between the points of a stroke: 1/60 of the page
_BOW = 0.016  # amplitudes of the hand's errors, in page units, at wobble 1
_DRIFT = 0.013
_TREMOR = 0.0035
_MISPLACE = 0.011
_MISSIZE = 0.035  # relative
_CLOSE = (-0.045, 0.065)  # gap or overlap of a closed shape, as a share of its outline


def polar(x: float, y: float, radius: float, angle: float) -> Point:
    """The point at ``radius`` and ``angle`` (degrees) from ``(x, y)``."""
    turn = math.radians(angle)
    return x + radius * math.cos(turn), y + radius * math.sin(turn)


class Pen:
    """Records the strokes of one drawing.

    All chance comes from ``rng.random()``, in an order that does not depend on ``wobble``: the same
    generator gives the same drawing, only steadier or shakier.

    Args:
        rng: Where all chance comes from.
        wobble: Unsteadiness of the hand; 0 draws exact geometry, 1 is a person's.
    """

    def __init__(self, rng: np.random.Generator, wobble: float) -> None:
        self._rng = rng
        self._strokes: list[Points] = []
        self._wobble = wobble * self.between(0.5, 1.4)
        self._angle = self.between(-5, 5)
        self._stretch = self.between(0.88, 1.12) * (1 if self.chance(0.5) else -1)

    def between(self, low: float, high: float) -> float:
        """A number in [low, high)."""
        return low + (high - low) * self._rng.random()

    def count(self, low: int, high: int) -> int:
        """A whole number in [low, high]."""
        return low + int((high - low + 1) * self._rng.random())

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self._rng.random() < probability

    def pick(self, *choices: T) -> T:
        """One of the choices."""
        return choices[self.count(0, len(choices) - 1)]

    def turn(self, degrees: float) -> None:
        """Turn the finished drawing on the page."""
        self._angle += degrees

    def line(self, *points: Point) -> None:
        """Straight from point to point, in one stroke."""
        self._strokes.append(_straight(points))

    def curve(self, *points: Point) -> None:
        """A smooth open curve through the points."""
        self._strokes.append(_smooth(points[:1] + points + points[-1:]))

    def loop(self, *points: Point) -> None:
        """A smooth closed curve through the points."""
        self._close(_smooth((points[-1], *points, *points[:2])))

    def polygon(self, *points: Point) -> None:
        """A closed shape with corners: one stroke, or sometimes one for each side."""
        first = self.count(0, len(points) - 1)
        corners = (*points[first:], *points[: first + 1])
        if len(points) <= 4 and self.chance(0.3):
            for side in pairwise(corners):
                self.line(*side)
        else:
            self._close(_straight(corners))

    def box(self, left: float, top: float, right: float, bottom: float) -> None:
        """A rectangle."""
        self.polygon((left, top), (right, top), (right, bottom), (left, bottom))

    def ellipse(self, x: float, y: float, rx: float, ry: float = 0, tilt: float = 0) -> None:
        """An ellipse around ``(x, y)``; a circle if only one radius is given."""
        start = self.between(0, 360)
        self._close(_arc(x, y, rx, ry or rx, start, start + self.pick(-360, 360), tilt))

    def arc(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        start: float,
        end: float,
        tilt: float = 0,
    ) -> None:
        """A part of an ellipse around ``(x, y)``, between two angles."""
        self._strokes.append(_arc(x, y, rx, ry, start, end, tilt))

    def dot(self, x: float, y: float, size: float = 0.02) -> None:
        """A small blob: the pen goes round nearly one and a half times."""
        start = self.between(0, 360)
        self._strokes.append(_arc(x, y, size, size, start, start + 500, 0))

    def finish(self) -> tuple[np.ndarray, ...]:
        """The strokes of the drawing, each (n, 2) float32 in page units, n >= 2."""
        lengths = [len(stroke) for stroke in self._strokes]
        points = np.concatenate(self._strokes)
        turn = math.radians(self._angle)
        cos, sin = math.cos(turn), math.sin(turn)
        points[:, 0] *= self._stretch
        points = points @ np.array([[cos, sin], [-sin, cos]])
        if self._wobble:
            points = _shake(points, np.array(lengths), self._rng, self._wobble)
        return tuple(np.split(points.astype(np.float32), np.cumsum(lengths)[:-1]))

    def _close(self, outline: Points) -> None:
        """Add a closed outline that misses its start: it stops short, or goes on past it."""
        rest = round(len(outline) * self.between(*_CLOSE) * self._wobble)
        if rest < 0:
            outline = outline[:rest]
        elif rest > 0:
            outline = np.concatenate([outline, outline[1 : rest + 1]])
        self._strokes.append(outline)


def eyes(pen: Pen, apart: float, y: float, size: float) -> None:
    """A pair of eyes at ``(-apart, y)`` and ``(apart, y)``: dots, rings, or rings with pupils."""
    style = pen.pick("dot", "ring", "pupil")
    for side in SIDES:
        if style == "dot":
            pen.dot(side * apart, y, 0.35 * size)
        else:
            pen.ellipse(side * apart, y, size, size * pen.between(0.8, 1.2))
        if style == "pupil":
            pen.dot(side * apart, y, 0.25 * size)


def _steps(points: tuple[Point, ...]) -> tuple[npt.NDArray[np.intp], Points]:
    """Segment number and position in it, in [0, 1), of evenly spaced points along a polyline."""
    counts = [max(1, math.ceil(math.dist(a, b) / SPACING)) for a, b in pairwise(points)]
    segment = np.repeat(np.arange(len(counts)), counts)
    position = np.concatenate([_FRACTIONS[n] if n < 64 else np.arange(n) / n for n in counts])
    return segment, position[:, None]


_FRACTIONS = [np.arange(n) / max(n, 1) for n in range(64)]


def _straight(points: tuple[Point, ...]) -> Points:
    segment, t = _steps(points)
    corner = np.array(points)
    path = corner[segment] + t * (corner[1:] - corner[:-1])[segment]
    return np.concatenate([path, corner[-1:]])


def _smooth(points: tuple[Point, ...]) -> Points:
    """Catmull-Rom spline through all points but the first and the last, which only bend it."""
    segment, t = _steps(points[1:-1])
    knot = np.array(points)
    a, b, c, d = knot[:-3], knot[1:-2], knot[2:-1], knot[3:]
    cubic = (3 * (b - c) + d - a)[segment]
    square = (2 * a - 5 * b + 4 * c - d)[segment]
    path = b[segment] + 0.5 * t * ((c - a)[segment] + t * (square + t * cubic))
    return np.concatenate([path, knot[-2:-1]])


def _arc(x: float, y: float, rx: float, ry: float, start: float, end: float, tilt: float) -> Points:
    sweep = math.radians(abs(end - start))
    steps = max(math.ceil(sweep * (rx + ry) / 2 / SPACING), math.ceil(sweep / 0.5), 1)
    angle = np.linspace(math.radians(start), math.radians(end), steps + 1)
    cos, sin, turn = rx * np.cos(angle), ry * np.sin(angle), math.radians(tilt)
    return np.stack(
        [
            x + cos * math.cos(turn) - sin * math.sin(turn),
            y + cos * math.sin(turn) + sin * math.cos(turn),
        ],
        axis=1,
    )


def _shake(
    points: Points, lengths: npt.NDArray[np.intp], rng: np.random.Generator, wobble: float
) -> Points:
    """What a hand does to exact strokes, all strokes (of ``lengths`` points) at once.

    Every stroke is a little off in place and size, bent as a whole, drifts smoothly and trembles.
    Errors shrink with the stroke: people draw an eye more carefully than a head.
    """
    count, ends = len(lengths), np.cumsum(lengths)
    starts, owner = ends - lengths, np.repeat(np.arange(count), lengths)
    step = np.zeros(len(points))
    step[1:] = np.hypot(*(points[1:] - points[:-1]).T)
    travelled = np.cumsum(step)
    along = travelled - travelled[starts][owner]
    length = along[ends - 1]
    care = wobble * np.minimum(1, length / 1.5) ** 0.7

    centre = np.add.reduceat(points, starts) / lengths[:, None]
    size = 1 + _MISSIZE * wobble * _spread(rng, (count, 1))
    shift = _MISPLACE * np.maximum(care, 0.4 * wobble)[:, None] * _spread(rng, (count, 2))
    moved = points * size[owner] + (centre * (1 - size) + shift)[owner]

    # Waves along the stroke: half a wave over its whole length, and two of fixed wavelength.
    wave = np.stack([0.5 / np.maximum(length, SPACING), np.full(count, 0.8), np.full(count, 2.1)])
    height = np.stack([_BOW * care, _DRIFT * care, 0.5 * _DRIFT * care]).T[:, :, None]
    height = height * (1 + _spread(rng, (count, 3, 2)))
    phase = along[:, None] * wave.T[owner]
    waves = np.sin(2 * math.pi * (phase[:, :, None] + rng.random((count, 3, 2))[owner]))
    drift: Points = (height[owner] * waves).sum(axis=1)
    tremor = _TREMOR * care[owner][:, None] * _spread(rng, points.shape)
    return moved + drift + tremor


def _spread(rng: np.random.Generator, shape: tuple[int, ...]) -> Points:
    """Uniform numbers in [-1, 1)."""
    return 2 * rng.random(shape) - 1
