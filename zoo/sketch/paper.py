"""The paper: how evenly it is lit, and its colour at every place, also where something hides it."""

import cv2
import numpy as np

# Cells along a page's shorter side, and what part of a cell must be seen to tell its colour.
_CELLS, _ENOUGH = 24, 3 / 4
_ROUNDS = 500  # of spreading into the unknown: far enough for a page
# Most of what a program paints has few tones; else a page is even if its cells are about equal.
_TONES, _MOST = 3, 0.5
_EVEN = 0.06


def evenly_lit(tone: np.ndarray, visible: np.ndarray) -> bool:
    """Whether the paper has one tone on the whole page: no photograph under a lamp or a shadow.

    Args:
        tone: (H, W) float32 in [0, 1].
        visible: (H, W) bool, somewhere true.
    """
    levels = np.bincount(np.rint(tone[visible] * 255).astype(np.uint8), minlength=256)
    if np.sort(levels)[-_TONES:].sum() > _MOST * levels.sum():
        return True
    cells, known = _cells(tone[..., None], visible)
    low, high = np.percentile(cells[known], (10, 90))
    return bool(high - low < _EVEN)


def paper_at(pixels: np.ndarray, paper: np.ndarray, where: np.ndarray) -> np.ndarray:
    """What the paper would show at some places.

    The median of the paper in each cell of a grid, spread over cells that show none as heat
    spreads (harmonic), and interpolated between the cells' middles. Even paper stays exactly even.

    Args:
        pixels: (H, W, C) of any type.
        paper: (H, W) bool, where paper can be seen; at least one place.
        where: (H, W) bool, N places.

    Returns:
        (N, C) float32.
    """
    cells, known = _cells(pixels, paper)
    side = _side(paper.shape)
    rows, columns = (side * count for count in known.shape)
    # A pixel's centre is half a pixel from its corner, here and in resize.
    page = cv2.resize(_spread(cells, known), (columns, rows), interpolation=cv2.INTER_LINEAR)
    return page.reshape(rows, columns, -1)[: len(where), : where.shape[1]][where]


def _side(shape: tuple[int, ...]) -> int:
    return max(1, round(min(shape) / _CELLS))


def _cells(pixels: np.ndarray, paper: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Medians (h, w, C) float32 of the paper in cells, and (h, w) which of them show enough."""
    side = _side(paper.shape)
    rows, columns = (-(-length // side) for length in paper.shape)
    medians = np.zeros((rows, columns, pixels.shape[-1]), np.float32)
    share = np.zeros((rows, columns))
    for row, column in np.ndindex(rows, columns):
        top, left = row * side, column * side
        cell = np.s_[top : top + side, left : left + side]
        seen = paper[cell]
        share[row, column] = seen.mean()
        if seen.any():
            medians[row, column] = np.median(pixels[cell][seen], axis=0)
    return medians, share >= min(_ENOUGH, share.max())


def _spread(cells: np.ndarray, known: np.ndarray) -> np.ndarray:
    filled = np.where(known[..., None], cells, np.median(cells[known], axis=0))
    for _ in range(_ROUNDS):
        around = np.pad(filled, ((1, 1), (1, 1), (0, 0)), "edge")
        mean = (around[:-2, 1:-1] + around[2:, 1:-1] + around[1:-1, :-2] + around[1:-1, 2:]) / 4
        filled = np.where(known[..., None], cells, mean)
    return filled
