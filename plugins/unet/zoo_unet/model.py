"""A U-Net whose decoder puts every maximum back to the pixel it came from."""

from functools import partial
from typing import Any

import keras
from keras import layers

from zoo.layers import MaxPool2x2, MaxUnpool2x2, normalise
from zoo_unet.options import UnetOptions


def build(options: UnetOptions, image_shape: tuple[int, int, int]) -> keras.Model:
    """Build the generator.

    Args:
        options: See ``UnetOptions``.
        image_shape: (H, W, 1), H and W multiples of ``options.size_multiple``.

    Returns:
        A model from ``image``, ``mask`` and, unless ``noise=none``, ``noise`` to (B, H, W, 1)
        logits of ink. Noise is (H, W, 1) at the input, (H/2^depth, W/2^depth, noise_channels) in
        the middle.
    """
    inputs = {name: keras.Input(image_shape, name=name) for name in ("image", "mask")}
    if options.noise == "input":
        inputs["noise"] = keras.Input(image_shape, name="noise")
    x = layers.Concatenate()(list(inputs.values()))
    block = partial(_block, options)
    # Levels are counted from the middle: with one more outside the others keep name and shape, and
    # ``init`` finds them in a network that was trained on smaller drawings.
    widths = [min(options.width * 2**i, options.width_max) for i in range(options.depth + 1)]
    levels = []
    for i, width in zip(reversed(range(options.depth)), widths[:-1], strict=True):
        x = skip = block(block(x, width, f"down_{i}a"), width, f"down_{i}b")
        x, positions = MaxPool2x2(name=f"pool_{i}")(x)
        levels.append((i, width, skip, positions))
    if options.noise == "middle":
        inputs["noise"] = keras.Input((*x.shape[1:3], options.noise_channels), name="noise")
        x = layers.Concatenate()([x, inputs["noise"]])
    x = block(block(x, widths[-1], "middle_a"), widths[-1], "middle_b")
    for i, width, skip, positions in reversed(levels):
        # Positions belong to the channels of their level, so these must match before unpooling.
        x = MaxUnpool2x2(name=f"unpool_{i}")(block(x, width, f"up_{i}a"), positions)
        x = layers.Concatenate()([x, skip]) if options.skips else x
        x = block(x, width, f"up_{i}b")
    return keras.Model(inputs, _head(x), name="unet")


def _block(options: UnetOptions, x: Any, filters: int, name: str) -> Any:
    # A bias before a normalisation is subtracted by it again.
    bias = options.norm == "none"
    x = layers.Conv2D(filters, 3, padding="same", use_bias=bias, name=name)(x)
    x = normalise(options.norm, name=f"{name}_norm")(x)
    return layers.LeakyReLU(options.slope)(x)


def _head(x: Any) -> Any:
    # A drawing is mostly paper: start there (the prior of Lin et al. 2017, Focal Loss).
    paper = keras.initializers.Constant(-2.0)
    return layers.Conv2D(1, 3, padding="same", bias_initializer=paper, name="head")(x)
