"""Mask family ``strokes``: paths of a brush, drawn by a wandering hand.

Paper: Yu et al. 2019, Free-Form Image Inpainting with Gated Convolution.
"""

import math
from collections.abc import Sequence

import cv2
import numpy as np

from zoo.contracts.mask import Arrival, MaskFamily
from zoo.sketch.options import StrokesOptions
from zoo.sketch.shapes import some_ink

_STEPS_PER_SEGMENT = 3
_SHIFT = 4  # OpenCV takes coordinates as integers with this many fractional bits.


def build(options: StrokesOptions) -> MaskFamily:
    """Paths of a brush; the hole grows along them."""

    def family(
        rng: np.random.Generator,
        ink: np.ndarray,
        strokes: Sequence[np.ndarray] | None,
        progress: float,
    ) -> Arrival:
        short = min(ink.shape)
        paths = []
        for _ in range(rng.integers(options.paths_min, options.paths_max, endpoint=True)):
            segments = int(rng.integers(options.segments_min, options.segments_max, endpoint=True))
            width = rng.uniform(options.width_min, options.width_max) * short
            # A path that starts on the line itself would tell where the line is.
            start = some_ink(rng, ink) + rng.uniform(-0.25, 0.25, 2) * short
            paths.append((_wander(rng, start, segments, ink.shape), max(1, round(width))))
        return Arrival(_arrival(paths, ink.shape))

    return family


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
