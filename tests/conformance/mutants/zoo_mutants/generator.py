"""A correct generator and its mutants."""

import secrets
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

import zoo.layers
from zoo_mutants.broken import Counter, Lazy, OnlyFunction, Seeded, entropy
from zoo_mutants.options import TinyOptions

Shape = tuple[int, int, int]
Change = Callable[[Any], Any]
Builder = Callable[[TinyOptions, Shape], keras.Model]


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
    """Two stages of convolutions; one place where something can be changed.

    Args:
        options: The width.
        shape: (H, W, 1).
        on: What to change: an input's name, ``hidden``, ``first`` (the stage) or ``logits``.
        change: What to do with it.
        model: Class of the model.
    """
    inputs = {name: keras.Input(shape, name=name) for name in ("image", "mask", "noise")}
    changes = {on: change}

    def at(place: str, x: Any) -> Any:
        return changes.get(place, _same)(x)

    x = layers.Concatenate()([at(name, x) for name, x in inputs.items()])
    x = layers.Conv2D(options.width, 5, padding="same", activation="leaky_relu")(x)
    x = zoo.layers.normalise("batch")(x)
    x = at("hidden", x)
    first = layers.Conv2D(1, 5, padding="same")(x)
    logits = layers.Conv2D(1, 5, padding="same")(layers.Concatenate()([x, first]))
    return model(inputs, {"logits": at("logits", logits), "stages": [at("first", first)]})


def build(options: TinyOptions, image_shape: Shape) -> keras.Model:
    """The correct one."""
    return tiny(options, image_shape)


def _mutant(on: str, change: Callable[[], Change] | Change, **more: Any) -> Builder:
    def build(options: TinyOptions, image_shape: Shape) -> keras.Model:
        return tiny(options, image_shape, on=on, change=change, **more)

    return build


def _layer(function: Change) -> Change:
    return lambda x: OnlyFunction(function)(x)


logits_fit_the_drawing = _mutant("logits", lambda x: layers.Identity(dtype="float64")(x))
stages_fit_the_drawing = _mutant("first", lambda x: layers.AveragePooling2D(2)(x))
takes_every_size_it_claims = _mutant("hidden", lambda x: x + ops.transpose(x, (0, 2, 1, 3)))
says_which_sizes_it_takes = build
survives_extremes = _mutant("mask", lambda x: x / ops.mean(1 - x, (1, 2, 3), keepdims=True))
examples_are_independent = _mutant("hidden", lambda x: x - ops.mean(x, 0, keepdims=True) / 2)
depends_on_the_mask = _mutant("mask", lambda x: 0 * x)
depends_on_the_drawing = _mutant("image", lambda x: 0 * x)
depends_on_the_noise = _mutant("noise", lambda x: 0 * x)
every_weight_learns = _mutant(
    "hidden", lambda x: x + ops.stop_gradient(layers.Conv2D(8, 3, padding="same")(x))
)
overfits_a_drawing = _mutant("logits", ops.tanh)
draws_no_random_numbers = _mutant(
    "logits", _layer(lambda x: x + 1e-6 * tf.random.stateless_normal(x.shape[1:], (1, 2)))
)
batch_statistics_are_synchronised = _mutant("hidden", lambda x: layers.BatchNormalization()(x))


same_seed_same_weights = _mutant(
    "hidden",
    lambda x: layers.Conv2D(8, 3, padding="same", kernel_initializer=entropy)(x),
)


traced_once_per_shape = _mutant("hidden", _same, model=Lazy)


owns_no_seed_generator = _mutant("hidden", lambda x: Seeded()(x))


a_pass_moves_statistics_only = _mutant("hidden", lambda x: Counter()(x))


def leaves_global_state_alone(options: TinyOptions, image_shape: Shape) -> keras.Model:
    """Sets a seed that is not its own."""
    np.random.seed(0)
    return tiny(options, image_shape)


def survives_a_fresh_process(options: TinyOptions, image_shape: Shape) -> keras.Model:
    """Each process has its own factor."""
    return tiny(options, image_shape, on="logits", change=lambda x: x * _FACTOR)


_FACTOR = 1 + secrets.randbits(32) / 2**32


def _argmax_pool(x: Any) -> Any:
    return tf.nn.max_pool_with_argmax(x, 1, 1, "SAME")[0]


compiles_with_xla = _mutant("hidden", _layer(_argmax_pool))


class Hidden(layers.Layer):
    """Has a variable that its model does not know of."""

    def call(self, x: Any) -> Any:
        return x * _VARIABLES[0]


_VARIABLES = [tf.Variable(2.0, trainable=False)]
exports_to_savedmodel = _mutant("hidden", lambda x: Hidden()(x))
exports_to_onnx = _mutant("logits", _layer(lambda x: x + 0.1 * tf.math.expm1(tf.tanh(x))))
exports_to_litert = _mutant("logits", _layer(lambda x: x + 0.1 * tf.math.asinh(x)))
