"""Losses in which generator and discriminator play against each other."""

from typing import Any

import tensorflow as tf

import zoo


def bce(options: zoo.Options) -> tuple[zoo.LossTerm, ...]:
    """Binary cross-entropy of the discriminator's logits, non-saturating.

    The generator's side is ``softplus(-fake)``, the discriminator's ``softplus(-real) +
    softplus(fake)``; (B,) each. Goodfellow et al. 2014.
    """
    return (
        zoo.LossTerm(name="bce", side="generator", reads=("d_fake",), call=_fool, adversarial=True),
        zoo.LossTerm(
            name="bce",
            side="discriminator",
            reads=("d_real", "d_fake"),
            call=_tell_apart,
            adversarial=True,
        ),
    )


def _fool(c: Any) -> Any:
    return zoo.over_maps(lambda fake: tf.nn.softplus(-fake), c.d_fake.logits)


def _tell_apart(c: Any) -> Any:
    return zoo.over_maps(
        lambda real, fake: tf.nn.softplus(-real) + tf.nn.softplus(fake),
        c.d_real.logits,
        c.d_fake.logits,
    )
