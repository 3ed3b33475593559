"""Gated convolutions, first coarse, then refined."""

from functools import partial
from typing import Any

import keras
from keras import layers

from zoo.layers import DilatedConv2D, PixelShuffle, PixelUnshuffle
from zoo_gated.attention import ContextualAttention
from zoo_gated.options import GatedOptions


def build(options: GatedOptions, image_shape: tuple[int, int, int]) -> keras.Model:
    """Build the generator (Yu et al. 2019).

    Args:
        options: See ``GatedOptions``.
        image_shape: (H, W, 1), H and W multiples of ``options.size_multiple``.

    Returns:
        A model from ``image``, ``mask`` and, unless ``noise=none``, ``noise`` of shape
        (H/factor, W/factor, noise_channels) to a dict of ``logits``, (B, H, W, 1), and ``stages``:
        the coarse logits, or nothing if ``refine`` is off.
    """
    inputs = {name: keras.Input(image_shape, name=name) for name in ("image", "mask")}
    image, mask = inputs["image"], inputs["mask"]
    small = (image_shape[0] // options.factor, image_shape[1] // options.factor)
    gated = partial(_gated, width=options.width)
    x = _stem(options, image, mask, "coarse")
    x = gated(x, name="coarse_in")
    if options.noise == "middle":
        inputs["noise"] = keras.Input((*small, options.noise_channels), name="noise")
        x = layers.Concatenate()([x, inputs["noise"]])
        x = gated(x, name="coarse_mix")
    x = _dilated(options, x, "coarse")
    logits = _head(options, gated(x, name="coarse_out"), "coarse")
    if not options.refine:
        return keras.Model(inputs, {"logits": logits, "stages": []}, name="gated")
    composite = image * (1.0 - mask) + keras.ops.sigmoid(logits) * mask
    x = _stem(options, composite, mask, "refine")
    branches = [_dilated(options, gated(x, name="refine_in"), "refine")]
    if options.attention:
        copied = ContextualAttention(name="attention")(gated(x, name="attention_in"), mask)
        branches.append(gated(copied, name="attention_out"))
    x = gated(layers.Concatenate()([x, *branches]), name="refine_mix")
    refined = _head(options, gated(x, name="refine_out"), "refine")
    return keras.Model(inputs, {"logits": refined, "stages": [logits]}, name="gated")


def _gated(x: Any, width: int, name: str, dilation: int = 1) -> Any:
    """A convolution of which one half lets the other one through: elu(a) * sigmoid(b)."""
    # About keeps the mean square, of which Glorot's start would leave a tenth after each layer.
    start = keras.initializers.VarianceScaling(5.0, "fan_in")
    x = DilatedConv2D(2 * width, 3, dilation, kernel_initializer=start, name=name)(x)
    feature, gate = keras.ops.split(x, 2, axis=-1)
    return keras.ops.elu(feature) * keras.ops.sigmoid(gate)


def _stem(options: GatedOptions, drawing: Any, mask: Any, name: str) -> Any:
    x = PixelUnshuffle(options.factor)(layers.Concatenate()([drawing, mask]))
    return _gated(x, options.width, f"{name}_stem")


def _dilated(options: GatedOptions, x: Any, name: str) -> Any:
    for i, dilation in enumerate(options.dilations):
        x = _gated(x, options.width, f"{name}_middle_{i}", dilation)
    return x


def _head(options: GatedOptions, x: Any, name: str) -> Any:
    # A drawing is mostly paper: start there (the prior of Lin et al. 2017, Focal Loss).
    paper = keras.initializers.Constant(-2.0)
    filters, name = options.factor**2, f"{name}_head"
    x = layers.Conv2D(filters, 3, padding="same", bias_initializer=paper, name=name)(x)
    return PixelShuffle(options.factor)(x)
