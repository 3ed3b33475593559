"""Mask family ``strokes``: paths of a brush, drawn by a wandering hand.

Paper: Yu et al. 2019, Free-Form Image Inpainting with Gated Convolution.
"""

import math
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from zoo.contracts.mask import Arrival, MaskFamily
from zoo.sketch.options import StrokesOptions
from zoo.sketch.shapes import some_ink

_STEPS_PER_SEGMENT = 3
_TURN = 0.6  # radians from one segment to the next, standard deviation
_LENGTHS = (1 / 8, 1 / 3)  # of a segment, as fractions of the shorter side
_SHIFT = 4  # OpenCV takes coordinates as integers with this many fractional bits.

Point = tuple[float, float]


def build(options: StrokesOptions) -> MaskFamily:
    """Paths of a brush, all started at once; the hole grows along them."""

    def family(
        rng: np.random.Generator,
        ink: np.ndarray,
        strokes: Sequence[np.ndarray] | None,
        progress: float,
    ) -> Arrival:
        height, width = ink.shape
        short = min(height, width)
        marks: list[tuple[float, list[int], list[int], int]] = []
        for _ in range(rng.integers(options.paths_min, options.paths_max, endpoint=True)):
            segments = int(rng.integers(options.segments_min, options.segments_max, endpoint=True))
            # Plain numbers: the paths are too short for arrays to pay.
            thick, down, right = rng.random(3).tolist()
            brush = options.width_min + thick * (options.width_max - options.width_min)
            row, column = some_ink(rng, ink)
            # A path that starts on the line itself would tell where the line is.
            start = (row + (down - 0.5) * short / 2, column + (right - 0.5) * short / 2)
            points = [
                [_pixel(x, width - 1), _pixel(y, height - 1)]
                for y, x in _wander(rng, start, segments, short)
            ]
            thickness, last = max(1, round(brush * short)), len(points) - 1
            marks.append((0.0, points[0], points[0], thickness))
            marks += [
                (i / last, points[i - 1], points[i], thickness) for i in range(1, len(points))
            ]
        at = np.full(ink.shape, 2, np.float32)
        # Latest first: whatever came earlier is drawn over it.
        for time, a, b, thickness in sorted(marks, reverse=True):
            cv2.line(at, a, b, time, thickness, cv2.LINE_8, _SHIFT)
        return Arrival(at)

    return family


def _wander(rng: np.random.Generator, start: Point, segments: int, short: int) -> Iterator[Point]:
    """Rows and columns, evenly dense, of a path that may leave the image."""
    (y, x), (least, most) = start, _LENGTHS
    heading, *lengths = rng.random(segments + 1).tolist()
    heading *= 2 * math.pi
    yield y, x
    for turn, length in zip(rng.normal(0, _TURN, segments).tolist(), lengths, strict=True):
        heading += turn
        step = (least + length * (most - least)) * short / _STEPS_PER_SEGMENT
        for _ in range(_STEPS_PER_SEGMENT):
            y, x = y + step * math.sin(heading), x + step * math.cos(heading)
            yield y, x


def _pixel(place: float, last: int) -> int:
    """A place on an axis as OpenCV takes it, mirrored at the borders as a ball is."""
    inside = last - abs(place % (2 * max(last, 1)) - last)
    return round(max(0.0, inside) * (1 << _SHIFT))
