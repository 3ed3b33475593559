"""An encoder that judges the whole drawing, and a decoder that judges each pixel."""

from typing import Any

import keras
from keras import layers

import zoo
from zoo.layers import SpectralConv2D, SpectralDense, normalise
from zoo_unetdisc.options import UnetdiscOptions


def build(options: UnetdiscOptions, image_shape: tuple[int, int, int]) -> keras.Model:
    """Build the discriminator (Schönfeld et al. 2020).

    Theirs has BigGAN's residual blocks and is trained with CutMix; this one has single strided
    convolutions, as ``patch``, and no CutMix.

    Args:
        options: See ``UnetdiscOptions``.
        image_shape: (H, W, 1), any H and W.

    Returns:
        A model from ``image`` and, with ``options.mask``, ``mask`` to ``logits``, the global one
        (B, 1) and one of each pixel (B, H, W, 1), and ``features``, the activations of encoder and
        decoder.

    Raises:
        OptionError: The depth is too much for the image.
    """
    names = ("image", "mask") if options.mask else ("image",)
    inputs = {name: keras.Input(image_shape, name=name) for name in names}
    x = layers.Concatenate()(list(inputs.values())) if options.mask else inputs["image"]
    levels, widths = [x], _widths(options, *image_shape[:2])
    for i, width in enumerate(widths):
        norm = "none" if i == 0 else options.norm
        x = _block(options, x, width, norm, f"down_{i + 1}", kernel=4, stride=2)
        levels.append(x)
    features = levels[1:]
    dense = SpectralDense if options.spectral else layers.Dense
    # The sum, not the mean: what one place shows must be able to decide.
    whole = dense(1, name="whole")(keras.ops.sum(x, (1, 2)))
    for i in reversed(range(len(widths))):
        x = layers.Concatenate()([_enlarged(x, levels[i]), levels[i]])
        x = _block(options, x, widths[max(0, i - 1)], options.norm, f"up_{i}", kernel=3)
        features.append(x)
    pixels = _convolution(options)(1, 1, name="pixels")(x)
    return keras.Model(inputs, {"logits": [whole, pixels], "features": features}, name="unetdisc")


def _block(
    options: UnetdiscOptions,
    x: Any,
    width: int,
    norm: str,
    name: str,
    *,
    kernel: int,
    stride: int = 1,
) -> Any:
    # A bias before a normalisation is subtracted by it again.
    x = _convolution(options)(
        width, kernel, stride, padding="same", use_bias=norm == "none", name=name
    )(x)
    return layers.LeakyReLU(options.slope)(normalise(norm)(x))


def _convolution(options: UnetdiscOptions) -> Any:
    return SpectralConv2D if options.spectral else layers.Conv2D


def _enlarged(x: Any, like: Any) -> Any:
    """Twice as large, cut where a side of the larger level is odd."""
    x = layers.UpSampling2D()(x)
    surplus = [side - wanted for side, wanted in zip(x.shape[1:3], like.shape[1:3], strict=True)]
    return layers.Cropping2D([(0, s) for s in surplus])(x) if any(surplus) else x


def _widths(options: UnetdiscOptions, height: int, width: int) -> list[int]:
    """Channels of each level, for a depth that the image allows."""
    deepest = min(height, width).bit_length() - 1
    depth = options.depth or max(1, deepest - 2)
    if depth > deepest:
        raise zoo.OptionError(
            f"discriminator unetdisc: depth={depth} halves {height}x{width} to less than a pixel; "
            f"use at most depth={deepest}"
        )
    return [min(options.width * 2**i, options.width_max) for i in range(depth)]
