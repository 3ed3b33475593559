"""Gaps in drawn lines, closed where the network itself saw a line, only not surely enough."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

# In the drawing's own pixels: how far along a line is looked to tell where it is heading, and how
# wide a gap is, as a share of the drawing's height.
_LOOK = 4.0
_WIDEST = 1 / 8
# Ink along a gap, of which 0.5 is a line: the geometric mean must be enough. On 60 pages of 512
# pixels there were 1.05 pieces of line in the holes for each true one, without this 1.20 with
# best-128 (ink_f1 0.642, without 0.640) and 2.26 with best-256 (0.656, without 0.667).
_ENOUGH, _NONE = 0.2, 0.01
_AHEAD = 0.25  # cosine of the widest angle between a line's heading and the way across
_TRIED = 12  # the nearest ends to each


def close_gaps(
    skeleton: np.ndarray, ink: np.ndarray, hole: np.ndarray, unit: float, size: float
) -> np.ndarray:
    """Lines one pixel wide between loose ends that face each other across likely ink.

    Each loose end in the hole or at its edge is joined to at most one other, the likeliest first.

    Args:
        skeleton: (h, w) bool, lines one pixel wide.
        ink: (h, w) float32 in [0, 1], 0.5 = line.
        hole: (h, w) bool.
        unit: How many pixels of this grid one of the drawing is.
        size: Height of the whole drawing in its own pixels.

    Returns:
        (h, w) bool, the new pixels; all in the hole or at its edge.
    """
    edge = cv2.dilate(hole.astype(np.uint8), np.ones((3, 3), np.uint8), iterations=round(unit)) > 0
    ends = _loose_ends(skeleton, edge)
    headings = [_heading(skeleton, end, round(_LOOK * unit)) for end in ends]
    cost = np.where(edge, -np.log(np.clip(2 * ink, 2 * _NONE, 1)), -1.0)
    ways = _ways(ends, headings, cost, _WIDEST * size * unit)
    new, taken = np.zeros_like(skeleton), set[int]()
    for _, pair, pixels in sorted(ways, key=lambda way: way[0]):
        if not taken & set(pair):
            taken |= set(pair)
            new[tuple(pixels.T)] = True
    return new


def _loose_ends(skeleton: np.ndarray, where: np.ndarray) -> np.ndarray:
    """(n, 2) rows and columns of pixels that have one neighbour, or none."""
    lines = skeleton.astype(np.float32)
    around = cv2.filter2D(lines, -1, np.ones((3, 3), np.float32), borderType=cv2.BORDER_CONSTANT)
    return np.argwhere(skeleton & where & (around <= 2))


def _heading(skeleton: np.ndarray, end: np.ndarray, look: int) -> np.ndarray:
    """Unit vector from the line behind an end outwards; 0 for a dot."""
    low, high = np.maximum(end - look, 0), end + look + 1
    window = skeleton[low[0] : high[0], low[1] : high[1]].astype(np.uint8)
    _, labels = cv2.connectedComponents(window, connectivity=8)
    behind = np.argwhere(labels == labels[tuple(end - low)]) + low
    step = end - behind.mean(axis=0)
    length = float(np.hypot(*step))
    return step / length if length > 0 else np.zeros(2)


def _ways(
    ends: np.ndarray, headings: Sequence[np.ndarray], cost: np.ndarray, widest: float
) -> Iterator[tuple[float, tuple[int, int], np.ndarray]]:
    """Mean cost, the two ends, and the pixels (n, 2) of the ways that are good enough."""
    from skimage.graph import route_through_array

    most = -np.log(2 * _ENOUGH)
    for one, other in _near_pairs(ends):
        step = ends[other] - ends[one]
        width = float(np.hypot(*step))
        ahead = min(headings[one] @ step, -(headings[other] @ step))
        if not 1.5 < width <= widest or ahead < _AHEAD * width:
            continue
        margin = round(width / 2) + 1
        low = np.maximum(np.minimum(ends[one], ends[other]) - margin, 0)
        high = np.maximum(ends[one], ends[other]) + margin + 1
        window = cost[low[0] : high[0], low[1] : high[1]]
        # A little for each step, so that over ink the way is short; negative is no way.
        window = np.where(window < 0, -1, window + 0.05)
        try:
            way, total = route_through_array(window, ends[one] - low, ends[other] - low)
        except ValueError:
            continue
        if total / width <= most:
            yield total / width, (one, other), np.array(way) + low


def _near_pairs(ends: np.ndarray) -> set[tuple[int, int]]:
    """Numbers of each end and those nearest to it."""
    away = np.hypot(*(ends[:, None] - ends[None]).T)
    near = away.argsort(axis=1)[:, 1 : _TRIED + 1]
    pairs = ((one, other) for one, row in enumerate(near.tolist()) for other in row)
    return {(min(pair), max(pair)) for pair in pairs}
