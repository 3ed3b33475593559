"""Losses of two completions of the same drawing, from two noise draws."""

from collections.abc import Callable
from typing import Any

import tensorflow as tf

import zoo
from zoo_losses.lines import blurred_dice_of, dice_of
from zoo_losses.options import BestOfTwoOptions, ModeseekOptions
from zoo_losses.pixels import absolute_error, cross_entropy, per_hole_pixel

# What is read of a draw, and its loss.
_MEASURES: dict[str, tuple[str, Callable[..., Any]]] = {
    "ink_bce": ("logits", cross_entropy),
    "l1": ("ink", absolute_error),
    "dice": ("composite", dice_of),
    "blurred_dice": ("composite", blurred_dice_of),
}


def modeseek(options: ModeseekOptions) -> tuple[zoo.LossTerm, ...]:
    """Another noise should give another completion: ``epsilon / (ratio + epsilon)``; (B,), [0, 1].

    The ratio is that of the mean absolute difference of the completions in the hole to that of the
    noises; two equal noises ask for nothing: 0. The paper's ``1 / (ratio + 1e-5)`` begins at
    100,000 where noise is ignored. Mao et al. 2019, Mode Seeking Generative Adversarial Networks.
    """

    def call(c: Any) -> Any:
        apart = per_hole_pixel(c.mask, c.mask * tf.abs(c.second.composite - c.composite))
        noise = tf.abs(c.second.noise - c.noise)
        noise = tf.reduce_mean(tf.reshape(noise, (tf.shape(noise)[0], -1)), 1)
        return tf.math.divide_no_nan(options.epsilon * noise, apart + options.epsilon * noise)

    return (
        zoo.LossTerm(
            name="modeseek",
            side="generator",
            reads=("second", "composite", "noise", "mask"),
            call=call,
            requires=("noise",),
        ),
    )


def best_of_two(options: BestOfTwoOptions) -> tuple[zoo.LossTerm, ...]:
    """The smaller loss of two noise draws: the other may be another good answer; (B,).

    ``of`` is ``ink_bce``, ``l1`` or one of the tolerant ``dice`` and ``blurred_dice``, each with
    its defaults. Guzman-Rivera et al. 2012, Multiple Choice Learning; Bhattacharyya et al. 2018,
    Best of Many Samples.
    """
    field, measure = _MEASURES[options.of]

    def call(c: Any) -> Any:
        draws = (getattr(c, field), getattr(c.second, field))
        return tf.minimum(*(measure(draw, c.target, c.mask) for draw in draws))

    return (
        zoo.LossTerm(
            name="best_of_two",
            side="generator",
            reads=("second", field, "target", "mask"),
            call=call,
            zero_at_truth=options.of != "ink_bce",
            requires=("noise",),
        ),
    )
