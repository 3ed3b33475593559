"""Encoder-decoders in a row, each of which sees what all earlier ones drew."""

from typing import Any

import keras
from keras import layers

from zoo.layers import PixelShuffle, PixelUnshuffle, normalise
from zoo_cascade.options import CascadeOptions


def build(options: CascadeOptions, image_shape: tuple[int, int, int]) -> keras.Model:
    """Build the generator (Liu et al. 2019).

    Args:
        options: See ``CascadeOptions``.
        image_shape: (H, W, 1), H and W multiples of ``options.size_multiple``.

    Returns:
        A model from ``image``, ``mask`` and, unless ``noise=none``, ``noise`` of shape
        (H/m, W/m, noise_channels), m = ``size_multiple``, to a dict of ``logits``, (B, H, W, 1),
        the last stage's, and ``stages``, those of the earlier ones.
    """
    inputs = {name: keras.Input(image_shape, name=name) for name in ("image", "mask")}
    image, mask = inputs["image"], inputs["mask"]
    noise = None
    if options.noise == "middle":
        small = [side // options.size_multiple for side in image_shape[:2]]
        noise = inputs["noise"] = keras.Input((*small, options.noise_channels), name="noise")
    seen = [image, mask]
    drawn: list[Any] = []
    for i in range(options.stages):
        if drawn:
            seen.append(image * (1.0 - mask) + keras.ops.sigmoid(drawn[-1]) * mask)
        # The first stage decides what is drawn; the others see it.
        drawn.append(_stage(options, layers.Concatenate()(seen), None if i else noise, f"s{i}"))
    return keras.Model(inputs, {"logits": drawn[-1], "stages": drawn[:-1]}, name="cascade")


def _stage(options: CascadeOptions, x: Any, noise: Any, name: str) -> Any:
    """A U-Net from (B, H, W, C) and perhaps noise in its middle to logits."""
    widths = [min(options.width * 2**i, options.width_max) for i in range(options.depth + 1)]
    x = _block(options, PixelUnshuffle(options.factor)(x), widths[0], f"{name}_stem")
    skips = []
    for i, width in enumerate(widths[1:]):
        skips.append(x)
        x = _block(options, x, width, f"{name}_down_{i}", kernel_size=4, strides=2)
    if noise is not None:
        x = layers.Concatenate()([x, noise])
    x = _block(options, x, widths[-1], f"{name}_middle")
    for i, skip in reversed(list(enumerate(skips))):
        x = layers.Concatenate()([layers.UpSampling2D()(x), skip])
        x = _block(options, x, widths[i], f"{name}_up_{i}")
    # A drawing is mostly paper: start there (the prior of Lin et al. 2017, Focal Loss).
    paper = keras.initializers.Constant(-2.0)
    filters, name = options.factor**2, f"{name}_head"
    x = layers.Conv2D(filters, 3, padding="same", bias_initializer=paper, name=name)(x)
    return PixelShuffle(options.factor)(x)


def _block(
    options: CascadeOptions, x: Any, width: int, name: str, kernel_size: int = 3, strides: int = 1
) -> Any:
    # A bias before a normalisation is subtracted by it again.
    bias = options.norm == "none"
    conv = layers.Conv2D(width, kernel_size, strides, "same", use_bias=bias, name=name)
    return layers.LeakyReLU(options.slope)(normalise(options.norm)(conv(x)))
