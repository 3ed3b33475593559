"""The contract of a metric.

The spec's target is a function ``build(options) -> Metric``. The spec adds ``version``, ``draws``
(how many completions it wants) and ``higher_is_better``.
"""

from typing import Any, Protocol

import numpy as np


class Metric(Protocol):
    """Scores the completions of one drawing."""

    def __call__(
        self, completions: np.ndarray, target: np.ndarray, mask: np.ndarray, threshold: float
    ) -> dict[str, float]:
        """Score one drawing.

        Args:
            completions: (K, H, W) float32 composites in [0, 1], ink = 1; K is the spec's
                ``draws``. A metric that wants one and is given more judges the first.
            target: (H, W) float32, the true drawing.
            mask: (H, W) float32, 1 = hole.
            threshold: From where on a value counts as ink.

        Returns:
            One or more named numbers; the first is the score.
        """
        ...


class MetricBuilder(Protocol):
    """What the target of a ``MetricSpec`` must be."""

    def __call__(self, options: Any) -> Metric:
        """Make the metric."""
        ...
