"""What breaks a model of any kind."""

import secrets
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers


class OnlyFunction(layers.Layer):
    """A function as a layer."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        super().__init__()
        self.function = function

    def call(self, x: Any) -> Any:
        return self.function(x)


def entropy(shape: Any, dtype: Any = None) -> Any:
    """Initial weights that no seed repeats."""
    return np.random.default_rng(secrets.randbits(32)).normal(0, 0.1, shape)


class Lazy(keras.Model):
    """Creates a variable when it first runs."""

    extra = None

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        if self.extra is None:
            with tf.init_scope():
                self.extra = tf.Variable(0.0, trainable=False)
        return super().call(inputs, training=training, mask=mask)


class Seeded(layers.Layer):
    """Owns a seed generator, and does not even use it."""

    def __init__(self) -> None:
        super().__init__()
        self.seed_generator = keras.random.SeedGenerator(0)

    def call(self, x: Any) -> Any:
        return x


class Counter(layers.Layer):
    """Counts its passes."""

    def build(self, input_shape: Any) -> None:
        self.passes = self.add_weight(shape=(), initializer="zeros", trainable=False)

    def call(self, x: Any) -> Any:
        self.passes.assign_add(1.0)
        return x
