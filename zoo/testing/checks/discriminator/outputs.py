"""What comes out: shapes, sizes, extremes, and what it depends on."""

import itertools

import keras
import numpy as np
import tensorflow as tf

from zoo.testing.check import Subject, check, require
from zoo.testing.checks.discriminator.model import (
    inputs_for,
    logits_of,
    new_model,
    outputs,
    side,
    without_features,
    without_mask,
)
from zoo.testing.models import SMALLEST, differs, refusal, require_finite, square_model

_CHANGE = 1e-6  # of the largest logit: less is rounding
_BEYOND = 10.0  # what logits must pass in both directions
_WEIGHTS, _INKS = 10.0, 1000.0  # how much is made larger to see it


@check("discriminator")
def logits_fit_the_contract(subject: Subject) -> None:
    """Logits are finite maps (B, 1) or (B, h, w, 1) of the drawings' type, for B = 1 and 3."""
    with square_model(subject) as model:
        for batch in (1, 3):
            inputs = inputs_for(model, batch)
            for number, logits in enumerate(logits_of(model, inputs)):
                shape = tuple(logits.shape)
                require(
                    len(shape) in (2, 4) and (shape[0], shape[-1]) == (batch, 1),
                    f"map {number} of its logits is {shape}: give (B, 1) or (B, h, w, 1)",
                )
                require(
                    logits.dtype == inputs["image"].dtype,
                    f"map {number} of its logits is {logits.dtype.name}, "
                    f"the drawings {inputs['image'].dtype.name}",
                )
                require_finite([logits], f"for a batch of {batch}")


@check("discriminator", unless=without_features)
def features_fit_the_contract(subject: Subject) -> None:
    """Features are finite (B, …) activations, and each has a gradient to the drawing."""
    with square_model(subject, shake=True) as model:
        inputs = inputs_for(model, 3)
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(inputs["image"])
            features = model(inputs, training=True)["features"]
        for number, feature in enumerate(features):
            require(
                feature.shape.rank >= 2 and feature.shape[0] == 3,
                f"feature {number} is {tuple(feature.shape)} for 3 drawings",
            )
            require_finite([feature], f"in feature {number}")
            gradient = tape.gradient(feature, inputs["image"])
            require(
                gradient is not None and np.any(gradient),
                f"feature {number} has no gradient to the drawing: it can teach no generator",
            )


@check("discriminator")
def height_and_width_may_differ(subject: Subject) -> None:
    """It judges drawings that are not square."""
    short = side(subject)
    for height, width in ((short, 3 * short // 2), (3 * short // 2, short)):
        model = new_model(subject, height, width)
        require_finite(logits_of(model, inputs_for(model, 1)), f"at {height}x{width}")


@check("discriminator")
def takes_the_smallest_size_or_says_why_not(subject: Subject) -> None:
    """It judges drawings of 16x16, the smallest that core trains at, or refuses in one line."""
    if not refusal(lambda: subject.build((SMALLEST, SMALLEST, 1))):
        model = new_model(subject, SMALLEST, SMALLEST)
        require_finite(logits_of(model, inputs_for(model, 1)), f"at {SMALLEST}x{SMALLEST}")


@check("discriminator")
def survives_extremes(subject: Subject) -> None:
    """Blank and full drawings, without a hole and all hole, give finite logits and gradients."""
    with square_model(subject) as model:
        ones = tf.ones_like(inputs_for(model)["image"])
        weights = [w.value for w in model.trainable_weights]
        for ink, hole in itertools.product((0.0, 1.0), repeat=2):
            given = {
                k: v for k, v in (("image", ink * ones), ("mask", hole * ones)) if k in model.input
            }
            what = f"for a {'full' if ink else 'blank'} drawing, {'all' if hole else 'no'} hole"
            require_finite(outputs(model, given), what)
            with tf.GradientTape() as tape:
                tape.watch(given)
                judged = outputs(model, given, training=True)
            require_finite(judged, f"{what}, in training")
            gradients = tape.gradient(judged, [*weights, *given.values()])
            require_finite([g for g in gradients if g is not None], f"(gradients) {what}")


@check("discriminator")
def logits_are_unbounded(subject: Subject) -> None:
    """No sigmoid, tanh or clip squashes the logits: larger weights and inputs make them larger."""
    with square_model(subject, shake=True) as model:
        rng = np.random.default_rng(7)
        found = [_logits_of_large(model, sign, rng) for sign in (1, -1)]
    for number, maps in enumerate(zip(*found, strict=True)):
        low, high = (float(pick([pick(m) for m in maps])) for pick in (np.nanmin, np.nanmax))
        require(
            low < -_BEYOND and high > _BEYOND,
            f"map {number} of its logits stays between {low:.3g} and {high:.3g} for weights times "
            f"{_WEIGHTS:g} and inputs of {_INKS:g}: return logits without an activation",
        )


def _logits_of_large(model: keras.Model, sign: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Logits with weights and inputs far from what is usual; infinite ones too."""
    before = model.get_weights()
    for weight in model.trainable_weights:
        weight.assign(sign * _WEIGHTS * weight.numpy())
    large = {
        name: tf.constant(_INKS * rng.standard_normal((8, *tensor.shape[1:])), tensor.dtype)
        for name, tensor in model.input.items()
    }
    found = [np.asarray(logits) for logits in logits_of(model, large)]
    model.set_weights(before)
    return found


@check("discriminator", unless=without_mask)
def depends_on_the_mask(subject: Subject) -> None:
    """Another mask over the same drawing gives other logits."""
    with square_model(subject, shake=True) as model:
        inputs = inputs_for(model)
        before = logits_of(model, inputs)
        after = logits_of(model, inputs | {"mask": 1 - inputs["mask"]})
    gap = differs("", before, after, _CHANGE)
    require(gap, "another mask changes nothing: use it or leave the input out")
