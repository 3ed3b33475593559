"""Which decoding draws the best lines, on validation drawings."""

from itertools import product

from zoo.data.examples import Batch
from zoo.decoding import Decoding
from zoo.inference import Predict
from zoo.training.threshold import choose_threshold
from zoo.training.validation import complete_fixed

# Mirroring costs twice the time, draws as many times as they are: each must be worth it.
_WORTH = 0.002


def choose_decoding(
    predict: Predict, fixed: Batch, batch_size: int, draws: int = 1
) -> tuple[Decoding, float]:
    """Choose threshold, mirroring and draws by the mean ``ink_f1`` of fixed drawings.

    From the cheapest to the dearest; a dearer one is taken if it scores 0.002 more.

    Args:
        predict: The network.
        fixed: The drawings, a few hundred: it takes ``3 + 3 * draws`` inferences of each.
        batch_size: Drawings at once.
        draws: How many draws to try; 1 for a network that takes no noise.

    Returns:
        The decoding and its mean ``ink_f1``.
    """
    best, best_score = Decoding(), -1.0
    for count, mirror in product(sorted({1, draws}), (False, True)):
        # Which draws agree is told at the threshold that is best for one.
        tried = Decoding(best.threshold, mirror, count)
        ink = complete_fixed(predict, fixed, batch_size, tried)
        threshold, score = choose_threshold(ink, fixed["target"], fixed["mask"])
        if score >= best_score + _WORTH:
            best, best_score = Decoding(threshold, mirror, count), score
    return best, best_score
