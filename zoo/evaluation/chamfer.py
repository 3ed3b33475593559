"""How far redrawn lines are from the hidden ones: symmetric Chamfer distance in the hole."""

import math

import numpy as np

from zoo.contracts.metric import Metric
from zoo.evaluation.skeleton import hole_lines
from zoo.options import Options

CAP = 10.0
"""The largest distance, in percent of the diagonal: farther is just as wrong."""


def chamfer(completed: np.ndarray, target: np.ndarray, mask: np.ndarray, threshold: float) -> float:
    """Mean distance between skeletons in the hole, in percent of the image's diagonal.

    The mean over drawn pixels of the distance to the true skeleton, and over true pixels of the
    distance to the drawn one, averaged. Each distance is at most 10; it is 10 as a whole if only
    one drawing has a skeleton pixel in the hole, and 0 if neither has. 1 is 0.9 px at 64x64 and
    1.8 px at 128x128.

    Paper: Barrow et al. 1977, Parametric Correspondence and Chamfer Matching.

    Args:
        completed: (H, W) float32 composite in [0, 1], ink = 1.
        target: (H, W) float32, the true drawing.
        mask: (H, W) float32, 1 = hole.
        threshold: From where on a value in the hole of ``completed`` counts as ink.
    """
    lines = hole_lines(completed, target, mask, threshold)
    if not lines.drawn.size or not lines.hidden.size:
        return 0.0 if lines.drawn.size == lines.hidden.size else CAP
    percent = 100 / math.hypot(*mask.shape)
    ways = [
        np.minimum(d * percent, CAP).mean(dtype=np.float64) for d in (lines.drawn, lines.hidden)
    ]
    return float(sum(ways) / 2)


def build(options: Options) -> Metric:
    """The metric ``chamfer``; judges the first completion."""

    def metric(
        completions: np.ndarray, target: np.ndarray, mask: np.ndarray, threshold: float
    ) -> dict[str, float]:
        return {"chamfer": chamfer(completions[0], target, mask, threshold)}

    return metric
