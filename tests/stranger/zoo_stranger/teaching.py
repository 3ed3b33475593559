"""Two losses."""

import tensorflow as tf

import zoo


def edges(options):
    """Mean squared difference of the steps between neighbouring pixels; (B,)."""

    def steps(drawing):
        return drawing[:, 1:, 1:] - drawing[:, :-1, :-1]

    def call(c):
        return tf.reduce_mean(tf.square(steps(c.composite) - steps(c.target)), (1, 2, 3))

    reads = ("composite", "target")
    return (
        zoo.LossTerm(
            name="edges",
            side="generator",
            reads=reads,
            call=call,
            zero_at_truth=True,
            per_stage=True,
        ),
    )


def restless(options):
    """exp(-difference of two completions), 1 where they agree; (B,)."""

    def call(c):
        difference = tf.reduce_sum(tf.abs(c.second.composite - c.composite), (1, 2, 3))
        return tf.exp(-difference / tf.maximum(tf.reduce_sum(c.mask, (1, 2, 3)), 1))

    reads = ("second", "composite", "mask")
    return (zoo.LossTerm(name="restless", side="generator", reads=reads, call=call),)
