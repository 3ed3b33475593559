"""Running a trained generator: from images and masks to ink."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import tensorflow as tf

from zoo.contracts.generator import input_shapes, split_output

if TYPE_CHECKING:
    import keras

# From images, masks (B, H, W, 1) and one seed per drawing to ink (B, H, W, 1) in [0, 1].
Predict = Callable[[np.ndarray, np.ndarray, Sequence[int]], np.ndarray]


def make_predict(model: "keras.Model", *, jit: bool = False) -> Predict:
    """Compile a generator for inference: no dropout, moving statistics, the sigmoid inside.

    Args:
        model: A generator.
        jit: Compile with XLA.

    Returns:
        A function of (images, masks, seeds); the seed of a drawing decides its noise.
    """
    import keras

    shapes = input_shapes(model.name, model)
    dtype = keras.config.floatx()

    def graph(inputs: dict[str, tf.Tensor]) -> tf.Tensor:
        logits, _ = split_output(model(inputs, training=False))
        return tf.sigmoid(logits)

    compiled = tf.function(graph, jit_compile=jit, reduce_retracing=True)

    def predict(images: np.ndarray, masks: np.ndarray, seeds: Sequence[int]) -> np.ndarray:
        given = {"image": images * (1 - masks), "mask": masks}
        if "noise" in shapes:
            given["noise"] = np.stack([draw_noise(shapes["noise"], seed) for seed in seeds])
        ink = compiled({name: tf.constant(given[name], dtype) for name in shapes})
        return np.asarray(ink, np.float32)

    return predict


def draw_noise(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """The noise of a seed: standard normal, float32."""
    return np.random.default_rng((seed, 11)).standard_normal(shape, np.float32)
