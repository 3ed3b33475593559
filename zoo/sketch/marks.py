"""Marks of a pen, lines and filled areas, drawn as sharply or softly as the pen does."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from zoo.sketch.pen import Pen

_SAMPLES = 4  # of an area's outline, a pixel and axis
_SHIFT = 4  # OpenCV takes coordinates as integers with this many fractional bits
_EDGE = 4.0  # standard deviations of an edge's softness in which it fades to nothing


@dataclass(frozen=True, eq=False)
class Line:
    """A stroke.

    Attributes:
        points: (n, 2) float32 x, y in pixels; integers are pixel centres. One point is a dot.
        widths: (n,) float32 in pixels.
    """

    points: np.ndarray
    widths: np.ndarray


@dataclass(frozen=True, eq=False)
class Area:
    """A filled shape.

    Attributes:
        outlines: Closed outlines, (n, 2) float32 as a line's points; what lies within an even
            number of them is not filled.
    """

    outlines: tuple[np.ndarray, ...]


Mark = Line | Area


def draw_marks(marks: Sequence[Mark], pen: Pen, rows: slice, columns: slice) -> np.ndarray:
    """Ink of marks in a window of a picture.

    Args:
        marks: What is drawn.
        pen: Its softness and strength are theirs.
        rows: Of the window; ``start`` and ``stop`` say all.
        columns: The same.

    Returns:
        (height, width) of the window, float32 in [0, 1].
    """
    origin = np.array([columns.start, rows.start])
    shape = (rows.stop - rows.start, columns.stop - columns.start)
    lines = [Line(mark.points - origin, mark.widths) for mark in marks if isinstance(mark, Line)]
    outlines = [o - origin for mark in marks if isinstance(mark, Area) for o in mark.outlines]
    ink = _lines(lines, pen, shape)
    return np.maximum(ink, _areas(outlines, pen, shape)) if outlines else ink


def _lines(lines: Sequence[Line], pen: Pen, shape: tuple[int, int]) -> np.ndarray:
    # Of the line whose edge is nearest: how far away its middle is, and its width there.
    distance, width = np.full(shape, np.inf), np.ones(shape)
    for line in lines:
        ends = np.concatenate([line.points, line.points[-1:]])
        widths = np.concatenate([line.widths, line.widths[-1:]])
        margin = float(widths.max()) / 2 + _EDGE * pen.softness + 1
        for a, b, first, last in zip(ends, ends[1:], widths, widths[1:], strict=False):
            (left, top), (right, bottom) = np.minimum(a, b) - margin, np.maximum(a, b) + margin
            x, y = (
                slice(max(0, int(low)), max(0, min(size, int(high) + 1)))
                for low, high, size in ((left, right, shape[1]), (top, bottom, shape[0]))
            )
            if x.start >= x.stop or y.start >= y.stop:
                continue
            dx = np.arange(x.start, x.stop) - a[0]
            dy = np.arange(y.start, y.stop)[:, None] - a[1]
            along = (b - a).astype(np.float64)
            share = ((dx * along[0] + dy * along[1]) / max(along @ along, 1e-9)).clip(0, 1)
            away = np.hypot(dx - share * along[0], dy - share * along[1])
            wide = first + share * (last - first)
            nearer = away - wide / 2 < distance[y, x] - width[y, x] / 2
            distance[y, x][nearer], width[y, x][nearer] = away[nearer], wide[nearer]
    ink = np.zeros(shape, np.float32)
    near = np.isfinite(distance)
    ink[near] = pen.ink(distance[near], width[near])
    return ink


def _areas(outlines: Sequence[np.ndarray], pen: Pen, shape: tuple[int, int]) -> np.ndarray:
    fine = np.zeros((shape[0] * _SAMPLES, shape[1] * _SAMPLES), np.uint8)
    unit = _SAMPLES * (1 << _SHIFT)
    corners = [np.rint((o + 0.5) * unit - 0.5 * (1 << _SHIFT)).astype(np.int32) for o in outlines]
    cv2.fillPoly(fine, corners, 255, shift=_SHIFT)
    ink = cv2.resize(fine, shape[::-1], interpolation=cv2.INTER_AREA) / np.float32(255)
    return pen.strength * cv2.GaussianBlur(ink, (0, 0), pen.softness)
