"""The discriminator under check: its model at a small size, and what comes out of it."""

from typing import Any

import keras

from zoo.contracts.discriminator import check_model
from zoo.testing.check import Subject, require
from zoo.testing.models import SIDE, Inputs, build_model, random_inputs, refusal

_SIDES = (SIDE, 2 * SIDE, 4 * SIDE)


def new_model(subject: Subject, height: int, width: int, seed: int = 0) -> keras.Model:
    """A new discriminator, its inputs and outputs checked."""
    model = build_model(subject, height, width, seed)
    check_model(subject.label, model)
    for name, tensor in model.input.items():
        require(
            tuple(tensor.shape[1:]) == (height, width, 1),
            f"its input {name} is {tuple(tensor.shape[1:])}, the drawing ({height}, {width}, 1)",
        )
    return model


def side(subject: Subject) -> int:
    """The smallest side that it takes of those that checks run at."""
    return subject.once(_side)


def _side(subject: Subject) -> int:
    refused = [refusal(lambda n=n: subject.build((n, n, 1))) for n in _SIDES[:-1]]  # type: ignore[misc]
    return next((n for n, why in zip(_SIDES, refused, strict=False) if not why), _SIDES[-1])


def square(subject: Subject) -> keras.Model:
    """A new discriminator at the size that checks run at."""
    return new_model(subject, side(subject), side(subject))


def inputs_for(model: keras.Model, batch: int = 2, seed: int = 0) -> Inputs:
    """Random drawings and holes."""
    return random_inputs(model, batch, seed, masked=False)


def outputs(model: keras.Model, inputs: Inputs, *, training: bool = False) -> list[Any]:
    """All maps of logits, then all features."""
    output = model(inputs, training=training)
    return [*output["logits"], *output["features"]]


def logits_of(model: keras.Model, inputs: Inputs, *, training: bool = False) -> list[Any]:
    """All maps of logits."""
    return [*model(inputs, training=training)["logits"]]


def without_mask(subject: Subject) -> str:
    """Why a check of the mask does not apply."""
    return "" if "mask" in subject.once(square).input else "it does not look at the mask"


def without_features(subject: Subject) -> str:
    """Why a check of the features does not apply."""
    return "" if subject.once(square).output["features"] else "it gives no features"


def couples_examples(subject: Subject) -> str:
    """Why a check of each example's own gradient does not apply."""
    coupled = [
        layer.name
        for layer in subject.once(square)._flatten_layers()
        if isinstance(layer, keras.layers.BatchNormalization)
    ]
    return f"{coupled[0]} couples examples: core refuses regularisers with it" if coupled else ""
