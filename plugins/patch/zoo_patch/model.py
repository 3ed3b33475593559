"""Strided convolutions, then one logit for each patch."""

from typing import Any

import keras
from keras import layers

import zoo
from zoo.layers import SpectralConv2D, normalise
from zoo_patch.options import MultiscaleOptions, PatchOptions


def build(options: PatchOptions, image_shape: tuple[int, int, int]) -> keras.Model:
    """Build the discriminator ``patch`` (Isola et al. 2017).

    Args:
        options: See ``PatchOptions``.
        image_shape: (H, W, 1), sides of 2^depth at least.

    Returns:
        A model from ``image`` and, with ``options.mask``, ``mask`` to ``logits``, one map
        (B, H/2^depth, W/2^depth, 1), and ``features``, the activations of all levels.

    Raises:
        OptionError: The depth is too much for the image.
    """
    deepest = min(image_shape[:2]).bit_length() - 1
    if options.depth > deepest:
        raise zoo.OptionError(
            f"discriminator patch: depth={options.depth} halves {image_shape[0]}x{image_shape[1]} "
            f"to less than a pixel; use at most depth={deepest}"
        )
    inputs, x = _inputs(options, image_shape)
    logits, features = _tower(options, x)
    return keras.Model(inputs, {"logits": [logits], "features": features}, name="patch")


def build_multiscale(options: MultiscaleOptions, image_shape: tuple[int, int, int]) -> keras.Model:
    """Build the discriminator ``multiscale`` (Wang et al. 2018).

    Args:
        options: See ``MultiscaleOptions``.
        image_shape: (H, W, 1), sides of 2^(depth + scales - 1) at least.

    Returns:
        A model from ``image`` and, with ``options.mask``, ``mask`` to ``logits``, for each scale i
        from 0 a map (B, H/2^(depth + i), W/2^(depth + i), 1), and ``features``, the activations of
        all levels of all scales.

    Raises:
        OptionError: Depth and scales are too much for the image.
    """
    deepest = min(image_shape[:2]).bit_length() - 1
    if options.depth + options.scales - 1 > deepest:
        raise zoo.OptionError(
            f"discriminator multiscale: depth={options.depth} at scales={options.scales} halves "
            f"{image_shape[0]}x{image_shape[1]} to less than a pixel; use a depth and scales that "
            f"add up to {deepest + 1} at most"
        )
    inputs, x = _inputs(options, image_shape)
    maps, features = [], []
    for i in range(options.scales):
        if i > 0:
            x = layers.AveragePooling2D(2, padding="same", name=f"pool_{i}")(x)
        logits, activations = _tower(options, x, f"scale_{i}_")
        maps.append(logits)
        features += activations
    return keras.Model(inputs, {"logits": maps, "features": features}, name="multiscale")


def _inputs(options: PatchOptions, image_shape: tuple[int, int, int]) -> tuple[dict[str, Any], Any]:
    """The model's inputs, and what its first layer sees of them."""
    image = keras.Input(image_shape, name="image")
    if not options.mask:
        return {"image": image}, image
    mask = keras.Input(image_shape, name="mask")
    return {"image": image, "mask": mask}, layers.Concatenate()([image, mask])


def _tower(options: PatchOptions, x: Any, prefix: str = "") -> tuple[Any, list[Any]]:
    """One map of logits, and the activations of all levels."""
    convolution = SpectralConv2D if options.spectral else layers.Conv2D
    features = []
    for i in range(options.depth):
        width = min(options.width * 2**i, options.width_max)
        norm = "none" if i == 0 else options.norm
        name = f"{prefix}down_{i + 1}"
        # A bias before a normalisation is subtracted by it again.
        x = convolution(width, 4, 2, padding="same", use_bias=norm == "none", name=name)(x)
        x = layers.LeakyReLU(options.slope)(normalise(norm)(x))
        features.append(x)
    return convolution(1, 3, padding="same", name=f"{prefix}logits")(x), features
