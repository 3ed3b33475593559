"""2x2 max pooling that remembers where each maximum was, and unpooling to those places.

Values and gradients equal those of ``tf.nn.max_pool_with_argmax`` and a scatter to its indices,
but that operation has neither an XLA kernel nor a LiteRT one. Here a position is the number 0 to 3
of a pixel in its 2x2 window (row by row), and pooling and unpooling are a masked sum and a masked
broadcast over windows: each is the other's gradient, and XLA fuses either into one loop.

Zeiler and Fergus 2014, Visualizing and Understanding Convolutional Networks; Badrinarayanan et al.
2017, SegNet.
"""

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from zoo.errors import UsageError

_WINDOW = np.arange(4, dtype=np.int32).reshape(1, 1, 2, 1, 2, 1)


def max_pool_with_positions(x: Any) -> tuple[Any, Any]:
    """Maximum of each 2x2 window and where it was; the first of equal maxima wins.

    Args:
        x: (B, H, W, C) float, H and W even and known.

    Returns:
        The maxima, (B, H/2, W/2, C) of the dtype of ``x``, and their positions, int8 of the same
        shape: 0 to 3 for top left, top right, bottom left, bottom right.

    Raises:
        UsageError: H or W is odd or unknown.
    """
    height, width, channels = x.shape[1:]
    if height is None or width is None or height % 2 or width % 2:
        raise UsageError(f"2x2 pooling of {height}x{width}: sides must be even and known")
    windows = tf.reshape(x, (-1, height // 2, 2, width // 2, 2, channels))
    positions = _first_maximum(tf.stop_gradient(windows))
    return tf.reduce_sum(_at(positions, windows), (2, 4)), positions


def max_unpool(x: Any, positions: Any) -> Any:
    """Put each value back to the pixel its maximum came from; 0 elsewhere.

    Args:
        x: (B, h, w, C) float.
        positions: (B, h, w, C) int8, from ``max_pool_with_positions``.

    Returns:
        (B, 2h, 2w, C) of the dtype of ``x``.
    """
    height, width, channels = x.shape[1:]
    windows = _at(positions, x[:, :, tf.newaxis, :, tf.newaxis, :])
    return tf.reshape(windows, (-1, 2 * height, 2 * width, channels))


class MaxPool2x2(keras.layers.Layer):  # type: ignore[misc]
    """``max_pool_with_positions`` as a layer: (B, H, W, C) -> maxima and positions."""

    def call(self, x: Any) -> tuple[Any, Any]:
        """Pool."""
        return max_pool_with_positions(x)


class MaxUnpool2x2(keras.layers.Layer):  # type: ignore[misc]
    """``max_unpool`` as a layer: (B, h, w, C) and positions of that shape -> (B, 2h, 2w, C)."""

    def call(self, x: Any, positions: Any) -> Any:
        """Unpool."""
        return max_unpool(x, positions)


def _first_maximum(windows: Any) -> Any:
    a, b = windows[:, :, 0, :, 0], windows[:, :, 0, :, 1]
    c, d = windows[:, :, 1, :, 0], windows[:, :, 1, :, 1]
    one = tf.ones((), tf.int8)
    top = tf.where(b > a, one, 0)
    bottom = tf.where(d > c, one * 3, 2)
    return tf.where(tf.maximum(c, d) > tf.maximum(a, b), bottom, top)


def _at(positions: Any, windows: Any) -> Any:
    # LiteRT compares no int8; XLA makes no array of the cast.
    here = tf.cast(positions, tf.int32)[:, :, tf.newaxis, :, tf.newaxis, :] == _WINDOW
    return tf.where(here, windows, tf.zeros((), windows.dtype))
