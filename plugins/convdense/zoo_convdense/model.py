"""Strided convolutions, then dense layers: one logit for the whole drawing."""

from typing import Any

import keras
from keras import layers

import zoo
from zoo.layers import SpectralConv2D, SpectralDense, normalise
from zoo_convdense.options import ConvdenseOptions


def build(options: ConvdenseOptions, image_shape: tuple[int, int, int]) -> keras.Model:
    """Build the discriminator.

    Args:
        options: See ``ConvdenseOptions``.
        image_shape: (H, W, 1), any H and W.

    Returns:
        A model from ``image`` and, with ``options.mask``, ``mask`` to ``logits``, one (B, 1), and
        ``features``, the activations of all convolutions.

    Raises:
        OptionError: The depth is too much for the image, or the dense layer would have more than
            ``options.max_dense_weights`` weights.
    """
    widths = _widths(options, *image_shape[:2])
    names = ("image", "mask") if options.mask else ("image",)
    inputs = {name: keras.Input(image_shape, name=name) for name in names}
    x = layers.Concatenate()(list(inputs.values())) if options.mask else inputs["image"]
    features = []
    for i, width in enumerate(widths):
        x = _level(options, x, width, "none" if i == 0 else options.norm, f"down_{i + 1}")
        features.append(x)
    dense = SpectralDense if options.spectral else layers.Dense
    x = dense(options.dense, name="dense")(layers.Flatten()(x))
    logits = dense(1, name="logit")(layers.LeakyReLU(options.slope)(x))
    return keras.Model(inputs, {"logits": [logits], "features": features}, name="convdense")


def _level(options: ConvdenseOptions, x: Any, width: int, norm: str, name: str) -> Any:
    # A bias before a normalisation is subtracted by it again.
    bias = norm == "none"
    convolution = SpectralConv2D if options.spectral else layers.Conv2D
    x = convolution(width, options.kernel, 2, padding="same", use_bias=bias, name=name)(x)
    return layers.LeakyReLU(options.slope)(normalise(norm)(x))


def _widths(options: ConvdenseOptions, height: int, width: int) -> list[int]:
    """Channels of each level, for a depth that the image and the bound on weights allow."""
    deepest = min(height, width).bit_length() - 1
    depth = options.depth or max(1, deepest - 2)
    if depth > deepest:
        raise zoo.OptionError(
            f"discriminator convdense: depth={depth} halves {height}x{width} to less than a "
            f"pixel; use at most depth={deepest}"
        )
    weights = _dense_weights(options, height, width, depth)
    if weights > options.max_dense_weights:
        fits = [
            d
            for d in range(1, deepest + 1)
            if _dense_weights(options, height, width, d) <= options.max_dense_weights
        ]
        fix = f"depth={fits[0]} fits" if fits else "use a smaller dense or width_max"
        raise zoo.OptionError(
            f"discriminator convdense: its dense layer would have {weights:,} weights at "
            f"{height}x{width}, more than max_dense_weights={options.max_dense_weights:,}; {fix}"
        )
    return [_channels(options, i) for i in range(1, depth + 1)]


def _channels(options: ConvdenseOptions, level: int) -> int:
    return int(min(options.width * 2 ** (level - 1), options.width_max))


def _dense_weights(options: ConvdenseOptions, height: int, width: int, depth: int) -> int:
    pixels = -(-height // 2**depth) * -(-width // 2**depth)
    return pixels * _channels(options, depth) * options.dense
