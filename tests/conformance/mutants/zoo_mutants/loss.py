"""A correct loss and its mutants."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

import zoo
from zoo_mutants.options import TinyOptions

READS = ("ink", "target", "mask")


def l1(c: Any) -> Any:
    """The ink that is missing or too much in the hole, (B,)."""
    return tf.reduce_mean(tf.abs(c.ink - c.target) * c.mask, (1, 2, 3))


def _loss(call: Callable[[Any], Any] = l1, **changes: Any) -> Callable[[TinyOptions], Any]:
    """The builder of a loss of one term, correct but for what is changed."""

    def build(options: TinyOptions) -> tuple[zoo.LossTerm, ...]:
        right = {"name": "l1", "side": "generator", "reads": READS}
        right |= {"zero_at_truth": True, "per_stage": True}
        return (zoo.LossTerm(call=call, **(right | changes)),)

    return build


def _pair(fool: Callable[[Any], Any]) -> tuple[zoo.LossTerm, ...]:
    """A generator's term of the logits of fakes, and a discriminator that tells them apart."""

    def fooling(c: Any) -> Any:
        return zoo.over_maps(fool, c.d_fake.logits)

    def apart(c: Any) -> Any:
        real = zoo.over_maps(lambda logits: tf.nn.softplus(-logits), c.d_real.logits)
        return real + zoo.over_maps(tf.nn.softplus, c.d_fake.logits)

    sides = {"generator": (fooling, ("d_fake",)), "discriminator": (apart, ("d_real", "d_fake"))}
    return tuple(
        zoo.LossTerm(name="adversary", side=side, reads=reads, call=call, adversarial=True)
        for side, (call, reads) in sides.items()
    )


def build(options: TinyOptions) -> tuple[zoo.LossTerm, ...]:
    """The correct one: all that a loss can be."""
    return (*_loss()(options), *_pair(lambda logits: tf.nn.softplus(-logits)))


def terms_have_names_of_their_own(options: TinyOptions) -> tuple[zoo.LossTerm, ...]:
    """Twice the same."""
    return build(options) * 2


gives_one_value_per_example = _loss(lambda c: l1(c)[:, tf.newaxis])
survives_extremes = _loss(
    # The slope of a root is infinite at 0.
    lambda c: tf.reduce_mean(tf.sqrt(tf.abs(c.ink - c.target)) * c.mask, (1, 2, 3)),
    zero_at_truth=False,
)
survives_any_critic = _loss(
    # Again a root, of what a critic without a slope makes 0.
    lambda c: tf.sqrt(tf.reduce_sum(tf.square(c.d_gradient("real")), (1, 2, 3))),
    side="discriminator",
    reads=("d_gradient",),
    zero_at_truth=False,
    per_stage=False,
)
teaches_its_side = _loss(
    lambda c: tf.reduce_mean(c.d_real.features[0], (1, 2, 3)) + 0 * l1(c),
    reads=(*READS, "d_real"),
    zero_at_truth=False,
    per_stage=False,
)
is_zero_at_the_truth = _loss(lambda c: l1(c) + 0.1)
duplicates_change_nothing = _loss(lambda c: l1(c) / c.target.shape[0])
examples_are_independent = _loss(lambda c: (l1(c) + tf.reduce_mean(l1(c))) / 2)
same_value_every_time = _loss(lambda c: l1(c) * (1 + 1e-5 * random.Random().random()))
declares_what_it_reads = _loss(lambda c: l1(c) + 0 * c.progress)
reads_what_it_declares = _loss(reads=(*READS, "second"))
stages_are_judged_by_what_they_draw = _loss(
    lambda c: tf.reduce_mean(tf.abs(c.second.ink - c.target) * c.mask, (1, 2, 3)),
    reads=("second", "target", "mask"),
)


def adversaries_pull_apart(options: TinyOptions) -> tuple[zoo.LossTerm, ...]:
    """Both sides want fakes to look fake."""
    return _pair(tf.nn.softplus)


trains_in_a_step = _loss(lambda c: l1(c) * float(c.mask.numpy().max() <= 1))


def _seeding(c: Any) -> Any:
    np.random.seed(0)
    return l1(c)


leaves_global_state_alone = _loss(_seeding)
