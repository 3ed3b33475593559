"""Mask families of plain shapes: box, ellipse, half-plane, and all but the middle."""

import math
from collections.abc import Sequence

import numpy as np

from zoo.contracts.mask import Arrival, MaskFamily
from zoo.sketch.options import BoxOptions, EllipseOptions, HalfplaneOptions, OutpaintOptions

# A shape that cannot grow is whole from the start.
_LEAST_GROWTH = 1e-6


def build_box(options: BoxOptions) -> MaskFamily:
    """Rectangles: any that contains a random pixel of ink, so that none is centred on a line."""

    def family(
        rng: np.random.Generator,
        ink: np.ndarray,
        strokes: Sequence[np.ndarray] | None,
        progress: float,
    ) -> Arrival:
        # One draw for all that is random: each call costs as much as a row of pixels.
        draws = rng.random(4).tolist()
        start = some_ink(rng, ink)
        least, most = options.side_min, options.side_max
        reach = []
        for axis, n in enumerate(ink.shape):
            side = least + draws[axis] * (most - least)
            centre = min(max(start[axis] + (draws[axis + 2] - 0.5) * side * n, 0), n - 1)
            reach.append(_grown_to(_from(centre, n) * (2 / n), least, side))
        rows, columns = reach
        return Arrival(np.maximum(rows[:, None], columns))

    return family


def build_ellipse(options: EllipseOptions) -> MaskFamily:
    """Ellipses at any angle that contain a random pixel of ink."""

    def family(
        rng: np.random.Generator,
        ink: np.ndarray,
        strokes: Sequence[np.ndarray] | None,
        progress: float,
    ) -> Arrival:
        least, most = options.axis_min, options.axis_max
        draws = rng.random(5).tolist()
        a, b = (least + draw * (most - least) for draw in draws[:2])
        short = min(ink.shape)
        cos, sin = math.cos(math.pi * draws[2]), math.sin(math.pi * draws[2])
        # The pixel of ink lies anywhere in the ellipse.
        away, direction = math.sqrt(draws[3]) * short / 2, 2 * math.pi * draws[4]
        u, v = away * a * math.cos(direction), away * b * math.sin(direction)
        row, column = some_ink(rng, ink)
        y = _along(row + v * cos + u * sin, ink.shape[0])[:, None]
        x = _along(column + u * cos - v * sin, ink.shape[1])
        scale = 2 / short
        u2 = np.square((x * cos + y * sin) * np.float32(scale / a))
        v2 = np.square((y * cos - x * sin) * np.float32(scale / b))
        return Arrival(_grown_to(np.sqrt(u2 + v2), least / min(a, b), 1.0))

    return family


def build_halfplane(options: HalfplaneOptions) -> MaskFamily:
    """All beyond a straight line: a side cut off, or a corner."""

    def family(
        rng: np.random.Generator,
        ink: np.ndarray,
        strokes: Sequence[np.ndarray] | None,
        progress: float,
    ) -> Arrival:
        corner = options.cut == "corner" or (options.cut == "any" and rng.random() < 0.5)
        angle = (int(rng.integers(4)) + 0.5 * corner) * math.pi / 2
        angle += float(rng.uniform(-1, 1)) * math.radians(options.tilt)
        rows = _along(0, ink.shape[0]) * math.sin(angle)
        columns = _along(0, ink.shape[1]) * math.cos(angle)
        depth = rows.max() + columns.max() - (rows[:, None] + columns)
        return Arrival(depth / max(1.0, options.depth_max * float(depth.max())))

    return family


def build_outpaint(options: OutpaintOptions) -> MaskFamily:
    """All but a rectangle about the middle, which shrinks."""

    def family(
        rng: np.random.Generator,
        ink: np.ndarray,
        strokes: Sequence[np.ndarray] | None,
        progress: float,
    ) -> Arrival:
        offsets = rng.uniform(-options.offset, options.offset, 2).tolist()
        rows, columns = (
            (_from((n - 1) / 2 + offset * n, n) + np.float32(0.5)) * (2 / n)
            for n, offset in zip(ink.shape, offsets, strict=True)
        )
        inward = 1 - np.maximum(rows[:, None], columns)
        return Arrival(inward / (1 - options.visible_min))

    return family


def some_ink(rng: np.random.Generator, ink: np.ndarray) -> tuple[int, int]:
    """Row and column of a random pixel of ink; of any pixel if there is none."""
    candidates = np.flatnonzero(ink > 0.5)
    if not candidates.size:
        candidates = np.flatnonzero(ink)
    pixel = int(rng.integers(candidates.size or ink.size))
    return divmod(int(candidates[pixel]) if candidates.size else pixel, ink.shape[1])


def _along(origin: float, count: int) -> np.ndarray:
    """Signed distances (count,) float32 of pixels from a place on their axis."""
    return np.arange(count, dtype=np.float32) - np.float32(origin)


def _from(origin: float, count: int) -> np.ndarray:
    return np.abs(_along(origin, count))


def _grown_to(extent: np.ndarray, least: float, most: float) -> np.ndarray:
    """When something that grows from ``least`` to ``most`` has reached an extent."""
    return (extent - np.float32(least)) * np.float32(1 / max(_LEAST_GROWTH, most - least))
