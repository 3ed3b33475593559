"""Losses in which generator and discriminator play against each other.

Each is a pair of terms, (B,) each, averaged over the positions of a map of logits and then over the
maps. A logit above 0 says "real".
"""

from collections.abc import Callable, Iterable
from typing import Any

import tensorflow as tf

import zoo


def bce(options: zoo.Options) -> tuple[zoo.LossTerm, ...]:
    """Binary cross-entropy of the logits, non-saturating.

    Generator: ``softplus(-fake)``; discriminator: ``softplus(-real) + softplus(fake)``.
    Goodfellow et al. 2014, Generative Adversarial Networks.
    """
    return _pair(
        "bce",
        lambda fake: tf.nn.softplus(-fake),
        lambda real, fake: tf.nn.softplus(-real) + tf.nn.softplus(fake),
    )


def lsgan(options: zoo.Options) -> tuple[zoo.LossTerm, ...]:
    """Least squares: real logits go to 1, fake ones to 0, and the generator wants 1.

    Generator: ``(fake - 1)²/2``; discriminator: ``((real - 1)² + fake²)/2``.
    Mao et al. 2017, Least Squares Generative Adversarial Networks.
    """
    return _pair(
        "lsgan",
        lambda fake: tf.square(fake - 1) / 2,
        lambda real, fake: (tf.square(real - 1) + tf.square(fake)) / 2,
    )


def hinge(options: zoo.Options) -> tuple[zoo.LossTerm, ...]:
    """Logits beyond a margin of 1 teach the discriminator nothing more.

    Generator: ``-fake``; discriminator: ``max(0, 1 - real) + max(0, 1 + fake)``.
    Lim and Ye 2017, Geometric GAN.
    """
    return _pair(
        "hinge",
        lambda fake: -fake,
        lambda real, fake: tf.nn.relu(1 - real) + tf.nn.relu(1 + fake),
    )


def wgan(options: zoo.Options) -> tuple[zoo.LossTerm, ...]:
    """Difference of logits: an estimate of the Wasserstein distance if the critic is Lipschitz.

    Generator: ``-fake``; discriminator: ``fake - real``. Without a regulariser it has no bound, so
    it asks for one. Arjovsky et al. 2017, Wasserstein GAN.
    """
    return _pair(
        "wgan", lambda fake: -fake, lambda real, fake: fake - real, requires=("regulariser",)
    )


def relativistic(options: zoo.Options) -> tuple[zoo.LossTerm, ...]:
    """Is the real drawing more real than what was made of it? Pairs of the same drawing.

    Generator: ``softplus(real - fake)``; discriminator: ``softplus(fake - real)``.
    Jolicoeur-Martineau 2018, The Relativistic Discriminator; Huang et al. 2024, The GAN is Dead;
    Long Live the GAN!
    """
    return _pair(
        "relativistic",
        lambda real, fake: tf.nn.softplus(real - fake),
        lambda real, fake: tf.nn.softplus(fake - real),
        paired=True,
    )


def _pair(
    name: str,
    fool: Callable[..., Any],
    tell_apart: Callable[[Any, Any], Any],
    *,
    paired: bool = False,
    requires: Iterable[str] = (),
) -> tuple[zoo.LossTerm, ...]:
    """Both sides' terms from functions of a map's logits; ``fool(real, fake)`` if paired."""

    def fooling(c: Any) -> Any:
        maps = (c.d_real.logits, c.d_fake.logits) if paired else (c.d_fake.logits,)
        return zoo.over_maps(fool, *maps)

    def telling_apart(c: Any) -> Any:
        return zoo.over_maps(tell_apart, c.d_real.logits, c.d_fake.logits)

    both = ("d_real", "d_fake")
    return (
        zoo.LossTerm(
            name=name,
            side="generator",
            reads=both if paired else ("d_fake",),
            call=fooling,
            adversarial=True,
        ),
        zoo.LossTerm(
            name=name,
            side="discriminator",
            reads=both,
            call=telling_apart,
            adversarial=True,
            requires=requires,
        ),
    )
