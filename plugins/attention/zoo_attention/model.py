"""A convolutional head, a U-shape of transformer blocks, a convolutional tail.

The shape of Li et al. 2022, MAT: Mask-Aware Transformer for Large Hole Image Inpainting. Attention
is over all positions, and the mask is an input like any other: neither windows nor a list of valid
tokens, which photographs of 512x512 need and drawings at an eighth of their resolution do not.
"""

from functools import partial
from typing import Any

import keras
from keras import layers

from zoo.layers import PixelUnshuffle, attention_block, ink_head, residual_block
from zoo_attention.options import AttentionOptions


def build(options: AttentionOptions, image_shape: tuple[int, int, int]) -> keras.Model:
    """Build the generator.

    Args:
        options: See ``AttentionOptions``.
        image_shape: (H, W, 1), H and W multiples of ``options.size_multiple``.

    Returns:
        A model from ``image``, ``mask`` and, unless ``noise=none``, ``noise`` of shape
        (H/m, W/m, noise_channels), m = ``size_multiple``, to (B, H, W, 1) logits of ink.

    Raises:
        OptionError: ``heads`` does not divide ``width``, or the image has too many positions.
    """
    inputs = {name: keras.Input(image_shape, name=name) for name in ("image", "mask")}
    conv = partial(layers.Conv2D, kernel_size=3, padding="same")
    stage = partial(_stage, options)
    residual = partial(residual_block, norm=options.norm, slope=options.slope)
    x = PixelUnshuffle(options.factor)(layers.Concatenate()(list(inputs.values())))
    head = residual(conv(options.stem, name="stem")(x), "first")
    x = conv(options.width, strides=2, name="tokens")(head)
    skips = []
    for i in range(options.depth):
        x = stage(x, f"down_{i}")
        skips.append((i, x))
        x = conv(options.width, strides=2, name=f"halve_{i}")(x)
    if options.noise == "middle":
        inputs["noise"] = keras.Input((*x.shape[1:3], options.noise_channels), name="noise")
        x = conv(options.width, name="mix")(layers.Concatenate()([x, inputs["noise"]]))
    x = stage(x, "middle")
    for i, skip in reversed(skips):
        x = stage(_double(x, skip, options.width, f"double_{i}"), f"up_{i}")
    x = residual(_double(x, head, options.stem, "pixels"), "last")
    return keras.Model(inputs, ink_head(x, options.factor, options.slope), name="attention")


def _stage(options: AttentionOptions, x: Any, name: str) -> Any:
    for i in range(options.blocks):
        x = attention_block(x, f"{name}{i}", heads=options.heads)
    return x


def _double(x: Any, skip: Any, width: int, name: str) -> Any:
    x = layers.Concatenate()([layers.UpSampling2D()(x), skip])
    # One pixel wide: the block that follows looks around.
    return layers.Conv2D(width, 1, name=name)(x)
