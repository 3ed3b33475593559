"""The contract of a mask.

The spec's target is a function ``build(options) -> MaskFamily``:

    def build(options: zoo.Options) -> MaskFamily:
        def family(rng, ink, strokes, progress):
            height, width = ink.shape
            column = rng.integers(width)

            def grow(s):
                mask = np.zeros((height, width), np.float32)
                reach = s * width / 2
                mask[:, max(0, round(column - reach)) : round(column + reach)] = 1
                return mask

            return grow

        return family

A family draws one hole at random, as a function that grows: ``grow(0)`` is its smallest size and
``grow(1)`` its largest, and the ink that it removes never shrinks with ``s``. Core fits ``s`` to
the share of ink that is to be removed, and owns bounds, retries and blank drawings.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np

Grow = Callable[[float], np.ndarray]


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
