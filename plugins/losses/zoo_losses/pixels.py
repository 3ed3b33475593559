"""Losses that compare what was drawn with the true drawing, pixel by pixel.

All return one value per example, (B,), in the dtype of the drawings.
"""

from typing import Any

import tensorflow as tf

import zoo
from zoo_losses.options import (
    ContextOptions,
    FillrateOptions,
    FocalOptions,
    InkBceOptions,
    L1Options,
)

# Keras' clip of probabilities before their logarithm.
_EPSILON = 1e-7


def context(options: ContextOptions) -> tuple[zoo.LossTerm, ...]:
    """Mean cross-entropy over visible pixels in nats, 0 or more; 0 where nothing is visible.

    ``range=tanh`` is the original's fault: both sides in [-1, 1], which are no probabilities, so
    that the value may be negative. The clip keeps it finite. Of the original Completion GAN.
    """

    def call(c: Any) -> Any:
        if options.range == "tanh":
            values = _clipped_cross_entropy(1.0 - 2.0 * c.target, 1.0 - 2.0 * c.ink)
        else:
            values = tf.nn.sigmoid_cross_entropy_with_logits(c.target, c.logits)
        return _mean_where(1.0 - c.mask, values)

    drawn = "ink" if options.range == "tanh" else "logits"
    reads = ("target", "mask", drawn)
    return (zoo.LossTerm(name="context", side="generator", reads=reads, call=call, per_stage=True),)


def fillrate(options: FillrateOptions) -> tuple[zoo.LossTerm, ...]:
    """Squared difference of two rates of ink in the hole, the drawn and the wanted one; in [0, 1].

    ``on=input`` takes the drawn rate from the emptied image, the original's fault: a constant. Of
    the original Completion GAN, which wanted a rate of 0.5 and weighted by 4.
    """

    def call(c: Any) -> Any:
        drawn = _mean_where(c.mask, c.image if options.on == "input" else c.ink)
        wanted = options.target
        if wanted is None:
            wanted = _mean_where(c.mask, c.target)
        return tf.square(drawn - wanted)

    reads = ["mask", "image" if options.on == "input" else "ink"]
    if options.target is None:
        reads.append("target")
    return (
        zoo.LossTerm(
            name="fillrate",
            side="generator",
            reads=tuple(reads),
            call=call,
            zero_at_truth=options.on == "output" and options.target is None,
        ),
    )


def l1(options: L1Options) -> tuple[zoo.LossTerm, ...]:
    """Weighted absolute error of ink, summed and divided by the number of hole pixels; 0 or more.

    In [0, 1] with ``outside=0``. Isola et al. 2017, Image-to-Image Translation with Conditional
    Adversarial Networks.
    """

    def call(c: Any) -> Any:
        return absolute_error(c.ink, c.target, c.mask, options.outside)

    return (
        zoo.LossTerm(
            name="l1",
            side="generator",
            reads=("ink", "target", "mask"),
            call=call,
            zero_at_truth=True,
            per_stage=True,
        ),
    )


def ink_bce(options: InkBceOptions) -> tuple[zoo.LossTerm, ...]:
    """Weighted cross-entropy of ink in nats, summed and divided by the number of hole pixels.

    Not 0 at the truth: a grey pixel of an anti-aliased line keeps its entropy. The factor of ink is
    that of Xie and Tu 2015, Holistically-Nested Edge Detection.
    """

    def call(c: Any) -> Any:
        weights = options.inside * c.mask + options.outside * (1.0 - c.mask)
        weights *= 1.0 + (options.ink - 1.0) * c.target
        values = tf.nn.sigmoid_cross_entropy_with_logits(c.target, c.logits)
        return per_hole_pixel(c.mask, weights * values)

    return (
        zoo.LossTerm(
            name="ink_bce",
            side="generator",
            reads=("logits", "target", "mask"),
            call=call,
            per_stage=True,
        ),
    )


def focal(options: FocalOptions) -> tuple[zoo.LossTerm, ...]:
    """Cross-entropy that forgets what is nearly right: times ``(1 - p)^gamma``, ink times alpha.

    p is the probability of what is true; paper is weighted by ``1 - alpha``. In nats, summed over
    the hole and divided by its pixels. Lin et al. 2017, Focal Loss for Dense Object Detection.
    """

    def call(c: Any) -> Any:
        ink = c.target * options.alpha * _focal(c.logits, options.gamma)
        paper = (1.0 - c.target) * (1.0 - options.alpha) * _focal(-c.logits, options.gamma)
        return per_hole_pixel(c.mask, c.mask * (ink + paper))

    return (
        zoo.LossTerm(
            name="focal",
            side="generator",
            reads=("logits", "target", "mask"),
            call=call,
            per_stage=True,
        ),
    )


def absolute_error(ink: Any, target: Any, mask: Any, outside: float = 0.0) -> Any:
    """Absolute error of ink in the hole per hole pixel, visible pixels weighted; (B,)."""
    weights = mask + outside * (1.0 - mask)
    return per_hole_pixel(mask, weights * tf.abs(ink - target))


def cross_entropy(logits: Any, target: Any, mask: Any) -> Any:
    """Cross-entropy of ink in the hole per hole pixel; (B,)."""
    values = tf.nn.sigmoid_cross_entropy_with_logits(target, logits)
    return per_hole_pixel(mask, mask * values)


def _focal(logits: Any, gamma: float) -> Any:
    """``-(1 - p)^gamma log p`` for p = sigmoid(logits), from logs: no root of 0."""
    return tf.exp(-gamma * tf.nn.softplus(logits)) * tf.nn.softplus(-logits)


def _clipped_cross_entropy(true: Any, drawn: Any) -> Any:
    p = tf.clip_by_value(drawn, _EPSILON, 1.0 - _EPSILON)
    return -(true * tf.math.log(p) + (1.0 - true) * tf.math.log(1.0 - p))


def _mean_where(where: Any, values: Any) -> Any:
    return sum_of(where * values) / tf.maximum(sum_of(where), 1.0)


def per_hole_pixel(mask: Any, values: Any) -> Any:
    """Values, which are 0 outside of the hole, per pixel of the hole: (B,)."""
    return sum_of(values) / tf.maximum(sum_of(mask), 1.0)


def sum_of(values: Any) -> Any:
    """Of each drawing, (B,)."""
    return tf.reduce_sum(values, (1, 2, 3))
