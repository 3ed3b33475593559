"""The contract of a completer: whatever redraws holes, trained or not.

The spec's target is a function ``build(options, training_source) -> Completer``. The training
source is a ``Source`` of the training split, whose sketches have a ``raster`` that core drew at the
size of the images to be completed, or None if there are no training drawings.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np


class Completer(Protocol):
    """Redraws the holes of a batch. The result does not depend on how examples are batched."""

    def __call__(
        self,
        keys: Sequence[str],
        images: np.ndarray,
        masks: np.ndarray,
        seeds: Sequence[int],
    ) -> np.ndarray:
        """Complete B drawings.

        Args:
            keys: The drawings' keys.
            images: (B, H, W, 1) float32 in [0, 1], ink = 1, the hole emptied.
            masks: (B, H, W, 1) float32, 1 = hole.
            seeds: One number per drawing; another number may give another completion.

        Returns:
            (B, H, W, 1) float32 ink in [0, 1]. Core composites it with the visible part.
        """
        ...


class CompleterBuilder(Protocol):
    """What the target of a ``CompleterSpec`` must be."""

    def __call__(self, options: Any, training_source: Any) -> Completer:
        """Make the completer."""
        ...
