"""Running a trained generator: from images and masks to ink."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
import tensorflow as tf

from zoo.contracts.generator import input_shapes, split_output

if TYPE_CHECKING:
    import keras


class Predict(Protocol):
    """A generator's inference."""

    def __call__(
        self, images: np.ndarray, masks: np.ndarray, seeds: Sequence[int], *, mirror: bool = False
    ) -> np.ndarray:
        """Complete B drawings.

        Args:
            images: (B, H, W, 1) float32 in [0, 1], ink = 1.
            masks: (B, H, W, 1) float32, 1 = hole.
            seeds: One per drawing, which decides its noise.
            mirror: Average the logits over the drawings and their mirror images, whose noise is
                mirrored with them.

        Returns:
            (B, H, W, 1) float32 ink in [0, 1].
        """
        ...


def make_predict(model: "keras.Model", *, jit: bool = False) -> Predict:
    """Compile a generator for inference: no dropout, moving statistics, the sigmoid inside.

    Args:
        model: A generator.
        jit: Compile with XLA.

    Returns:
        The compiled function.
    """
    import keras

    shapes = input_shapes(model.name, model)
    dtype = keras.config.floatx()

    def graph(inputs: dict[str, tf.Tensor], mirror: bool) -> tf.Tensor:
        logits, _ = split_output(model(inputs, training=False))
        if mirror:
            mirrored = {name: _mirrored(value) for name, value in inputs.items()}
            other, _ = split_output(model(mirrored, training=False))
            logits = (logits + _mirrored(other)) / 2
        return tf.sigmoid(logits)

    compiled = tf.function(graph, jit_compile=jit, reduce_retracing=True)

    def predict(
        images: np.ndarray, masks: np.ndarray, seeds: Sequence[int], *, mirror: bool = False
    ) -> np.ndarray:
        given = {"image": images * (1 - masks), "mask": masks}
        if "noise" in shapes:
            given["noise"] = np.stack([draw_noise(shapes["noise"], seed) for seed in seeds])
        ink = compiled({name: tf.constant(given[name], dtype) for name in shapes}, mirror)
        return np.asarray(ink, np.float32)

    return predict


def draw_noise(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """The noise of a seed: standard normal, float32."""
    return np.random.default_rng((seed, 11)).standard_normal(shape, np.float32)


def _mirrored(values: tf.Tensor) -> tf.Tensor:
    """Left to right: (B, H, W, C); a vector of noise has no sides."""
    return tf.reverse(values, [2]) if len(values.shape) == 4 else values
