"""A residual U-Net between a pixel-unshuffle stem and a pixel-shuffle head."""

from functools import partial
from typing import Any

import keras
from keras import layers

from zoo.layers import PixelShuffle, PixelUnshuffle, normalise
from zoo_shuffle.options import ShuffleOptions


def build(options: ShuffleOptions, image_shape: tuple[int, int, int]) -> keras.Model:
    """Build the generator.

    Args:
        options: See ``ShuffleOptions``.
        image_shape: (H, W, 1), H and W multiples of ``options.size_multiple``.

    Returns:
        A model from ``image``, ``mask`` and, unless ``noise=none``, ``noise`` of shape
        (H/m, W/m, noise_channels), m = ``size_multiple``, to (B, H, W, 1) logits of ink.
    """
    inputs = {name: keras.Input(image_shape, name=name) for name in ("image", "mask")}
    conv = partial(layers.Conv2D, kernel_size=3, padding="same")
    block = partial(_block, options)
    widths = [min(options.width * 2**i, options.width_max) for i in range(options.depth + 1)]
    x = PixelUnshuffle(options.factor)(layers.Concatenate()(list(inputs.values())))
    x = conv(widths[0], name="stem")(x)
    skips = []
    for i, width in enumerate(widths[:-1]):
        for j in range(options.blocks):
            x = block(x, width, f"down_{i}{j}")
        skips.append((i, width, x))
        x = conv(widths[i + 1], strides=2, name=f"halve_{i}")(x)
    if options.noise == "middle":
        inputs["noise"] = keras.Input((*x.shape[1:3], options.noise_channels), name="noise")
        x = conv(widths[-1], name="mix")(layers.Concatenate()([x, inputs["noise"]]))
    for j in range(options.middle):
        x = block(x, widths[-1], f"middle_{j}")
    for i, width, skip in reversed(skips):
        x = layers.Concatenate()([layers.UpSampling2D()(x), skip])
        # One pixel wide: the block that follows looks around.
        x = layers.Conv2D(width, 1, name=f"up_{i}")(x)
        x = block(x, width, f"up_{i}")
    return keras.Model(inputs, _head(options, x), name="shuffle")


def _block(options: ShuffleOptions, x: Any, width: int, name: str) -> Any:
    """Activations before convolutions, so that what flows along the sum is never squashed."""
    # A bias before a normalisation is subtracted by it again.
    first = layers.Conv2D(
        width, 3, padding="same", use_bias=options.norm == "none", name=f"{name}_a"
    )
    # A small start: a deep sum begins near the identity.
    small = keras.initializers.VarianceScaling(0.1)
    second = layers.Conv2D(width, 3, padding="same", kernel_initializer=small, name=f"{name}_b")
    y = first(layers.LeakyReLU(options.slope)(normalise(options.norm)(x)))
    y = second(layers.LeakyReLU(options.slope)(normalise(options.norm)(y)))
    return layers.Add()([x, y])


def _head(options: ShuffleOptions, x: Any) -> Any:
    # A drawing is mostly paper: start there (the prior of Lin et al. 2017, Focal Loss).
    paper = keras.initializers.Constant(-2.0)
    x = layers.LeakyReLU(options.slope)(x)
    x = layers.Conv2D(options.factor**2, 3, padding="same", bias_initializer=paper, name="head")(x)
    return PixelShuffle(options.factor)(x)
