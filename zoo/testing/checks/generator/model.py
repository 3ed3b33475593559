"""The generator under check: its model at a small size, and what comes out of it."""

import math
from typing import Any

import keras
import tensorflow as tf

from zoo.contracts.generator import input_shapes, split_output
from zoo.testing import fresh
from zoo.testing.check import Subject, require
from zoo.testing.models import SIDE, Inputs, build_model, random_inputs


def multiple(subject: Subject) -> int:
    """What height and width must be multiples of."""
    assert subject.options is not None
    return max(1, int(subject.options.size_multiple))


def side(subject: Subject, least: int = SIDE) -> int:
    """The smallest side that it claims, of at least so many pixels."""
    return math.ceil(least / multiple(subject)) * multiple(subject)


def new_model(subject: Subject, height: int, width: int, seed: int = 0) -> keras.Model:
    """A new generator, its inputs checked."""
    model = build_model(subject, height, width, seed)
    shapes = input_shapes(subject.label, model)
    for name in ("image", "mask"):
        require(name in shapes, f"it has no input {name}: it cannot know what to redraw")
        require(
            shapes[name] == (height, width, 1),
            f"its input {name} is {shapes[name]}, the drawing ({height}, {width}, 1)",
        )
    return model


def square(subject: Subject) -> keras.Model:
    """A new generator at the size that checks run at."""
    fresh.start()
    return new_model(subject, side(subject), side(subject))


def inputs_for(model: keras.Model, batch: int = 2, seed: int = 0) -> Inputs:
    """Random drawings with emptied holes."""
    return random_inputs(model, batch, seed, masked=True)


def outputs(model: keras.Model, inputs: Inputs, *, training: bool = False) -> list[Any]:
    """The logits and those of earlier stages."""
    logits, stages = split_output(model(inputs, training=training))
    return [logits, *stages]


def logits_of(model: keras.Model, inputs: Inputs) -> tf.Tensor:
    """The logits at inference."""
    return outputs(model, inputs)[0]


def without_noise(subject: Subject) -> str:
    """Why a check of the noise does not apply."""
    takes_noise = "noise" in subject.once(square).input
    return "" if takes_noise else "it takes no noise"


def without_stages(subject: Subject) -> str:
    """Why a check of the stages does not apply."""
    stages = split_output(subject.once(square).output)[1]
    return "" if stages else "it has one stage"
