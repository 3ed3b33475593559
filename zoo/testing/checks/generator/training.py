"""How it learns: every weight, the same way for a seed, and well enough for one drawing."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from zoo.data.doodles import build as build_doodles
from zoo.data.options import DoodlesOptions
from zoo.sketch.strokes import fit_strokes, rasterise
from zoo.testing.check import ConformanceError, Subject, check, require
from zoo.testing.checks.generator.model import (
    inputs_for,
    outputs,
    side,
)
from zoo.testing.models import Inputs, dead_weights, make_training, square_model

_STEPS, _RATE = 100, 3e-3  # of Adam
_LEARNT = 0.5  # of the loss at the start and of knowing the share of ink only


@check("generator")
def every_weight_learns(subject: Subject) -> None:
    """Every trainable weight gets a finite gradient that is not zero on all of three inputs."""
    with square_model(subject, shake=True) as model:
        batches = [inputs_for(model, seed=seed) for seed in range(3)]
        dead = dead_weights(model, lambda x: outputs(model, x, training=True), batches)
    require(not dead, f"no gradient reaches {', '.join(dead)}: use the weight or remove it")


@check("generator")
def overfits_a_drawing(subject: Subject) -> None:
    """It learns the hole of one drawing within 100 steps of Adam."""
    with square_model(subject) as model:
        target, inputs = _doodle(model, side(subject))
        share = float(tf.reduce_sum(target * inputs["mask"]) / tf.reduce_sum(inputs["mask"]))
        grey = -share * np.log(share) - (1 - share) * np.log(1 - share)
        given = {name: inputs[name] for name in model.input}

        def errors() -> Sequence[tf.Tensor]:
            drawn = outputs(model, given, training=True)
            return [_in_hole(logits, target, inputs["mask"]) for logits in drawn]

        step = make_training(model, errors, _RATE)
        start = reached = float(step()[0])
        wanted = _LEARNT * min(start, grey)
        for _ in range(_STEPS):
            if reached < wanted:
                return
            reached = min(reached, float(step()[0]))
    raise ConformanceError(
        f"after {_STEPS} steps on one drawing its cross-entropy in the hole is {reached:.3f}: "
        f"{start:.3f} at the start, {grey:.3f} for a grey hole, and below {wanted:.3f} wanted"
    )


def _doodle(model: keras.Model, size: int) -> tuple[tf.Tensor, Inputs]:
    """A drawing and its inputs with a hole of a quarter of each side where the most ink is."""
    strokes = build_doodles(DoodlesOptions())[0].strokes
    assert strokes is not None
    ink = rasterise(fit_strokes(strokes, size, size, size / 16), size, size, size / 16)
    hole = size // 4
    sums = {
        (y, x): ink[y : y + hole, x : x + hole].sum()
        for y in range(0, size - hole, 2)
        for x in range(0, size - hole, 2)
    }
    y, x = max(sums, key=lambda place: sums[place])
    mask = np.zeros_like(ink)
    mask[y : y + hole, x : x + hole] = 1
    values = {"image": ink * (1 - mask), "mask": mask}
    given = {k: tf.constant(v[None, ..., None], keras.config.floatx()) for k, v in values.items()}
    noise = {k: x for k, x in inputs_for(model, 1).items() if k == "noise"}
    return tf.constant(ink[None, ..., None], keras.config.floatx()), given | noise


def _in_hole(logits: tf.Tensor, target: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    logits = tf.image.resize(tf.cast(logits, target.dtype), target.shape[1:3])
    losses = tf.nn.sigmoid_cross_entropy_with_logits(target, logits)
    return tf.reduce_sum(losses * mask) / tf.reduce_sum(mask)
