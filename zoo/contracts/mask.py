"""The contract of a mask.

The spec's target is a function ``build(options) -> MaskFamily``:

    def build(options: zoo.Options) -> MaskFamily:
        def family(rng, ink, strokes, progress):
            height, width = ink.shape
            column = rng.integers(width)

            away = np.abs(np.arange(width) - column) / width
            return Arrival(np.broadcast_to(away, (height, width)))

        return family

A family draws one hole at random, as a function that grows: ``grow(0)`` is its smallest size and
``grow(1)`` its largest, and the ink that it removes never shrinks with ``s``. Core fits ``s`` to
the share of ink that is to be removed, and owns bounds, retries, the ramp over training and blank
drawings. Any function from s to a mask will do; an ``Arrival`` is fitted without drawing it again
and again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

Grow = Callable[[float], np.ndarray]


@dataclass(frozen=True)
class Arrival:
    """A hole that grows pixel by pixel: from s to an (H, W) float32 mask, 1 = hole.

    Attributes:
        at: (H, W) of any float type: the s at which the hole reaches a pixel; above 1: never.
    """

    at: np.ndarray

    def __call__(self, s: float) -> np.ndarray:
        """The hole at size s."""
        return (self.at <= s).astype(np.float32)


class MaskFamily(Protocol):
    """Draws one hole of random place and shape, as a function of its size."""

    def __call__(
        self,
        rng: np.random.Generator,
        ink: np.ndarray,
        strokes: Sequence[np.ndarray] | None,
        progress: float,
    ) -> Grow:
        """Draw a hole.

        Args:
            rng: The only source of randomness.
            ink: (H, W) float32 in [0, 1], the whole drawing.
            strokes: Pen strokes as (n, 2) float32 arrays of x, y in pixels of ``ink``, or None
                for a drawing that has none.
            progress: 0 at the start of training, 1 at its end.

        Returns:
            From s in [0, 1] to an (H, W) float32 mask of {0, 1}, 1 = hole.
        """
        ...


class MaskBuilder(Protocol):
    """What the target of a ``MaskSpec`` must be."""

    def __call__(self, options: Any) -> MaskFamily:
        """Make the family."""
        ...
