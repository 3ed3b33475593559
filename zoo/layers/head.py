"""The last layer of a generator."""

from typing import Any

import keras
from keras import layers

from zoo.layers.shuffling import PixelShuffle


def ink_head(x: Any, factor: int, slope: float = 0.2) -> Any:
    """Activate a map and turn it into logits of ink that begin near paper.

    A drawing is mostly paper: a last bias of -2 says so from the first step (the prior of Lin et
    al. 2017, Focal Loss for Dense Object Detection).

    Args:
        x: (B, h, w, C), a Keras tensor.
        factor: Pixels of the drawing per pixel of the map, along a side.
        slope: Slope of LeakyReLU below zero.

    Returns:
        (B, factor·h, factor·w, 1) logits, from a 3x3 convolution named ``head``.
    """
    paper = keras.initializers.Constant(-2.0)
    head = layers.Conv2D(factor**2, 3, padding="same", bias_initializer=paper, name="head")
    return PixelShuffle(factor)(head(layers.LeakyReLU(slope)(x)))
