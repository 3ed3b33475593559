"""A correct metric and its mutants."""

import random

import numpy as np

from zoo_mutants.options import TinyOptions

_OWN = random.Random(0)


def _agreement(completion, target, mask, threshold):
    hole = mask > 0
    return float(((completion >= threshold) == (target >= threshold))[hole].mean())


def _metric(score):
    """The builder of a metric of one expression."""

    def build(options: TinyOptions):
        def agreement(completions, target, mask, threshold):
            return score(completions, target, mask, threshold)

        return agreement

    return build


def _right(completions, target, mask, threshold):
    return {"agreement": _agreement(completions[0], target, mask, threshold)}


build = _metric(_right)
gives_named_numbers = _metric(
    lambda c, target, mask, threshold: {
        "agreement": np.float32(_agreement(c[0], target, mask, threshold))
        if mask.shape[0] == mask.shape[1]
        else _agreement(c[0], target, mask, threshold)
    }
)
height_and_width_may_differ = _metric(
    lambda c, target, mask, threshold: _right(c, target, mask + mask.T, threshold)
)
survives_extremes = _metric(
    # A weight from what is visible: infinite where all is hidden.
    lambda c, target, mask, threshold: {
        "agreement": _agreement(c[0], target, mask, threshold) / float(np.any(mask == 0))
    }
)
names_are_always_the_same = _metric(
    lambda c, target, mask, threshold: {
        "agreement" if target.any() else "blank": _agreement(c[0], target, mask, threshold)
    }
)
judges_the_first_of_several = _metric(
    lambda c, target, mask, threshold: {
        "agreement": float(np.mean([_agreement(one, target, mask, threshold) for one in c]))
    }
)
same_score_every_time = _metric(
    lambda c, target, mask, threshold: {
        "agreement": _agreement(c[0], target, mask, threshold) + 1e-9 * _OWN.random()
    }
)


def leaves_its_inputs_alone(options: TinyOptions):
    """Inks a corner that it does not look at."""

    def agreement(completions, target, mask, threshold):
        completions[:, 0, 0] = 1
        return _right(completions, target, mask, threshold)

    return agreement


def leaves_global_state_alone(options: TinyOptions):
    """Sets a seed that is not its own."""

    def agreement(completions, target, mask, threshold):
        np.random.seed(0)
        return _right(completions, target, mask, threshold)

    return agreement
