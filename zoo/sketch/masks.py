"""Fitting any family's hole to the ink that it is to remove."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zoo.contracts.mask import Arrival, Grow, MaskFamily
from zoo.errors import PluginError

_TRIES = 8
_BISECTIONS = 10
_TOLERANCE = 0.005  # of the share of ink: nearer is not asked for


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
    """What a hole may remove: a share of the ink, and at most a share of the area.

    Attributes:
        ink_min: Smallest share of ink.
        ink_max: Largest share of ink.
        area_max: Largest share of the area.
        ink_start: What ``ink_max`` is at progress 0, or None for the same throughout.
        ink_ramp: The progress from which on it is ``ink_max``.
    """

    ink_min: float = 0.1
    ink_max: float = 0.6
    area_max: float = 0.6
    ink_start: float | None = None
    ink_ramp: float = 0.5

    def at(self, progress: float) -> "HoleBounds":
        """The bounds in force at a progress in [0, 1]."""
        if self.ink_start is None:
            return self
        grown = min(1.0, progress / self.ink_ramp)
        ink_max = self.ink_start + grown * (self.ink_max - self.ink_start)
        return replace(self, ink_max=ink_max, ink_start=None)


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
    """Draw a hole of the size at which it removes a share of ink drawn within the bounds.

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
    bounds = bounds.at(progress)
    total = float(ink.sum())
    if total <= 0:
        grow = family(rng, ink, strokes, progress)
        return Hole(_not_empty(grow, grow(float(rng.random()))), share=0.0, fits=False)
    pixels = np.flatnonzero(ink > 0)  # of bool: five times as fast
    weights = ink.ravel()[pixels]
    tries: list[tuple[float, Hole]] = []
    for _ in range(_TRIES):
        target = float(rng.uniform(bounds.ink_min, bounds.ink_max))
        grow = family(rng, ink, strokes, progress)
        if isinstance(grow, Arrival):
            size = _arrived(grow.at.ravel()[pixels], weights, target * total)
        else:
            size = _bisected(grow, ink, target * total)
        mask = _not_empty(grow, grow(size))
        share = min(1.0, float(np.vdot(ink, mask)) / total)
        outside = _outside(share, float(mask.sum()) / mask.size, bounds)
        tries.append((outside, Hole(mask, share, fits=outside == 0)))
        if outside == 0:
            break
    return min(tries, key=lambda rated: rated[0])[1]


def _outside(share: float, area: float, bounds: HoleBounds) -> float:
    """How far a hole is out of bounds."""
    ink = max(bounds.ink_min - share, share - bounds.ink_max, 0.0)
    return ink + max(area - bounds.area_max, 0.0)


def _arrived(at: np.ndarray, weights: np.ndarray, target: float) -> float:
    """The size at which pixels of a weight closest to the target are removed.

    Args:
        at: (n,) when the hole reaches each pixel of ink.
        weights: (n,) the ink of each.
        target: The weight asked for.
    """
    order = np.argsort(at, kind="stable")
    sizes = at[order]
    removed = np.cumsum(weights[order], dtype=np.float64)
    reachable = int(np.searchsorted(sizes, 1.0, side="right"))
    if not reachable:
        return 1.0
    size = sizes[min(int(np.searchsorted(removed, target)), reachable - 1)]
    # Pixels that are reached together are removed together: this size, or the one before it.
    first = int(np.searchsorted(sizes, size, side="left"))
    last = int(np.searchsorted(sizes, size, side="right")) - 1
    if first and target - removed[first - 1] < removed[last] - target:
        size = sizes[first - 1]
    return float(size)


def _bisected(grow: Grow, ink: np.ndarray, target: float) -> float:
    """The size at which an amount of ink closest to the target is removed."""
    low, high, best = 0.0, 1.0, 1.0
    removed = float(np.vdot(ink, grow(1.0)))
    if removed <= target:
        return 1.0
    error = removed - target
    tolerance = _TOLERANCE * float(ink.sum())
    for _ in range(_BISECTIONS):
        if error <= tolerance:
            break
        middle = (low + high) / 2
        removed = float(np.vdot(ink, grow(middle)))
        low, high = (middle, high) if removed < target else (low, middle)
        if abs(removed - target) < error:
            best, error = middle, abs(removed - target)
    return best


def _not_empty(grow: Grow, mask: np.ndarray) -> np.ndarray:
    if mask.any():
        return mask
    mask = grow(1.0)
    if not mask.any():
        raise PluginError("a mask draws an empty hole: grow(1) must have a pixel that is 1")
    return mask
