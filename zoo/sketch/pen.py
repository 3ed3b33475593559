"""What pen drew the visible lines: how wide they are and how soft their edges."""

import math
from dataclasses import dataclass, field

import cv2
import numpy as np

_LINE = 0.5  # from where on ink is line
_STEP = 0.25  # pixels between the samples of a cross-section
_SECTIONS = 600  # cross-sections that are measured, at most
_NEAR = 9  # of them, that tell the width at a place
_STRAIGHT = 0.15  # of the variance along a line, how much may be across it
_SHARPEST = 0.35  # pixels, standard deviation of an edge: no pixel grid shows a sharper one
_REFINEMENTS = 6
_ALONE = 0.3  # ink beside a line that is not its own


@dataclass(frozen=True, eq=False)
class Pen:
    """A pen: a line's cross-section is a bar whose edges are blurred.

    Attributes:
        width: Of its typical line where that has half of its strength, in pixels.
        core: Width of the bar.
        softness: Standard deviation of the blur in pixels.
        strength: Ink in the middle of a line, in [0, 1].
        places: (n, 2) float32 x, y at which a width was measured.
        widths: (n,) float32 those widths.
    """

    width: float
    core: float
    softness: float
    strength: float = 1.0
    places: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    widths: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))

    def width_at(self, place: np.ndarray, reach: float) -> float:
        """Width of the lines within ``reach`` pixels of x, y; the typical one if there are none."""
        away = np.hypot(*(self.places - place).T)
        nearest = np.argsort(away)[:_NEAR]
        nearest = nearest[away[nearest] <= reach]
        return float(np.median(self.widths[nearest])) if nearest.size else self.width

    def ink(self, distance: np.ndarray, width: np.ndarray | float) -> np.ndarray:
        """Ink in [0, 1] at distances from the middle of a line of a width, float32."""
        half = np.asarray(width) / self.width * self.core / 2
        whole = _bar(np.zeros(()), half, self.softness)
        share = _bar(distance, half, self.softness) / whole
        return (self.strength * share.clip(0, 1)).astype(np.float32)


def measure_pen(ink: np.ndarray, hidden: np.ndarray) -> Pen | None:
    """Measure the lines that are visible.

    Cross-sections at right angles to straight pieces of their skeleton are aligned; their median
    is fitted.

    Args:
        ink: (H, W) float32 in [0, 1], ink = 1, 0 where hidden.
        hidden: (H, W) bool.

    Returns:
        None if there is no line that can be measured.
    """
    from skimage.morphology import skeletonize

    solid = np.pad((ink > _LINE) & ~hidden, 1)
    depth = cv2.distanceTransform(solid.astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    skeleton = skeletonize(solid[1:-1, 1:-1])
    if not skeleton.any():
        return None
    rough = 2 * float(np.median(depth[skeleton]))
    # Where the line is hidden, or ends at the picture's border, it cannot be seen across.
    away = cv2.distanceTransform(np.pad(~hidden, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    measurable = skeleton & (away > rough + 2) & (depth < 2 * rough)
    places, normals = _straight(skeleton, measurable, rough)
    if not len(places):
        return None
    reach = rough + 3
    at = np.arange(-reach, reach + _STEP / 2, _STEP)
    for _ in range(2):  # The second time from the middle of the line, not of a pixel.
        sections = _sample(ink, places, normals, at)
        weights = sections * (np.abs(at) <= rough / 2 + 2)
        total = weights.sum(axis=1)
        places, normals, total = (kept[total > 0] for kept in (places, normals, total))
        shift = (weights[weights.sum(axis=1) > 0] @ at) / total
        places = places + shift[:, None] * normals
    sections = _sample(ink, places, normals, at)
    typical = np.median(sections, axis=0)
    core, softness, strength = _fit(at, typical, rough)
    width = _visible(core, softness)
    inner = np.abs(at) <= rough / 2 + 2
    # Where another line is near, both are seen.
    alone = sections[:, ~inner].max(axis=1) < _ALONE
    if not alone.any():
        return Pen(width, core, softness, strength)
    places, areas = places[alone], sections[alone][:, inner].sum(axis=1)
    widths = width * (areas / max(float(np.median(areas)), 1e-6)).clip(0.4, 2.5)
    return Pen(
        width, core, softness, strength, places.astype(np.float32), widths.astype(np.float32)
    )


def _straight(
    skeleton: np.ndarray, wanted: np.ndarray, rough: float
) -> tuple[np.ndarray, np.ndarray]:
    """Some wanted skeleton pixels on straight pieces: x, y (n, 2) and unit normals (n, 2)."""
    y, x = np.nonzero(wanted)
    side = 2 * math.ceil(1.5 * rough + 2) + 1
    page = skeleton.astype(np.float64)
    rows, columns = np.indices(skeleton.shape, np.float64)

    def around(values: np.ndarray) -> np.ndarray:
        mean: np.ndarray = cv2.boxFilter(values, -1, (side, side), borderType=cv2.BORDER_CONSTANT)
        return mean[y, x]

    count = np.maximum(around(page), 1e-12)
    mean_x, mean_y = around(page * columns) / count, around(page * rows) / count
    xx = around(page * columns**2) / count - mean_x**2
    yy = around(page * rows**2) / count - mean_y**2
    xy = around(page * rows * columns) / count - mean_x * mean_y
    half, spread = (xx + yy) / 2, np.hypot((xx - yy) / 2, xy)
    straight = np.flatnonzero((half - spread < _STRAIGHT * (half + spread)) & (half > 1))
    chosen = straight[:: 1 + len(straight) // _SECTIONS]
    angle = 0.5 * np.arctan2(2 * xy, xx - yy)[chosen]
    normals = np.stack([-np.sin(angle), np.cos(angle)], axis=1)
    return np.stack([x, y], axis=1)[chosen].astype(np.float64), normals


def _sample(ink: np.ndarray, places: np.ndarray, normals: np.ndarray, at: np.ndarray) -> np.ndarray:
    """(n, len(at)) ink along the normals."""
    points = (places[:, None] + at[:, None] * normals[:, None]).astype(np.float32)
    return cv2.remap(ink, points[..., 0], points[..., 1], cv2.INTER_CUBIC).clip(0, 1)


def _fit(at: np.ndarray, section: np.ndarray, rough: float) -> tuple[float, float, float]:
    """Width, softness and strength of a cross-section, by least squares on ever finer grids."""
    middle, spread = np.array([rough, 0.5 + rough / 8]), np.array([rough, 0.5 + rough / 4])
    best = (rough, 1.0, 1.0)
    for _ in range(_REFINEMENTS):
        least = math.inf
        for width in np.linspace(-1, 1, 9) * spread[0] + middle[0]:
            for softness in np.linspace(-1, 1, 9) * spread[1] + middle[1]:
                w, s = max(0.5, float(width)), max(_SHARPEST, float(softness))
                shape = _bar(at, np.asarray(w / 2), s) / _bar(np.zeros(()), np.asarray(w / 2), s)
                strength = float(section @ shape / (shape @ shape))
                error = float(((section - strength * shape) ** 2).sum())
                if error < least:
                    least, best = error, (w, s, min(1.0, strength))
        middle, spread = np.array(best[:2]), spread / 2.5
    return best


def _visible(core: float, softness: float) -> float:
    """Twice the distance at which a bar has half of its strength."""
    at = np.linspace(0, core + 4 * softness, 1001)
    share = _bar(at, np.asarray(core / 2), softness)
    return 2 * float(np.interp(-0.5, -share / share[0], at))


def _bar(distance: np.ndarray, half: np.ndarray, softness: float) -> np.ndarray:
    """A bar from -half to half, blurred by a Gaussian."""
    return _normal((distance + half) / softness) - _normal((distance - half) / softness)


_GRID = np.linspace(-6, 6, 2401)
_AREA = np.array([0.5 * (1 + math.erf(z / math.sqrt(2))) for z in _GRID.tolist()])


def _normal(z: np.ndarray) -> np.ndarray:
    """The normal distribution's area up to z."""
    return np.interp(z, _GRID, _AREA)
