"""A correct discriminator and its mutants."""

import keras
from keras import layers

from zoo_mutants.options import TinyOptions


def build(options: TinyOptions, image_shape: tuple[int, int, int]) -> keras.Model:
    """Two convolutions."""
    inputs = {name: keras.Input(image_shape, name=name) for name in ("image", "mask")}
    x = layers.Concatenate()([*inputs.values()])
    x = layers.Conv2D(options.width, 4, 2, padding="same", activation="leaky_relu")(x)
    logits = layers.Conv2D(1, 4, padding="same")(x)
    return keras.Model(inputs, {"logits": [logits], "features": [x]})
