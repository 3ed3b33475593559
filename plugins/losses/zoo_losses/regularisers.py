"""Losses that keep the discriminator's slope in check.

Both differentiate a gradient: lazily, with ``every=16``, they cost little (Karras et al. 2020,
Analyzing and Improving the Image Quality of StyleGAN).
"""

from typing import Any, Literal

import tensorflow as tf

import zoo

# Inside of the root, whose own slope is infinite at 0.
_EPSILON = 1e-8


def r1(options: zoo.Options) -> tuple[zoo.LossTerm, ...]:
    """Half the squared norm of the critic's gradient at true drawings; (B,).

    The weight is the paper's gamma. Mescheder et al. 2018, Which Training Methods for GANs do
    actually Converge?
    """
    return (_regulariser("r1", "real", lambda squared: squared / 2),)


def gradient_penalty(options: zoo.Options) -> tuple[zoo.LossTerm, ...]:
    """Squared distance from 1 of the norm of the critic's gradient between real and fake; (B,).

    At a uniform interpolation of a drawing and what was made of it; the weight is the paper's
    lambda, 10 there. Gulrajani et al. 2017, Improved Training of Wasserstein GANs.
    """
    return (
        _regulariser(
            "gradient_penalty", "mix", lambda squared: tf.square(tf.sqrt(squared + _EPSILON) - 1)
        ),
    )


def _regulariser(name: str, at: Literal["real", "mix"], of_squared_norm: Any) -> zoo.LossTerm:
    def call(c: Any) -> Any:
        return of_squared_norm(tf.reduce_sum(tf.square(c.d_gradient(at)), (1, 2, 3)))

    return zoo.LossTerm(
        name=name,
        side="discriminator",
        reads=("d_gradient",),
        call=call,
        provides=("regulariser",),
    )
