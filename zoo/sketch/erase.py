"""Mask families that follow the drawing: short gaps in its lines, and whole strokes."""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from zoo.contracts.mask import Arrival, MaskFamily
from zoo.sketch.options import EraseStrokeOptions, GapOptions
from zoo.sketch.shapes import some_ink

_NEVER = 2.0


def build_gap(options: GapOptions) -> MaskFamily:
    """Short cuts along the lines: round holes that come one after another."""

    def family(
        rng: np.random.Generator,
        ink: np.ndarray,
        strokes: Sequence[np.ndarray] | None,
        progress: float,
    ) -> Arrival:
        at = np.full(ink.shape, _NEVER, np.float32)
        short = min(ink.shape)
        centres = [np.array(some_ink(rng, ink)) for _ in range(options.count)]
        radii = rng.uniform(options.length_min, options.length_max, options.count) * short / 2
        shifts = rng.uniform(-0.5, 0.5, (options.count, 2)) * radii[:, None]
        # Latest first: whatever came earlier is drawn over it.
        for number in reversed(range(options.count)):
            _disc(at, centres[number] + shifts[number], radii[number], (number + 1) / options.count)
        return Arrival(at)

    return family


def build_erase_stroke(options: EraseStrokeOptions) -> MaskFamily:
    """Whole pen strokes vanish, under blobs of discs of any size that lie on either side of them.

    A drawing without strokes loses connected components of its ink. What holds more than half of
    the ink vanishes in pieces.
    """

    def family(
        rng: np.random.Generator,
        ink: np.ndarray,
        strokes: Sequence[np.ndarray] | None,
        progress: float,
    ) -> Arrival:
        at = np.full(ink.shape, _NEVER, np.float32)
        lines = _components(ink) if strokes is None else _drawn(strokes, ink.shape)
        pieces = [piece for line in lines for piece in _pieces(rng, line, sum(map(len, lines)))]
        if not pieces:
            pieces = [np.array([some_ink(rng, ink)])]
        order = rng.permutation(len(pieces))
        for number in reversed(range(len(pieces))):
            _blob(rng, at, pieces[order[number]], options, (number + 1) / len(pieces))
        return Arrival(at)

    return family


def _drawn(strokes: Sequence[np.ndarray], shape: tuple[int, ...]) -> list[np.ndarray]:
    """Points (n, 2) of row and column along each stroke, about a pixel apart."""
    lines = []
    for stroke in strokes:
        if not len(stroke):
            continue
        steps = np.hypot(*np.diff(stroke, axis=0).T) if len(stroke) > 1 else np.zeros(0)
        along = np.concatenate([[0.0], np.cumsum(steps)])
        where = np.linspace(0, along[-1], max(1, math.ceil(along[-1])))
        points = [np.interp(where, along, stroke[:, axis]) for axis in (1, 0)]
        lines.append(np.stack(points, axis=1).clip(0, np.array(shape) - 1))
    return lines


def _components(ink: np.ndarray) -> list[np.ndarray]:
    """Rows and columns (n, 2) of the pixels of each connected component of ink."""
    dark = ink > 0.5 if (ink > 0.5).any() else ink > 0
    count, labels = cv2.connectedComponents(dark.astype(np.uint8), connectivity=8)
    rows, columns = np.nonzero(dark)
    order = np.argsort(labels[rows, columns], kind="stable")
    points = np.stack([rows, columns], axis=1)[order].astype(np.float64)
    sizes = np.bincount(labels[rows, columns], minlength=count)[1:]
    return np.split(points, np.cumsum(sizes)[:-1]) if len(points) else []


def _pieces(rng: np.random.Generator, line: np.ndarray, total: int) -> list[np.ndarray]:
    """A line cut into pieces of at most half of all ink, from one end of it to the other."""
    count = math.ceil(2 * len(line) / total)
    if count < 2:
        return [line]
    # Twice as many cuts as needed, at random: a half each would always be the same two.
    cuts = np.sort(rng.integers(0, len(line), 2 * count - 1))
    return [piece for piece in np.split(line, cuts) if len(piece)]


def _blob(
    rng: np.random.Generator,
    at: np.ndarray,
    points: np.ndarray,
    options: EraseStrokeOptions,
    time: float,
) -> None:
    """Cover points with discs that are larger than need be, and off the line."""
    short = min(at.shape)
    least, most = options.blob_min * short / 2, options.blob_max * short / 2
    # One disc for each cell that the line crosses covers all of the line in that cell.
    cell = max(1.0, least * 0.6)
    rows, columns = (points // cell).astype(np.int64).T
    _, chosen = np.unique(rows * max(at.shape) + columns, return_index=True)
    radii = rng.uniform(least, most, len(chosen))
    free = np.maximum(0, radii - math.sqrt(2) * cell - 1)
    away, angles = free * np.sqrt(rng.random(len(chosen))), rng.uniform(0, 2 * math.pi, len(chosen))
    shifts = np.stack([np.sin(angles), np.cos(angles)], axis=1) * away[:, None]
    for centre, radius in zip(points[chosen] + shifts, radii, strict=True):
        _disc(at, centre, radius, time)


def _disc(at: np.ndarray, centre: np.ndarray, radius: float, time: float) -> None:
    row, column = np.rint(centre).astype(int).tolist()
    cv2.circle(at, (column, row), max(1, round(radius)), time, -1)
