"""A residual U-Net between a pixel-unshuffle stem and a pixel-shuffle head."""

from functools import partial
from typing import Any

import keras
from keras import layers

from zoo.layers import (
    PixelShuffle,
    PixelUnshuffle,
    attention_block,
    ink_head,
    middle_block,
    residual_block,
)
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
    slope = options.slope
    inputs = {name: keras.Input(image_shape, name=name) for name in ("image", "mask")}
    conv = partial(layers.Conv2D, kernel_size=3, padding="same")
    residual = partial(residual_block, norm=options.norm, slope=slope)
    middle = partial(middle_block, options.middle, norm=options.norm, slope=slope)
    attended = range(options.depth + 1 - options.attention, options.depth + 1)
    widths = [min(options.width * 2**i, options.width_max) for i in range(options.depth + 1)]
    given = layers.Concatenate()(list(inputs.values()))
    x = conv(widths[0], name="stem")(PixelUnshuffle(options.factor)(given))
    skips = []
    for i, width in enumerate(widths[:-1]):
        for j in range(options.blocks):
            x = residual(x, f"down_{i}{j}")
        if i in attended:
            x = attention_block(x, f"down_{i}")
        skips.append((i, width, x))
        x = conv(widths[i + 1], strides=2, name=f"halve_{i}")(x)
    if options.noise == "middle":
        inputs["noise"] = keras.Input((*x.shape[1:3], options.noise_channels), name="noise")
        x = conv(widths[-1], name="mix")(layers.Concatenate()([x, inputs["noise"]]))
    for j in range(options.blend):
        x = middle(x, f"middle_{j}")
    if options.depth in attended:
        x = attention_block(x, "middle")
    for i, width, skip in reversed(skips):
        x = layers.Concatenate()([layers.UpSampling2D()(x), skip])
        # One pixel wide: the blocks that follow look around.
        x = layers.Conv2D(width, 1, name=f"up_{i}")(x)
        for j in range(options.blocks_up):
            x = residual(x, f"up_{i}{j or ''}")
        if i in attended:
            x = attention_block(x, f"up_{i}")
    head = _fine_head(options, x, given) if options.fine else ink_head(x, options.factor, slope)
    return keras.Model(inputs, head, name="shuffle")


def _fine_head(options: ShuffleOptions, x: Any, given: Any) -> Any:
    """Blocks of pixels meet at half resolution, where the drawing itself is seen once more."""
    factor = options.factor // 2
    x = layers.Conv2D(options.fine * factor**2, 1, name="widen")(layers.LeakyReLU(options.slope)(x))
    x = layers.Concatenate()([PixelShuffle(factor)(x), PixelUnshuffle(2)(given)])
    x = layers.Conv2D(options.fine, 3, padding="same", name="fine")(x)
    return ink_head(x, 2, options.slope)
