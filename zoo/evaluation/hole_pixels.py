"""How pixels in the hole differ: cross-entropy and mean absolute difference."""

import numpy as np

from zoo.contracts.metric import Metric
from zoo.options import Options

_LEAST = 1e-6  # probability: a certain mistake costs 13.8 nats


def hole_bce(completed: np.ndarray, target: np.ndarray, mask: np.ndarray) -> float:
    """Binary cross-entropy in nats per pixel of the hole; 0 without a hole.

    Probabilities are clipped to [1e-6, 1 - 1e-6]. The soft edges of a true line have an entropy
    of their own, so that the least value of a drawing with soft edges is above 0.

    Args:
        completed: (H, W) float32 composite in [0, 1], ink = 1.
        target: (H, W) float32, the true drawing.
        mask: (H, W) float32, 1 = hole.
    """
    hole = mask > 0
    p = np.clip(completed[hole].astype(np.float64), _LEAST, 1 - _LEAST)
    truth = target[hole]
    return _mean(-(truth * np.log(p) + (1 - truth) * np.log1p(-p)))


def hole_l1(completed: np.ndarray, target: np.ndarray, mask: np.ndarray) -> float:
    """Mean absolute difference per pixel of the hole, in [0, 1]; 0 without a hole.

    Arguments as ``hole_bce``.
    """
    hole = mask > 0
    return _mean(np.abs(completed[hole] - target[hole]))


def _mean(values: np.ndarray) -> float:
    return float(values.mean(dtype=np.float64)) if values.size else 0.0


def build_bce(options: Options) -> Metric:
    """The metric ``hole_bce``; judges the first completion."""

    def metric(
        completions: np.ndarray, target: np.ndarray, mask: np.ndarray, threshold: float
    ) -> dict[str, float]:
        return {"hole_bce": hole_bce(completions[0], target, mask)}

    return metric


def build_l1(options: Options) -> Metric:
    """The metric ``hole_l1``; judges the first completion."""

    def metric(
        completions: np.ndarray, target: np.ndarray, mask: np.ndarray, threshold: float
    ) -> dict[str, float]:
        return {"hole_l1": hole_l1(completions[0], target, mask)}

    return metric
