"""What comes out: shapes, sizes, extremes, and what it depends on."""

import itertools

import numpy as np
import tensorflow as tf

from zoo.contracts.generator import check_size
from zoo.errors import UsageError
from zoo.testing.check import Subject, check, require
from zoo.testing.checks.generator.model import (
    inputs_for,
    logits_of,
    multiple,
    new_model,
    outputs,
    side,
    without_noise,
    without_stages,
)
from zoo.testing.models import SMALLEST, Inputs, differs, require_finite, square_model

_CHANGE = 1e-6  # of the largest logit: less is rounding


@check("generator")
def logits_fit_the_drawing(subject: Subject) -> None:
    """Logits are finite float32 of the drawing's shape, for batches of 1 and 3."""
    with square_model(subject) as model:
        for batch in (1, 3):
            inputs = inputs_for(model, batch)
            logits = logits_of(model, inputs)
            expected = tuple(inputs["image"].shape)
            require(
                tuple(logits.shape) == expected,
                f"its logits are {tuple(logits.shape)} for drawings {expected}",
            )
            require(
                logits.dtype == inputs["image"].dtype,
                f"its logits are {logits.dtype.name}, the drawings {inputs['image'].dtype.name}",
            )
            require_finite([logits], f"for a batch of {batch}")


@check("generator", unless=without_stages)
def stages_fit_the_drawing(subject: Subject) -> None:
    """The logits of earlier stages are finite and of the drawing's shape and type."""
    with square_model(subject) as model:
        inputs = inputs_for(model)
        for number, stage in enumerate(outputs(model, inputs)[1:]):
            image = inputs["image"]
            require(
                stage.shape == image.shape and stage.dtype == image.dtype,
                f"stage {number} is {stage.dtype.name} {tuple(stage.shape)}, the drawings "
                f"{image.dtype.name} {tuple(image.shape)}",
            )
            require_finite([stage], f"in stage {number}")


@check("generator")
def takes_every_size_it_claims(subject: Subject) -> None:
    """It can be built for the smallest size of its multiple, and where height and width differ."""
    least, small, step = side(subject, SMALLEST), side(subject), multiple(subject)
    wide = small + max(step, 8 // step * step)
    for height, width in ((least, least), (small, wide), (wide, small)):
        model = new_model(subject, height, width)
        logits = logits_of(model, inputs_for(model, 1))
        require(
            tuple(logits.shape) == (1, height, width, 1),
            f"its logits are {tuple(logits.shape)} for a drawing of {height}x{width}",
        )
        require_finite([logits], f"at {height}x{width}")


@check("generator")
def says_which_sizes_it_takes(subject: Subject) -> None:
    """``size_multiple`` is a whole number, and other sizes are refused in one line."""
    options = subject.options
    assert options is not None
    step = options.size_multiple
    require(
        isinstance(step, int) and step >= 1,
        f"size_multiple of its options is {step!r}: return a whole number of at least 1",
    )
    check_size(subject.label, options, 2 * step, 3 * step)
    if step == 1:
        return
    try:
        check_size(subject.label, options, 2 * step, 2 * step + 1)
    except UsageError as error:
        require(str(step) in str(error) and "\n" not in str(error), f"unclear: {error}")
    else:
        require(False, f"a width of {2 * step + 1} is taken for a multiple of {step}")


@check("generator")
def survives_extremes(subject: Subject) -> None:
    """Blank and full drawings, without a hole and all hole, give finite logits and gradients."""
    with square_model(subject) as model:
        inputs = inputs_for(model)
        ones = tf.ones_like(inputs["image"])
        for ink, hole in itertools.product((0.0, 1.0), repeat=2):
            given = inputs | {"image": ones * ink * (1 - hole), "mask": ones * hole}
            what = f"for a {'full' if ink else 'blank'} drawing, {'all' if hole else 'no'} hole"
            require_finite(outputs(model, given), what)
            with tf.GradientTape() as tape:
                drawn = outputs(model, given, training=True)
            require_finite(drawn, f"{what}, in training")
            gradients = tape.gradient(drawn, [w.value for w in model.trainable_weights])
            require_finite([g for g in gradients if g is not None], f"(gradients) {what}")


def _reacts(subject: Subject, name: str, changed: Inputs, inputs: Inputs) -> None:
    with square_model(subject, shake=True) as model:
        before, after = logits_of(model, inputs), logits_of(model, changed)
    hole = np.asarray(inputs["mask"]) * np.asarray(changed["mask"])
    gap = differs("", before * hole, after * hole, _CHANGE)
    require(gap, f"another {name} changes nothing in the hole: it does not use it")


@check("generator")
def depends_on_the_mask(subject: Subject) -> None:
    """Another mask over the same visible lines gives another completion."""
    with square_model(subject) as model:
        inputs = inputs_for(model)
    both = tf.ones_like(inputs["mask"])
    blank = inputs | {"image": tf.zeros_like(inputs["image"])}
    _reacts(subject, "mask", blank | {"mask": both}, blank)


@check("generator")
def depends_on_the_drawing(subject: Subject) -> None:
    """Another visible part gives another completion."""
    with square_model(subject) as model:
        inputs = inputs_for(model)
    _reacts(subject, "drawing", inputs | {"image": (1 - inputs["mask"]) / 2}, inputs)


@check("generator", unless=without_noise)
def depends_on_the_noise(subject: Subject) -> None:
    """Another noise gives another completion."""
    with square_model(subject) as model:
        inputs = inputs_for(model)
    _reacts(subject, "noise", inputs | {"noise": inputs["noise"][::-1]}, inputs)
