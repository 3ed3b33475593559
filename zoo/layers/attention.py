"""Self-attention over the positions of a map.

Zhang et al. 2019, Self-Attention Generative Adversarial Networks; Vaswani et al. 2017, Attention
Is All You Need.
"""

from functools import cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from zoo.errors import OptionError

# Attention weights of one head and example: 64 MiB.
MOST_POSITIONS = 4096


class SelfAttention2D(keras.layers.Layer):  # type: ignore[misc]
    """Multi-head self-attention of the positions of a map to each other.

    Coordinates are added to what queries and keys are made of, as in Carion et al. 2020
    (DETR): sines and cosines of row and column, constant, so that weights of one size fit every
    other. Without residual and without normalisation: see ``attention_block``.
    (B, H, W, C) -> (B, H, W, C), H and W known and H·W at most 4096.
    """

    def __init__(self, heads: int, kernel_initializer: Any = "glorot_uniform", **how: Any) -> None:
        """Set up the layer.

        Args:
            heads: Number of heads, a divisor of C.
            kernel_initializer: Of the last projection.
            how: Goes to ``keras.layers.Layer``.
        """
        super().__init__(**how)
        self.heads, self.kernel_initializer = heads, kernel_initializer

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the projections.

        Raises:
            OptionError: There are too many positions, or C is no multiple of ``heads``.
        """
        height, width, channels = (side or 0 for side in input_shape[1:])
        if not 0 < height * width <= MOST_POSITIONS:
            raise OptionError(
                f"attention over {height}x{width} = {height * width} positions: at most "
                f"{MOST_POSITIONS}. Halve the map more often (depth) or complete smaller images"
            )
        if channels % self.heads:
            raise OptionError(
                f"attention: {self.heads} heads cannot share {channels} channels equally: "
                "choose a width that is a multiple of the heads"
            )
        # Softmax is blind to a bias of keys, and the last bias makes up for one of values.
        plain = {"use_bias": False, "dtype": self.dtype_policy}
        self.queries_and_keys = keras.layers.Dense(2 * channels, **plain)
        self.values = keras.layers.Dense(channels, **plain)
        self.project = keras.layers.Dense(
            channels, kernel_initializer=self.kernel_initializer, dtype=self.dtype_policy
        )
        self.queries_and_keys.build((None, height * width, channels))
        self.values.build((None, height * width, channels))
        self.project.build((None, height, width, channels))

    def call(self, x: Any) -> Any:
        """Attend."""
        height, width, channels = x.shape[1:]
        size = channels // self.heads
        flat = tf.reshape(x, (-1, height * width, channels))
        where = tf.constant(coordinates(height, width, channels), x.dtype)
        shape = (-1, height * width, self.heads, size)
        queries, keys = tf.split(self.queries_and_keys(flat + where), 2, -1)
        queries, keys = tf.reshape(queries * size**-0.5, shape), tf.reshape(keys, shape)
        weights = tf.nn.softmax(tf.einsum("bqhc,bkhc->bhqk", queries, keys))
        mixed = tf.einsum("bhqk,bkhc->bqhc", weights, tf.reshape(self.values(flat), shape))
        return self.project(tf.reshape(mixed, (-1, height, width, channels)))


@cache
def coordinates(height: int, width: int, channels: int) -> np.ndarray:
    """Sines and cosines of row and column, wavelengths from 2π to 2000π pixels.

    Returns:
        (height * width, channels) float64 in [-1, 1].
    """
    quarter = -(-channels // 4)
    rate = 1000.0 ** -(np.arange(quarter) / quarter)
    rows, columns = np.divmod(np.arange(height * width), width)
    angle = np.stack([rows, columns], -1)[..., np.newaxis] * rate
    waves = np.stack([np.sin(angle), np.cos(angle)], -1)
    # Row and column take turns, so that each is known however few the channels.
    return waves.transpose(0, 2, 3, 1).reshape(height * width, -1)[:, :channels]
