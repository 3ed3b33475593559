"""How much several completions of one drawing differ, and how good the best of them is."""

import numpy as np

from zoo.contracts.metric import Metric
from zoo.evaluation.ink_f1 import ink_f1
from zoo.options import Options


def pairwise_difference(completions: np.ndarray, mask: np.ndarray) -> float:
    """Mean absolute difference per pixel of the hole over all pairs of completions, in [0, 1].

    Args:
        completions: (K, H, W) float32 composites in [0, 1], ink = 1.
        mask: (H, W) float32, 1 = hole.

    Returns:
        0 for one completion, for equal ones and without a hole.
    """
    values = np.sort(completions[:, mask > 0].astype(np.float64), axis=0)
    count = len(values)
    if count < 2 or not values.size:
        return 0.0
    # Over all pairs, the i-th smallest of K is subtracted K - 1 - i times and added i times.
    weights = 2 * np.arange(count) - (count - 1)
    return float(max(0.0, (weights @ values).mean() / (count * (count - 1) / 2)))


def build(options: Options) -> Metric:
    """The metric ``diversity``: mean pairwise difference, best and mean ``ink_f1`` of the K.

    Paper: Zhu et al. 2017, Toward Multimodal Image-to-Image Translation (diversity as the mean
    distance of pairs; there LPIPS, which was learnt from photographs, here in pixels).
    """

    def metric(
        completions: np.ndarray, target: np.ndarray, mask: np.ndarray, threshold: float
    ) -> dict[str, float]:
        scores = [ink_f1(completed, target, mask, threshold).f1 for completed in completions]
        return {
            "diversity": pairwise_difference(completions, mask),
            "best_ink_f1": max(scores),
            "mean_ink_f1": float(np.mean(scores)),
        }

    return metric
