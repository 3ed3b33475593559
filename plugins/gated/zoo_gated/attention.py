"""Copying features of similar visible places into a hole.

Yu et al. 2018, Generative Image Inpainting with Contextual Attention.
"""

from typing import Any

import keras
import tensorflow as tf

BLOCK = 2
# What the softmax multiplies cosines with: the paper's.
SHARPNESS = 10.0
_HIDDEN = -1e4
_TINY = 1e-6


class ContextualAttention(keras.layers.Layer):  # type: ignore[misc]
    """Replace the features of a hole by those of visible places whose surroundings are alike.

    Places are blocks of 2 x 2 features. A block is described by the means of its 3 x 3 nearest
    blocks, and two are compared by the cosine of these; a softmax over visible blocks weights what
    is copied. A place is visible if no block near it has a pixel of the hole; if none is, all are.
    Outside the hole nothing changes. Without weights.

    Features (B, h, w, C) and mask (B, H, W, 1), 1 = hole, to (B, h, w, C); h and w even and known,
    H/h = W/w whole. The paper copies overlapping blocks of 4 x 4 and then also smooths the weights
    along both axes.
    """

    def call(self, x: Any, mask: Any) -> Any:
        """Attend."""
        height, width = x.shape[1] // BLOCK, x.shape[2] // BLOCK
        side = mask.shape[1] // height
        hole = tf.nn.max_pool2d(mask, side, side, "SAME")
        near = tf.reshape(tf.nn.max_pool2d(hole, 3, 1, "SAME"), (-1, 1, height * width))
        places = _surroundings(tf.nn.avg_pool2d(x, BLOCK, BLOCK, "VALID"))
        alike = tf.matmul(places, places, transpose_b=True)
        weights = tf.nn.softmax(SHARPNESS * alike + _HIDDEN * near)
        blocks = tf.nn.space_to_depth(x, BLOCK)
        copied = tf.matmul(weights, tf.reshape(blocks, (-1, height * width, blocks.shape[-1])))
        copied = tf.reshape(copied, (-1, *blocks.shape[1:]))
        return tf.nn.depth_to_space(blocks + (copied - blocks) * hole, BLOCK)


def _surroundings(x: Any) -> Any:
    """(B, h, w, C) -> (B, hw, 9C): the 3 x 3 places around each, of unit length."""
    height, width, channels = x.shape[1:]
    padded = tf.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    shifted = [padded[:, i : i + height, j : j + width] for i in range(3) for j in range(3)]
    patches = tf.reshape(tf.concat(shifted, -1), (-1, height * width, 9 * channels))
    return tf.nn.l2_normalize(patches, -1, epsilon=_TINY)
