"""From pen strokes to ink."""

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise

import cv2
import numpy as np

from zoo.errors import UsageError
from zoo.sketch.levels import ink_of_levels

_SHIFT = 4  # OpenCV takes coordinates as integers with this many fractional bits.
_SUPERSAMPLING = 4


def default_pen(size: int) -> float:
    """Pen width in pixels for an image whose shorter side is ``size``: 1 at 64, 2 at 128."""
    return max(1.0, 1.0 + math.log2(size / 64))


def default_margin(size: int) -> float:
    """Margin in pixels for an image whose shorter side is ``size``."""
    return size / 40


def fit_strokes(
    strokes: Sequence[np.ndarray], height: int, width: int, margin: float
) -> tuple[np.ndarray, ...]:
    """Scale a drawing's bounding box into the image, its aspect kept, and centre it.

    Args:
        strokes: (n, 2) arrays of x, y in any unit, y downwards, all finite.
        height: Of the image, in pixels.
        width: Of the image, in pixels.
        margin: Pixels from the image's outermost pixel centres to the bounding box.

    Returns:
        (n, 2) float32 arrays of x, y in pixels; integers are pixel centres. A drawing without
        extent is centred.

    Raises:
        UsageError: The margin leaves no room.
    """
    room = np.array([width - 1, height - 1]) - 2 * margin
    if room.min() <= 0:
        raise UsageError(
            f"a margin of {margin:g} pixels leaves no room in {height}x{width}: "
            f"it must be below {(min(height, width) - 1) / 2:g}"
        )
    if not any(len(stroke) for stroke in strokes):
        return tuple(np.zeros((0, 2), np.float32) for _ in strokes)
    points = np.concatenate(strokes).astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    # A straight line has no extent across: the other side alone gives the scale.
    sides = zip(room.tolist(), (high - low).tolist(), strict=True)
    scale = min((free / extent for free, extent in sides if extent > 0), default=0.0)
    points = (points - (low + high) / 2) * scale + np.array([width - 1, height - 1]) / 2
    return tuple(_cut(points.astype(np.float32), strokes))


def mirror(strokes: Sequence[np.ndarray], width: int) -> tuple[np.ndarray, ...]:
    """Strokes in pixels of an image ``width`` wide, flipped left to right with it."""
    if not strokes:
        return ()
    points = np.concatenate(strokes)
    points[:, 0] = width - 1 - points[:, 0]
    return tuple(_cut(points, strokes))


def rasterise(strokes: Sequence[np.ndarray], height: int, width: int, pen: float) -> np.ndarray:
    """Draw anti-aliased polylines.

    Args:
        strokes: (n, 2) arrays of x, y in pixels; integers are pixel centres. One point is a dot.
        height: Of the image, in pixels.
        width: Of the image, in pixels.
        pen: Line width in pixels, rounded to about half a pixel.

    Returns:
        (height, width) float32 of k / 255, k a whole number from 0 to 255, ink = 1.
    """
    return ink_of_levels(rasterise_levels(strokes, height, width, pen))


def rasterise_levels(
    strokes: Sequence[np.ndarray], height: int, width: int, pen: float
) -> np.ndarray:
    """``rasterise`` as (height, width) uint8, ink = 255."""
    points = np.concatenate(strokes) if strokes else np.zeros((0, 2), np.float32)
    if not len(points):
        return np.zeros((height, width), np.uint8)
    if pen == 1:
        return _draw(points, strokes, (height, width), 1, 1.0)
    # OpenCV's anti-aliased lines have even widths, plus 1.3 pixels of soft edge. That is too
    # coarse for the image itself, but not for a four times finer one.
    k = _SUPERSAMPLING
    thickness = max(1, 2 * round((pen * k - 1.3) / 2))
    fine = (points + 0.5) * k - 0.5
    drawn = _draw(fine, strokes, (height * k, width * k), thickness, pen * k)
    return cv2.resize(drawn, (width, height), interpolation=cv2.INTER_AREA)


def _draw(
    points: np.ndarray,
    strokes: Sequence[np.ndarray],
    shape: tuple[int, int],
    thickness: int,
    dot: float,
) -> np.ndarray:
    """Draw the points of all strokes, of which only the lengths count."""
    canvas = np.zeros(shape, np.uint8)
    unit = 1 << _SHIFT
    lines = [line for line in _cut(np.rint(points * unit).astype(np.int32), strokes) if len(line)]
    cv2.polylines(canvas, lines, False, 255, thickness, cv2.LINE_AA, _SHIFT)
    for line in lines:
        # OpenCV draws nothing for a line of no length. Most lines end elsewhere than they start.
        if line[0, 0] == line[-1, 0] and (line == line[0]).all():
            centre = (int(line[0, 0]), int(line[0, 1]))
            cv2.circle(canvas, centre, round(dot * unit / 2), 255, -1, cv2.LINE_AA, _SHIFT)
    return canvas


def _cut(points: np.ndarray, strokes: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Points of all strokes, cut into pieces of the strokes' lengths."""
    ends = list(accumulate(map(len, strokes)))
    return [points[start:end] for start, end in pairwise((0, *ends))]
