"""From pen strokes to ink."""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from zoo.errors import UsageError

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
    points = np.concatenate([np.asarray(stroke, np.float64) for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    extent = high - low
    # A straight line has no extent across: the other side alone gives the scale.
    scale = min((room[extent > 0] / extent[extent > 0]).tolist(), default=0.0)
    points = (points - (low + high) / 2) * scale + np.array([width - 1, height - 1]) / 2
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1]
    return tuple(np.split(points.astype(np.float32), ends))


def rasterise(strokes: Sequence[np.ndarray], height: int, width: int, pen: float) -> np.ndarray:
    """Draw anti-aliased polylines.

    Args:
        strokes: (n, 2) arrays of x, y in pixels; integers are pixel centres. One point is a dot.
        height: Of the image, in pixels.
        width: Of the image, in pixels.
        pen: Line width in pixels, rounded to about half a pixel.

    Returns:
        (height, width) float32 in [0, 1], ink = 1.
    """
    if pen == 1:
        return _draw(strokes, height, width, 1, 1.0)
    # OpenCV's anti-aliased lines have even widths, plus 1.3 pixels of soft edge. That is too
    # coarse for the image itself, but not for a four times finer one.
    k = _SUPERSAMPLING
    thickness = max(1, 2 * round((pen * k - 1.3) / 2))
    fine = [(stroke + 0.5) * k - 0.5 for stroke in strokes]
    drawn = _draw(fine, height * k, width * k, thickness, pen * k)
    return cv2.resize(drawn, (width, height), interpolation=cv2.INTER_AREA)


def _draw(
    strokes: Sequence[np.ndarray], height: int, width: int, thickness: int, dot: float
) -> np.ndarray:
    canvas = np.zeros((height, width), np.uint8)
    unit = 1 << _SHIFT
    lines = [np.rint(stroke * unit).astype(np.int32) for stroke in strokes if len(stroke)]
    cv2.polylines(canvas, lines, False, 255, thickness, cv2.LINE_AA, _SHIFT)
    for line in lines:
        # OpenCV draws nothing for a line of no length.
        if (line == line[0]).all():
            centre = (int(line[0, 0]), int(line[0, 1]))
            cv2.circle(canvas, centre, round(dot * unit / 2), 255, -1, cv2.LINE_AA, _SHIFT)
    return canvas.astype(np.float32) / 255
