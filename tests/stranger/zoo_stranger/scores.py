"""A metric."""

import numpy as np


def build(options):
    """Intersection over union of ink in the hole."""

    def overlap(completions, target, mask, threshold):
        hole = mask > 0
        truth = target[hole] >= threshold
        scores = []
        for completion in completions:
            drawn = completion[hole] >= threshold
            either = np.count_nonzero(drawn | truth)
            scores.append(np.count_nonzero(drawn & truth) / either if either else 1.0)
        return {"overlap": float(np.mean(scores))}

    return overlap
