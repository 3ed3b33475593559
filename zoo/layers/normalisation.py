"""Normalisation by name."""

from typing import Any

import keras
import tensorflow as tf

from zoo.errors import OptionError

NORMS = ("batch", "instance", "none")


class InstanceNormalisation(keras.layers.Layer):  # type: ignore[misc]
    """Zero mean and unit variance per example and channel, then a learnt scale and offset.

    (B, H, W, C) -> (B, H, W, C). A map of one pixel has no statistics and is only scaled and
    offset. Ulyanov et al. 2016, Instance Normalization.
    """

    epsilon = 1e-5

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create scale and offset, (C,) each."""
        shape = (input_shape[-1],)
        self.scale = self.add_weight(name="scale", shape=shape, initializer="ones")
        self.offset = self.add_weight(name="offset", shape=shape, initializer="zeros")

    def call(self, x: Any) -> Any:
        """Normalise over height and width."""
        if x.shape[1] == x.shape[2] == 1:
            return x * self.scale + self.offset
        mean = tf.reduce_mean(x, (1, 2), keepdims=True)
        centred = x - mean
        variance = tf.reduce_mean(tf.square(centred), (1, 2), keepdims=True)
        return centred * (self.scale * tf.math.rsqrt(variance + self.epsilon)) + self.offset


def normalise(name: str, /, **how: Any) -> Any:
    """A new normalisation layer, (B, H, W, C) -> (B, H, W, C).

    Args:
        name: ``"batch"`` (statistics over all replicas; Ioffe and Szegedy 2015), ``"instance"``
            (per example and channel) or ``"none"``.
        how: Goes to ``keras.layers.Layer``, such as the layer's own ``name``.

    Raises:
        OptionError: There is no such normalisation.
    """
    if name == "batch":
        # Moving statistics of short runs and of an averaged model must keep up: 0.99 lags.
        return keras.layers.BatchNormalization(momentum=0.9, synchronized=True, **how)
    if name == "instance":
        return InstanceNormalisation(**how)
    if name == "none":
        return keras.layers.Identity(**how)
    raise OptionError(f'no normalisation "{name}". There are: {", ".join(NORMS)}')
