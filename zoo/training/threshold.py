"""From where on a generator's ink counts as a line."""

import numpy as np

from zoo.evaluation.ink_f1 import ink_f1

_CANDIDATES = np.arange(3, 19) / 20


def choose_threshold(ink: np.ndarray, target: np.ndarray, mask: np.ndarray) -> tuple[float, float]:
    """The threshold, from 0.15 to 0.9 in steps of 0.05, that scores best on fixed drawings.

    Args:
        ink: (N, H, W, 1) in [0, 1], before compositing.
        target: (N, H, W, 1) in [0, 1].
        mask: (N, H, W, 1), 1 = hole.

    Returns:
        The threshold, the smallest of equally good ones, and its mean ``ink_f1``.
    """
    composites = (target * (1 - mask) + ink * mask).astype(np.float32)
    scores = [
        [ink_f1(*drawing, threshold).f1 for threshold in _CANDIDATES.tolist()]
        for drawing in zip(composites[..., 0], target[..., 0], mask[..., 0], strict=True)
    ]
    means = np.mean(scores, axis=0)
    best = int(np.argmax(means))
    return float(_CANDIDATES[best]), float(means[best])
