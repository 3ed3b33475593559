"""Which parts of a page a network looks at: squares around the holes, at its own resolution."""

from dataclasses import dataclass

import cv2
import numpy as np

from zoo.sketch.hole import resize_hole
from zoo.sketch.image import line_width, scale_ink
from zoo.sketch.strokes import default_pen

# A square is at least so many times as wide as the hole in it.
_CONTEXT = 3.0
# A page at most so many times as wide is shown whole: of a drawing that fills its page no part is
# out of sight, and its lines are hardly thinner than those the network was trained on.
_WHOLE = 1.5


@dataclass(frozen=True, eq=False)
class Square:
    """A square of a page, in its pixels; it sticks out where the page is narrower.

    Attributes:
        x: Left edge.
        y: Upper edge.
        side: Width and height.
        hole: (H, W) bool, the part of the page's hole that is completed in this square.
    """

    x: int
    y: int
    side: int
    hole: np.ndarray


@dataclass(frozen=True, eq=False)
class Crop:
    """What a network gets of a square.

    Attributes:
        image: (size, size) float32 in [0, 1], ink = 1, 0 in the hole and beyond the page.
        mask: (size, size) float32, 1 = hole, that of other squares included.
        box: x, y, width and height of this crop in the page's pixels. Page and crop meet in
            whole pixels, so that it may differ a little from the square.
    """

    image: np.ndarray
    mask: np.ndarray
    box: tuple[float, float, float, float]


def find_squares(ink: np.ndarray, hole: np.ndarray, size: int) -> list[Square]:
    """Cover the holes of a page with squares that a network of a size can complete.

    A square shows lines as wide as those that the network was trained on, but no fewer pixels
    than the network has and at least three times the extent of the hole. If the page is at most
    1.5 times as long, it lies in the square whole. Holes that are closer to each other than half
    of the narrowest square are completed together.

    Args:
        ink: (H, W) float32 in [0, 1], 0 in the hole.
        hole: (H, W) bool, not empty.
        size: Side of the network's drawings in pixels.
    """
    narrowest = min(max(hole.shape), max(size, round(size * line_width(ink) / default_pen(size))))
    return [_square(part, narrowest) for part in _groups(hole, narrowest / 2)]


def cut(ink: np.ndarray, hole: np.ndarray, square: Square, size: int) -> Crop:
    """Scale a square of a page to a network's size; what lies beyond the page is paper.

    Args:
        ink: (H, W) float32 in [0, 1], 0 in the hole.
        hole: (H, W) bool.
        square: A square of this page.
        size: Height and width of the crop in pixels.
    """
    height, width = hole.shape
    y, rows, step_y = _place(square.y, square.side, height, size)
    x, columns, step_x = _place(square.x, square.side, width, size)
    image, mask = np.zeros((size, size), np.float32), np.zeros((size, size), np.float32)
    shape = (y.stop - y.start, x.stop - x.start)
    image[y, x] = scale_ink(ink[rows, columns], *shape)
    mask[y, x] = resize_hole(hole[rows, columns], shape)
    image[mask > 0] = 0
    corner = columns.start - x.start * step_x, rows.start - y.start * step_y
    return Crop(image, mask, (*corner, size * step_x, size * step_y))


def _place(start: int, side: int, length: int, size: int) -> tuple[slice, slice, float]:
    """Where along an axis the page lies in the crop, what of the page that is, and their ratio."""
    first, last = max(0, start), min(length, start + side)
    pixels = max(1, round((last - first) * size / side))
    offset = min(size - pixels, round((first - start) * size / side))
    return slice(offset, offset + pixels), slice(first, last), (last - first) / pixels


def _square(hole: np.ndarray, narrowest: int) -> Square:
    spans = [np.flatnonzero(hole.any(axis))[[0, -1]] + (0, 1) for axis in (1, 0)]
    extent = max(int(last - first) for first, last in spans)
    side, page = max(narrowest, round(_CONTEXT * extent)), max(hole.shape)
    if page <= _WHOLE * side:
        side = page
    y, x = (_start(span, side, page) for span, page in zip(spans, hole.shape, strict=True))
    return Square(x, y, side, hole)


def _start(span: np.ndarray, side: int, page: int) -> int:
    """Centre a side on a span, but within the page; on the page, if that is shorter."""
    if side >= page:
        return (page - side) // 2
    return min(max(0, (int(span.sum()) - side) // 2), page - side)


def _groups(hole: np.ndarray, apart: float) -> list[np.ndarray]:
    """The parts of a hole that are at least so many pixels apart."""
    away = cv2.distanceTransform((~hole).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    count, labels = cv2.connectedComponents((away < apart / 2).astype(np.uint8))
    if count == 2:
        return [hole]
    return [hole & (labels == number) for number in range(1, count)]
