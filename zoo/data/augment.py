"""Small random changes to training drawings, made before they are fitted into the image."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from zoo.contracts.source import Sketch
from zoo.options import SourceKeys
from zoo.settings import Settings
from zoo.sketch.strokes import default_margin, default_pen

# The hand errs anew after this share of the drawing's larger side, in steps of the second.
_KNOT, _STEP = 1 / 8, 1 / 32


@dataclass(frozen=True)
class Change:
    """What happens to one drawing.

    Attributes:
        linear: (2, 2) the map of x, y: rotation and shear.
        scale: Factor of the drawing's size in the image, at most 1.
        pen: Factor of the pen's width.
        wobble: Standard deviation of the hand, as a share of the drawing's larger side.
    """

    linear: np.ndarray
    scale: float
    pen: float
    wobble: float


def augments(settings: Settings) -> bool:
    """Whether anything beside flips is asked for."""
    return any((settings.rotate, settings.scale, settings.shear, settings.pen_jitter)) or bool(
        settings.wobble
    )


def draw_change(settings: Settings, rng: np.random.Generator) -> Change:
    """Draw a change within the settings."""
    # Always the same numbers in the same order: one setting never alters what another gives.
    turn, shear, shrink, pen = rng.uniform(-1, 1, 4).tolist()
    angle = math.radians(settings.rotate) * turn
    rotation = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    sheared = np.array([[1, settings.shear * shear], [0, 1]])
    return Change(
        linear=rotation @ sheared,
        scale=1 - settings.scale * abs(shrink),
        pen=1 + settings.pen_jitter * pen,
        wobble=settings.wobble,
    )


def augment(
    sketch: Sketch, size: int, keys: SourceKeys, change: Change, rng: np.random.Generator
) -> tuple[Sketch, SourceKeys]:
    """Change a drawing, and the pen and margin with which it is then to be drawn.

    Strokes and rasters are fitted into the image afterwards. A raster's page grows where its ink
    would leave it, and to make the drawing smaller. Pen and wobble spare rasters.

    Args:
        sketch: The drawing.
        size: Height and width of the image in pixels.
        keys: Pen and margin without the change.
        change: What happens.
        rng: Draws the wobble.
    """
    if sketch.strokes is None:
        assert sketch.raster is not None
        return replace(sketch, raster=_warp(sketch.raster, change)), keys
    strokes = _wobble(sketch.strokes, change.wobble, rng) if change.wobble else sketch.strokes
    linear = change.linear.T  # float64: the largest float32 may grow by a turn
    margin = default_margin(size) if keys.margin is None else keys.margin
    drawn_with = {
        "pen": (keys.pen or default_pen(size)) * change.pen,
        "margin": margin + (size - 1 - 2 * margin) * (1 - change.scale) / 2,
    }
    turned = replace(sketch, strokes=tuple(stroke @ linear for stroke in strokes))
    return turned, keys.model_copy(update=drawn_with)


def _warp(raster: np.ndarray, change: Change) -> np.ndarray:
    """Map a raster about its middle, on a page as much larger as scale and ink need."""
    rows, columns = np.flatnonzero(raster.any(axis=1)), np.flatnonzero(raster.any(axis=0))
    if not rows.size:
        return raster
    size = np.array([raster.shape[1], raster.shape[0]])
    # A pixel more: interpolation spreads ink.
    box = np.array([[columns[0] - 1, rows[0] - 1], [columns[-1] + 1, rows[-1] + 1]], np.float64)
    corners = np.array([[x, y] for x in box[:, 0] for y in box[:, 1]])
    corners = (corners - (size - 1) / 2) @ change.linear.T
    # Ink is never shrunk here, where lines would break, but with the larger page when that is
    # fitted into the image.
    grow = max(1.0, ((np.ptp(corners, axis=0) + 1) / size).max()) / change.scale
    page = np.ceil(size * grow).astype(int)
    corners += (page - 1) / 2
    inside = (-corners.min(axis=0)).clip(0) - (corners.max(axis=0) - (page - 1)).clip(0)
    offset = (page - 1) / 2 - change.linear @ ((size - 1) / 2) + inside
    matrix = np.hstack([change.linear, offset[:, None]])
    warped = cv2.warpAffine(raster, matrix, (int(page[0]), int(page[1])), flags=cv2.INTER_LINEAR)
    return warped.clip(0, 1)


def _wobble(
    strokes: Sequence[np.ndarray], amount: float, rng: np.random.Generator
) -> tuple[np.ndarray, ...]:
    points = np.concatenate(strokes)
    if not len(points):
        return tuple(strokes)
    side = float(np.ptp(points, axis=0).max())
    return tuple(_shake(stroke, side, amount, rng) if side else stroke for stroke in strokes)


def _shake(stroke: np.ndarray, side: float, amount: float, rng: np.random.Generator) -> np.ndarray:
    """Sample a stroke evenly, its own points kept, and push it about smoothly."""
    lengths = np.hypot(*np.diff(stroke.astype(np.float64), axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    total = float(along[-1])
    if not total:
        return stroke
    knots = np.linspace(0, total, 2 + int(min(4096, total / (side * _KNOT))))
    pushes = rng.normal(0, amount * side, (2, len(knots)))
    even = np.linspace(0, total, 2 + int(min(16384, total / (side * _STEP))))
    at = np.union1d(along, even)
    shaken = [
        np.interp(at, along, stroke[:, axis]) + np.interp(at, knots, pushes[axis])
        for axis in (0, 1)
    ]
    return np.stack(shaken, axis=1)
