"""Convolutions down, residual blocks of fast Fourier convolutions, convolutions up.

Suvorov et al. 2022, Resolution-robust Large Mask Inpainting with Fourier Convolutions.
"""

from functools import partial

import keras
from keras import layers

from zoo.layers import PixelUnshuffle, fourier_block, ink_head, normalise
from zoo_fourier.options import FourierOptions


def build(options: FourierOptions, image_shape: tuple[int, int, int]) -> keras.Model:
    """Build the generator.

    Args:
        options: See ``FourierOptions``.
        image_shape: (H, W, 1), H and W multiples of ``options.size_multiple``.

    Returns:
        A model from ``image``, ``mask`` and, unless ``noise=none``, ``noise`` of shape
        (H/m, W/m, noise_channels), m = ``size_multiple``, to (B, H, W, 1) logits of ink.
    """
    inputs = {name: keras.Input(image_shape, name=name) for name in ("image", "mask")}
    # A bias before a normalisation is subtracted by it again.
    bias = options.norm == "none"
    block = partial(fourier_block, norm=options.norm, slope=options.slope, ratio=options.ratio)
    widths = [min(options.width * 2**i, options.width_max) for i in range(options.depth + 1)]
    x = PixelUnshuffle(options.factor)(layers.Concatenate()(list(inputs.values())))
    x = layers.Conv2D(widths[0], 3, padding="same", use_bias=bias, name="stem")(x)
    for i, width in enumerate(widths[1:]):
        x = layers.LeakyReLU(options.slope)(normalise(options.norm)(x))
        x = layers.Conv2D(width, 3, 2, padding="same", name=f"halve_{i}")(x)
    if options.noise == "middle":
        inputs["noise"] = keras.Input((*x.shape[1:3], options.noise_channels), name="noise")
        x = layers.Concatenate()([x, inputs["noise"]])
        x = layers.Conv2D(widths[-1], 3, padding="same", name="mix")(x)
    for i in range(options.blocks):
        x = block(x, f"fourier_{i}")
    for i, width in reversed(list(enumerate(widths[:-1]))):
        # Not normalised before: the sum of the blocks keeps what their last biases add.
        double = layers.Conv2DTranspose(
            width, 3, 2, padding="same", use_bias=bias, name=f"double_{i}"
        )
        x = normalise(options.norm)(double(layers.LeakyReLU(options.slope)(x)))
    return keras.Model(inputs, ink_head(x, options.factor, options.slope), name="fourier")
