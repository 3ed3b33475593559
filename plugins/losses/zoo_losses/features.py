"""Losses in the space of the discriminator's features."""

from typing import Any

import tensorflow as tf

import zoo


def feature_matching(options: zoo.Options) -> tuple[zoo.LossTerm, ...]:
    """Mean absolute difference of features of the made and the true drawing; (B,).

    Averaged over a map's values, then over maps. Salimans et al. 2016, Improved Techniques for
    Training GANs; paired as in Wang et al. 2018, pix2pixHD.
    """

    def call(c: Any) -> Any:
        return zoo.over_maps(lambda a, b: tf.abs(a - b), c.d_fake.features, c.d_real.features)

    return (
        zoo.LossTerm(
            name="feature_matching",
            side="generator",
            reads=("d_fake", "d_real"),
            call=call,
            zero_at_truth=True,
            requires=("features",),
        ),
    )
