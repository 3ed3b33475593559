"""Holes: core's mask families, and the fitting of any family's hole to the ink that it removes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from zoo.contracts.mask import Grow, MaskFamily
from zoo.errors import PluginError
from zoo.sketch.options import BoxOptions, StrokesOptions

_TRIES = 8
_BISECTIONS = 10
_TOLERANCE = 0.005  # of the share of ink: nearer is not asked for
_STEPS_PER_SEGMENT = 6
_SHIFT = 4  # OpenCV takes coordinates as integers with this many fractional bits.


@dataclass(frozen=True)
class Hole:
    """A hole fitted to a drawing.

    Attributes:
        mask: (H, W) float32 of {0, 1}, 1 = hole; never empty.
        share: Share of the drawing's ink that it removes, in [0, 1].
        fits: It is within the bounds.
    """

    mask: np.ndarray
    share: float
    fits: bool


@dataclass(frozen=True)
class HoleBounds:
    """What a hole may remove: a share of the ink, and at most a share of the area."""

    ink_min: float = 0.1
    ink_max: float = 0.6
    area_max: float = 0.6


def draw_hole(
    families: Sequence[tuple[MaskFamily, float]],
    rng: np.random.Generator,
    ink: np.ndarray,
    strokes: Sequence[np.ndarray] | None,
    progress: float,
    bounds: HoleBounds,
) -> Hole:
    """Fit a hole of a family picked by its weight. Arguments otherwise as ``fit_hole``."""
    weights = np.cumsum([weight for _, weight in families])
    picked = int(np.searchsorted(weights, rng.random() * weights[-1], side="right"))
    return fit_hole(families[picked][0], rng, ink, strokes, progress, bounds)


def fit_hole(
    family: MaskFamily,
    rng: np.random.Generator,
    ink: np.ndarray,
    strokes: Sequence[np.ndarray] | None,
    progress: float,
    bounds: HoleBounds,
) -> Hole:
    """Draw a hole and bisect its size until it removes a share of ink drawn within the bounds.

    Args:
        family: What draws holes.
        rng: The only source of randomness.
        ink: (H, W) float32 in [0, 1], the whole drawing. A blank one gets a hole of any size.
        strokes: Pen strokes as (n, 2) float32 arrays of x, y in pixels of ``ink``, or None.
        progress: 0 at the start of training, 1 at its end.
        bounds: What the hole may remove.

    Returns:
        The first of a few tries that is within the bounds, or else the one closest to them.

    Raises:
        PluginError: The family draws only empty holes.
    """
    total = float(ink.sum())
    if total <= 0:
        grow = family(rng, ink, strokes, progress)
        return Hole(_not_empty(grow, grow(float(rng.random()))), share=0.0, fits=False)
    tries: list[tuple[float, Hole]] = []
    for _ in range(_TRIES):
        target = float(rng.uniform(bounds.ink_min, bounds.ink_max))
        grow = family(rng, ink, strokes, progress)
        mask = _not_empty(grow, _bisect(grow, ink, target * total))
        share = min(1.0, float(np.vdot(ink, mask)) / total)
        outside = _outside(share, float(mask.mean()), bounds)
        tries.append((outside, Hole(mask, share, fits=outside == 0)))
        if outside == 0:
            break
    return min(tries, key=lambda rated: rated[0])[1]


def _outside(share: float, area: float, bounds: HoleBounds) -> float:
    """How far a hole is out of bounds."""
    ink = max(bounds.ink_min - share, share - bounds.ink_max, 0.0)
    return ink + max(area - bounds.area_max, 0.0)


def _bisect(grow: Grow, ink: np.ndarray, target: float) -> np.ndarray:
    """The hole that removes an amount of ink closest to the target."""
    low, high = 0.0, 1.0
    best = grow(1.0)
    removed = float(np.vdot(ink, best))
    if removed <= target:
        return best
    error = removed - target
    tolerance = _TOLERANCE * float(ink.sum())
    for _ in range(_BISECTIONS):
        if error <= tolerance:
            break
        middle = (low + high) / 2
        mask = grow(middle)
        removed = float(np.vdot(ink, mask))
        low, high = (middle, high) if removed < target else (low, middle)
        if abs(removed - target) < error:
            best, error = mask, abs(removed - target)
    return best


def _not_empty(grow: Grow, mask: np.ndarray) -> np.ndarray:
    if mask.any():
        return mask
    mask = grow(1.0)
    if not mask.any():
        raise PluginError("a mask draws an empty hole: grow(1) must have a pixel that is 1")
    return mask


def build_box(options: BoxOptions) -> MaskFamily:
    """Rectangles: any that contains a random pixel of ink, so that none is centred on a line."""

    def family(
        rng: np.random.Generator,
        ink: np.ndarray,
        strokes: Sequence[np.ndarray] | None,
        progress: float,
    ) -> Grow:
        shape = np.array(ink.shape)
        sides = rng.uniform(options.side_min, options.side_max, 2) * shape
        offset = rng.uniform(-0.5, 0.5, 2) * sides
        centre = np.clip(_some_ink(rng, ink) + 0.5 + offset, 0, shape - 1)

        def grow(s: float) -> np.ndarray:
            inner = np.floor(centre)
            top, left = np.minimum(inner, np.rint(centre - s * sides / 2)).clip(0).astype(int)
            bottom, right = np.maximum(inner + 1, np.rint(centre + s * sides / 2)).astype(int)
            mask = np.zeros(ink.shape, np.float32)
            mask[top:bottom, left:right] = 1
            return mask

        return grow

    return family


def build_strokes(options: StrokesOptions) -> MaskFamily:
    """Paths of a brush, drawn by a wandering hand; the hole grows along them.

    Paper: Yu et al. 2019, Free-Form Image Inpainting with Gated Convolution.
    """

    def family(
        rng: np.random.Generator,
        ink: np.ndarray,
        strokes: Sequence[np.ndarray] | None,
        progress: float,
    ) -> Grow:
        short = min(ink.shape)
        paths = []
        for _ in range(rng.integers(options.paths_min, options.paths_max, endpoint=True)):
            segments = int(rng.integers(options.segments_min, options.segments_max, endpoint=True))
            width = rng.uniform(options.width_min, options.width_max) * short
            # A path that starts on the line itself would tell where the line is.
            start = _some_ink(rng, ink) + rng.uniform(-0.25, 0.25, 2) * short
            paths.append((_wander(rng, start, segments, ink.shape), max(1, round(width))))
        arrival = _arrival(paths, ink.shape)

        def grow(s: float) -> np.ndarray:
            return (arrival <= s).astype(np.float32)

        return grow

    return family


def _some_ink(rng: np.random.Generator, ink: np.ndarray) -> np.ndarray:
    """Row and column of a random pixel of ink; of any pixel if there is none."""
    candidates = np.flatnonzero(ink > 0.5)
    if not candidates.size:
        candidates = np.flatnonzero(ink)
    pixel = rng.choice(candidates) if candidates.size else rng.integers(ink.size)
    return np.array(divmod(int(pixel), ink.shape[1]), np.float64)


def _wander(
    rng: np.random.Generator, start: np.ndarray, segments: int, shape: tuple[int, ...]
) -> np.ndarray:
    """Points (n, 2) of row and column, evenly dense, of a path that keeps to the image."""
    headings = rng.uniform(0, 2 * math.pi) + np.cumsum(rng.normal(0, 0.6, segments))
    lengths = rng.uniform(1 / 8, 1 / 3, segments) * min(shape)
    moves = np.stack([np.sin(headings), np.cos(headings)], axis=1) * lengths[:, None]
    steps = np.repeat(moves / _STEPS_PER_SEGMENT, _STEPS_PER_SEGMENT, axis=0)
    points = np.cumsum(np.concatenate([start[None], steps]), axis=0)
    last = np.array(shape) - 1
    # Mirrored at the borders, as a ball is.
    return (last - np.abs(points % (2 * np.maximum(last, 1)) - last)).clip(0)


def _arrival(paths: Sequence[tuple[np.ndarray, int]], shape: tuple[int, ...]) -> np.ndarray:
    """When the brushes first touch each pixel: (H, W) float32, from 0 to 1, and 2 for never.

    Args:
        paths: Points (n, 2) of row and column, and the brush's width in pixels. All start at
            once and end at 1.
        shape: Of the image.
    """
    marks: list[tuple[float, list[int], list[int], int]] = []
    for points, width in paths:
        corners = np.rint(points[:, ::-1] * (1 << _SHIFT)).astype(int).tolist()
        times = np.linspace(0, 1, len(corners)).tolist()
        marks += zip(times, [corners[0], *corners], corners, [width] * len(corners), strict=False)
    arrival = np.full(shape, 2, np.float32)
    # Latest first: whatever came earlier is drawn over it.
    for time, a, b, width in sorted(marks, reverse=True):
        cv2.line(arrival, a, b, time, width, cv2.LINE_8, _SHIFT)
    return arrival
