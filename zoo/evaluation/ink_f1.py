"""Whether the hidden lines were redrawn: F1 between skeletons in the hole."""

import math
from dataclasses import dataclass

import numpy as np

from zoo.contracts.metric import Metric
from zoo.evaluation.skeleton import hole_lines
from zoo.options import Options

_TOLERANCE = 0.0075  # of the diagonal, as of the Berkeley boundary benchmark


@dataclass(frozen=True)
class InkScore:
    """How the lines in a hole agree.

    Attributes:
        f1: Harmonic mean of precision and recall, in [0, 1].
        precision: Share of the drawn skeleton that lies on the true one.
        recall: Share of the true skeleton that lies on the drawn one.
        ink_ratio: Pixels of ink in the hole, drawn over true: above 1 is too much ink. Beside
            the others, which see only skeletons, it tells fat lines from thin ones.
    """

    f1: float
    precision: float
    recall: float
    ink_ratio: float


def ink_f1(
    completed: np.ndarray, target: np.ndarray, mask: np.ndarray, threshold: float
) -> InkScore:
    """Skeletonise both drawings and match what lies in the hole, many-to-one.

    A pixel is matched if the other drawing's whole skeleton comes within max(1 px, 0.0075 of the
    diagonal). If neither has a skeleton pixel in the hole, all is 1; if only one has, precision,
    recall and F1 are 0. The ink ratio's denominator is at least 1 pixel; no ink for no ink is 1.

    Paper: Martin, Fowlkes and Malik 2004, Learning to Detect Natural Image Boundaries (the
    tolerance; matching there is one-to-one).

    Args:
        completed: (H, W) float32 composite in [0, 1], ink = 1.
        target: (H, W) float32, the true drawing.
        mask: (H, W) float32, 1 = hole.
        threshold: From where on a value in the hole of ``completed`` counts as ink.
    """
    lines = hole_lines(completed, target, mask, threshold)
    ratio = (
        lines.drawn_ink / max(1, lines.hidden_ink) if lines.drawn_ink or lines.hidden_ink else 1.0
    )
    if not lines.drawn.size or not lines.hidden.size:
        agreed = float(lines.drawn.size == lines.hidden.size)
        return InkScore(agreed, agreed, agreed, ratio)
    near = tolerance(*mask.shape)
    precision = float(np.mean(lines.drawn <= near))
    recall = float(np.mean(lines.hidden <= near))
    both = precision + recall
    return InkScore(2 * precision * recall / both if both else 0.0, precision, recall, ratio)


def tolerance(height: int, width: int) -> float:
    """How far apart matching pixels may be, in pixels: 1 at 64x64, 1.36 at 128x128."""
    return max(1.0, _TOLERANCE * math.hypot(height, width))


def build(options: Options) -> Metric:
    """The metric ``ink_f1``; judges the first completion."""

    def metric(
        completions: np.ndarray, target: np.ndarray, mask: np.ndarray, threshold: float
    ) -> dict[str, float]:
        score = ink_f1(completions[0], target, mask, threshold)
        return {
            "ink_f1": score.f1,
            "precision": score.precision,
            "recall": score.recall,
            "ink_ratio": score.ink_ratio,
        }

    return metric
