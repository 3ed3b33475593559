"""Trading resolution for channels, and back.

Shi et al. 2016, Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel
Convolutional Neural Network.
"""

from typing import Any

import keras
import tensorflow as tf


class PixelUnshuffle(keras.layers.Layer):  # type: ignore[misc]
    """(B, H, W, C) -> (B, H/k, W/k, k²C): each k x k block of pixels becomes channels.

    H and W must be multiples of k. ``PixelShuffle`` of the same factor undoes it exactly.
    """

    def __init__(self, factor: int, **how: Any) -> None:
        """``how`` goes to ``keras.layers.Layer``."""
        super().__init__(**how)
        self.factor = factor

    def call(self, x: Any) -> Any:
        """Move blocks into channels."""
        return tf.nn.space_to_depth(x, self.factor)


class PixelShuffle(keras.layers.Layer):  # type: ignore[misc]
    """(B, h, w, k²C) -> (B, kh, kw, C): channels become k x k blocks of pixels."""

    def __init__(self, factor: int, **how: Any) -> None:
        """``how`` goes to ``keras.layers.Layer``."""
        super().__init__(**how)
        self.factor = factor

    def call(self, x: Any) -> Any:
        """Move channels into blocks."""
        return tf.nn.depth_to_space(x, self.factor)
