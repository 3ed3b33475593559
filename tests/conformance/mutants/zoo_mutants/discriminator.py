"""A correct discriminator and its mutants."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from zoo_mutants.broken import Counter, Lazy, OnlyFunction, Seeded, entropy
from zoo_mutants.options import TinyOptions

Shape = tuple[int, int, int]
Change = Callable[[Any], Any]


def _same(x: Any) -> Any:
    return x


def tiny(
    options: TinyOptions,
    shape: Shape,
    *,
    on: str = "hidden",
    change: Change = _same,
    model: type[keras.Model] = keras.Model,
) -> keras.Model:
    """Convolutions with two maps of logits; one place where something can be changed.

    Args:
        options: The width.
        shape: (H, W, 1).
        on: What to change: an input's name, ``hidden``, ``feature``, ``logits``, or ``last``,
            which the second map comes from.
        change: What to do with it.
        model: Class of the model.
    """
    inputs = {name: keras.Input(shape, name=name) for name in ("image", "mask")}
    changes = {on: change}

    def at(place: str, x: Any) -> Any:
        return changes.get(place, _same)(x)

    x = layers.Concatenate()([at(name, x) for name, x in inputs.items()])
    x = layers.Conv2D(options.width, 4, 2, padding="same", activation="leaky_relu")(x)
    x = at("hidden", x)
    logits = layers.Conv2D(1, 4, padding="same")(x)
    whole = layers.Dense(1)(layers.Flatten()(at("last", x)))
    return model(inputs, {"logits": [at("logits", logits), whole], "features": [at("feature", x)]})


def build(options: TinyOptions, image_shape: Shape) -> keras.Model:
    """The correct one."""
    return tiny(options, image_shape)


def _mutant(on: str, change: Change, **more: Any) -> Callable[[TinyOptions, Shape], keras.Model]:
    def build(options: TinyOptions, image_shape: Shape) -> keras.Model:
        return tiny(options, image_shape, on=on, change=change, **more)

    return build


@tf.custom_gradient
def _with_a_constant_slope(x: Any) -> Any:
    return tf.identity(x), tf.stop_gradient


def _layer(function: Change) -> Change:
    return lambda x: OnlyFunction(function)(x)


logits_fit_the_contract = _mutant("logits", lambda x: layers.Flatten()(x))
features_fit_the_contract = _mutant("feature", ops.stop_gradient)
height_and_width_may_differ = _mutant("hidden", lambda x: x + ops.transpose(x, (0, 2, 1, 3)))
survives_extremes = _mutant("mask", lambda x: x / ops.mean(1 - x, (1, 2, 3), keepdims=True))
logits_are_unbounded = _mutant("logits", lambda x: 5 * ops.tanh(x / 5))
examples_are_independent = _mutant("hidden", lambda x: x - ops.mean(x, 0, keepdims=True) / 2)
depends_on_the_mask = _mutant("mask", lambda x: 0 * x)
gradient_reaches_the_drawing = _mutant("last", ops.stop_gradient)
has_second_order_gradients = _mutant("image", _layer(_with_a_constant_slope))
every_weight_learns = _mutant(
    "hidden", lambda x: x + ops.stop_gradient(layers.Conv2D(8, 3, padding="same")(x))
)
# Beside the seeded features, so that no draw decides the sign of all logits.
same_seed_same_weights = _mutant(
    "hidden",
    lambda x: x + 0.01 * layers.Conv2D(8, 3, padding="same", kernel_initializer=entropy)(x),
)
tells_blank_from_striped = _mutant("image", lambda x: x - ops.roll(x, 4, 1))
traced_once_per_shape = _mutant("hidden", _same, model=Lazy)
draws_no_random_numbers = _mutant(
    "logits", _layer(lambda x: x + 1e-6 * tf.random.stateless_normal(x.shape[1:], (1, 2)))
)
owns_no_seed_generator = _mutant("hidden", lambda x: Seeded()(x))
batch_statistics_are_synchronised = _mutant("hidden", lambda x: layers.BatchNormalization()(x))
a_pass_moves_statistics_only = _mutant("hidden", lambda x: Counter()(x))


def takes_the_smallest_size_or_says_why_not(
    options: TinyOptions, image_shape: Shape
) -> keras.Model:
    """Fails without a word about it."""
    assert image_shape[0] > 16
    return tiny(options, image_shape)


def leaves_global_state_alone(options: TinyOptions, image_shape: Shape) -> keras.Model:
    """Sets a seed that is not its own."""
    np.random.seed(0)
    return tiny(options, image_shape)
