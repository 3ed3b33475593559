"""From a small grey drawing back to the lines of its pen."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

_FINE = 6  # the drawing is thinned on a grid this much finer
# Ink is what is darker than its surroundings: a plain threshold would fill small rings and blunt
# sharp corners. Chosen, as the rest here, on real drawings against their own bitmaps.
_SURROUNDINGS = 0.6  # pixels, standard deviation
_DARKER = 0.06
_LEAST = 0.15  # of the darkest
_SPUR = 1.0  # pixels; shorter ends at a crossing come from the line's thickness
_SMOOTH = 0.4  # pixels, standard deviation along a line
_STEP = 0.5  # pixels between the points of a stroke

_AROUND = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))

Pixel = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Path:
    """A run of a skeleton's pixels.

    Attributes:
        pixels: (n, 2) int, row and column; of a ring the first is the last.
        crossings: Whether it begins and ends at a crossing.
    """

    pixels: np.ndarray
    crossings: tuple[bool, bool]


def trace_lines(ink: np.ndarray) -> tuple[np.ndarray, ...]:
    """Follow the middle of the lines of a drawing.

    Args:
        ink: (H, W) float32 in [0, 1], ink = 1, lines one to two pixels wide; not blank.

    Returns:
        At least one stroke, (n, 2) float32 arrays of x, y in pixels; integers are pixel centres.
    """
    from skimage.morphology import skeletonize  # half a second that other forms need not spend

    height, width = ink.shape
    page = np.pad(ink / ink.max(), 1)
    fine = cv2.resize(
        page, ((width + 2) * _FINE, (height + 2) * _FINE), interpolation=cv2.INTER_CUBIC
    )
    around = cv2.GaussianBlur(fine, (0, 0), _SURROUNDINGS * _FINE)
    skeleton = skeletonize((fine - around > _DARKER) & (fine > _LEAST))
    paths = follow(skeleton, _SPUR * _FINE)
    if not paths:
        dot = np.array([np.unravel_index(ink.argmax(), ink.shape)], np.float32)
        return (dot[:, ::-1],)
    return tuple(_stroke(path.pixels.astype(np.float64)) for path in paths)


def follow(skeleton: np.ndarray, spur: float) -> list[Path]:
    """Walk along a skeleton, from one end or crossing to the next.

    Args:
        skeleton: (H, W) bool, lines one pixel wide.
        spur: Ends at a crossing that have fewer pixels are left out.
    """
    pixels = {(y, x) for y, x in np.argwhere(skeleton).tolist()}
    paths = []
    for path in _paths(pixels):
        ends = [len(_neighbours(end, pixels)) for end in (path[0], path[-1])]
        if len(path) >= spur or min(ends) != 1 or max(ends) <= 2:
            paths.append(Path(np.array(path), (ends[0] > 2, ends[1] > 2)))
    return paths


def _neighbours(pixel: Pixel, pixels: set[Pixel]) -> list[Pixel]:
    """Those of the eight that lead on: no diagonal that two straight steps reach."""
    y, x = pixel
    found = [(y + dy, x + dx) for dy, dx in _AROUND if (y + dy, x + dx) in pixels]
    straight = {(ny, nx) for ny, nx in found if ny == y or nx == x}
    return [
        (ny, nx)
        for ny, nx in found
        if (ny, nx) in straight or ((ny, x) not in straight and (y, nx) not in straight)
    ]


def _paths(pixels: set[Pixel]) -> Iterator[list[Pixel]]:
    """Runs of pixels from one end or crossing to the next, then rings, then single pixels."""
    around = {pixel: _neighbours(pixel, pixels) for pixel in sorted(pixels)}
    walked: set[tuple[Pixel, Pixel]] = set()
    ends = [pixel for pixel, near in around.items() if len(near) != 2]
    for start in [*ends, *around]:
        if not around[start]:
            yield [start]
        for step in around[start]:
            if (start, step) in walked:
                continue
            path = [start, step]
            while len(around[path[-1]]) == 2 and path[-1] != start:
                first, second = around[path[-1]]
                path.append(second if first == path[-2] else first)
            walked.update(pairwise(path))
            walked.update(pairwise(reversed(path)))
            yield path


def _stroke(path: np.ndarray) -> np.ndarray:
    """Pixels of the fine grid as a smooth line in pixels of the drawing."""
    points = (path[:, ::-1] + 0.5) / _FINE - 1.5
    if len(points) < 3:
        return points.astype(np.float32)
    ring = bool((points[0] == points[-1]).all())
    smooth = _smooth(points[:-1] if ring else points, ring)
    count = max(2, round(len(points) / (_FINE * _STEP)))
    chosen = smooth[np.linspace(0, len(smooth) - 1, count).round().astype(int)]
    return np.concatenate([chosen, chosen[:1]] if ring else [chosen]).astype(np.float32)


def _smooth(points: np.ndarray, ring: bool) -> np.ndarray:
    """Average along the line; the ends of an open one stay where they are."""
    reach = int(3 * _SMOOTH * _FINE)
    weights = cv2.getGaussianKernel(2 * reach + 1, _SMOOTH * _FINE)[:, 0]
    if ring:
        padded = np.pad(points, ((reach, reach), (0, 0)), mode="wrap")
    else:
        # Mirrored through the end point, which is then its own average.
        padded = np.pad(points, ((reach, reach), (0, 0)), mode="reflect", reflect_type="odd")
    return np.stack([np.convolve(padded[:, axis], weights, "valid") for axis in (0, 1)], axis=1)
