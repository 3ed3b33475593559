"""How it learns, and what it teaches: gradients of first and second order, a trivial pair."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from zoo.testing.check import ConformanceError, Subject, check, require
from zoo.testing.checks.discriminator.model import (
    couples_examples,
    inputs_for,
    logits_of,
)
from zoo.testing.models import Inputs, dead_weights, make_training, require_finite, square_model
from zoo.training.context import judge

_STEPS, _RATE = 150, 2e-3  # of Adam
_TOLD_APART = 0.7  # of the cross-entropy of not knowing
_STRIPES = 4  # pixels


@check("discriminator")
def gradient_reaches_the_drawing(subject: Subject) -> None:
    """Each map of logits has a finite gradient to every drawing, which is not zero."""
    with square_model(subject, shake=True) as model:
        inputs = inputs_for(model, 3)
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(inputs["image"])
            maps = [tf.reduce_sum(logits**2) for logits in logits_of(model, inputs, training=True)]
        for number, score in enumerate(maps):
            gradient = tape.gradient(score, inputs["image"])
            require(
                gradient is not None and np.any(gradient, axis=(1, 2, 3)).all(),
                f"map {number} of its logits has no gradient to the drawing: "
                "the generator learns nothing from it",
            )
            require_finite([gradient], f"(gradients to the drawing) of map {number}")


@check("discriminator", unless=couples_examples)
def has_second_order_gradients(subject: Subject) -> None:
    """The norm of its gradient to the drawing, as in R1, has a finite gradient to its weights."""
    with square_model(subject, shake=True) as model:
        inputs = inputs_for(model)
        image, mask = inputs["image"], inputs.get("mask")
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                inner.watch(image)
                total = [tf.reduce_sum(m) for m in judge(model, image, mask, moves=False).logits]
            slope = inner.gradient(total, image)
            require(slope is not None, "its logits have no gradient to the drawing")
            penalty = tf.reduce_sum(tf.square(slope))
        gradients = outer.gradient(penalty, [w.value for w in model.trainable_weights])
    found = [g for g in gradients if g is not None]
    require_finite(found, "in the gradient of the gradient's norm")
    require(
        any(np.any(g) for g in found),
        "the norm of its gradient has no gradient to any weight: R1 would teach it nothing",
    )


@check("discriminator")
def every_weight_learns(subject: Subject) -> None:
    """Every trainable weight gets a finite gradient that is not zero on all of three inputs."""
    with square_model(subject, shake=True) as model:
        batches = [inputs_for(model, seed=seed) for seed in range(3)]
        dead = dead_weights(model, lambda x: logits_of(model, x, training=True), batches)
    require(not dead, f"no gradient reaches {', '.join(dead)}: use the weight or remove it")


@check("discriminator")
def tells_blank_from_striped(subject: Subject) -> None:
    """It learns to tell blank from striped drawings within 150 steps of Adam."""
    with square_model(subject) as model:
        pair = _pair(model)
        step = make_training(model, lambda: _errors(model, *pair), _RATE)
        wanted = _TOLD_APART * 2 * np.log(2)
        reached = np.inf
        for _ in range(_STEPS):
            reached = min(reached, float(tf.reduce_max(step())))
            if reached < wanted:
                return
    raise ConformanceError(
        f"after {_STEPS} steps on a blank and a striped drawing the cross-entropy of its worst map "
        f"is {reached:.3f}, and below {wanted:.3f} wanted"
    )


def _pair(model: keras.Model) -> tuple[Inputs, Inputs]:
    """Striped drawings, which are to be called real, and blank ones."""
    inputs = inputs_for(model)
    height, width = inputs["image"].shape[1:3]
    ink = np.zeros((height, width), np.float32)
    ink[::_STRIPES] = ink[:, ::_STRIPES] = 1
    striped = tf.ones_like(inputs["image"]) * ink[None, ..., None]
    return inputs | {"image": striped}, inputs | {"image": tf.zeros_like(striped)}


def _errors(model: keras.Model, real: Inputs, fake: Inputs) -> Sequence[tf.Tensor]:
    """Each map's cross-entropy of telling real from fake."""

    def mean(inputs: Inputs, sign: int) -> Sequence[tf.Tensor]:
        maps = logits_of(model, inputs, training=True)
        return [tf.reduce_mean(tf.nn.softplus(sign * logits)) for logits in maps]

    return [a + b for a, b in zip(mean(real, -1), mean(fake, 1), strict=True)]
