"""Strided convolutions, then one logit for each patch."""

from typing import Any

import keras
from keras import layers

import zoo
from zoo.layers import normalise
from zoo_patch.options import PatchOptions


def build(options: PatchOptions, image_shape: tuple[int, int, int]) -> keras.Model:
    """Build the discriminator.

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
    names = ("image", "mask") if options.mask else ("image",)
    inputs = {name: keras.Input(image_shape, name=name) for name in names}
    x = layers.Concatenate()(list(inputs.values())) if options.mask else inputs["image"]
    features = []
    for i in range(options.depth):
        width = min(options.width * 2**i, options.width_max)
        x = _level(options, x, width, "none" if i == 0 else options.norm, f"down_{i + 1}")
        features.append(x)
    logits = layers.Conv2D(1, 3, padding="same", name="logits")(x)
    return keras.Model(inputs, {"logits": [logits], "features": features}, name="patch")


def _level(options: PatchOptions, x: Any, width: int, norm: str, name: str) -> Any:
    # A bias before a normalisation is subtracted by it again.
    bias = norm == "none"
    x = layers.Conv2D(width, 4, 2, padding="same", use_bias=bias, name=name)(x)
    return layers.LeakyReLU(options.slope)(normalise(norm)(x))
