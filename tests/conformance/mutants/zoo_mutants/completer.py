"""A correct completer and its mutants."""

import numpy as np

from zoo_mutants.options import TinyOptions


def _noise(images, seeds):
    """A little ink at random, another for each seed."""
    return np.stack(
        [np.random.default_rng(seed).random(images.shape[1:], np.float32) / 9 for seed in seeds]
    )


def _completer(complete):
    """The builder of a completer of one expression."""

    def build(options: TinyOptions, training_source):
        return lambda keys, images, masks, seeds: complete(images, masks, seeds)

    return build


build = _completer(lambda images, masks, seeds: _noise(images, seeds))
ink_fits_the_drawings = _completer(lambda images, masks, seeds: np.zeros(images.shape))
survives_extremes = _completer(
    # The mean ink of what is visible: 0 / 0 where nothing is.
    lambda images, masks, seeds: (
        np.zeros_like(images)
        + images.sum((1, 2, 3), keepdims=True) / (1 - masks).sum((1, 2, 3), keepdims=True)
    )
)
examples_are_independent = _completer(
    lambda images, masks, seeds: np.zeros_like(images) + images.mean()
)
same_seed_same_completion = _completer(
    lambda images, masks, seeds: _noise(images, [None] * len(images))
)


def works_without_training_drawings(options: TinyOptions, training_source):
    """Must have some."""
    grey = np.float32(1 / (1 + len(training_source)))
    return lambda keys, images, masks, seeds: np.zeros_like(images) + grey


def leaves_its_inputs_alone(options: TinyOptions, training_source):
    """Empties what it was given."""

    def complete(keys, images, masks, seeds):
        drawn = _noise(images, seeds)
        images *= 0
        return drawn

    return complete


def leaves_global_state_alone(options: TinyOptions, training_source):
    """Sets a seed that is not its own."""

    def complete(keys, images, masks, seeds):
        np.random.seed(0)
        return _noise(images, seeds)

    return complete
