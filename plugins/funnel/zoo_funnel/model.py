"""The funnel: strided convolutions down, a middle, transposed convolutions up."""

from functools import partial
from typing import Any

import keras
from keras import layers

from zoo.layers import DilatedConv2D, MaxPool2x2, MaxUnpool2x2, middle_block, normalise
from zoo_funnel.options import FunnelOptions


def build(options: FunnelOptions, image_shape: tuple[int, int, int]) -> keras.Model:
    """Build the generator.

    Args:
        options: See ``FunnelOptions``.
        image_shape: (H, W, 1), H and W multiples of ``options.size_multiple``.

    Returns:
        A model from ``image``, ``mask`` and, unless ``noise=none``, ``noise`` to (B, H, W, 1)
        logits of ink. Noise is (H, W, 1) at the input, (H/2^depth, W/2^depth, noise_channels) in
        the middle.
    """
    inputs = {name: keras.Input(image_shape, name=name) for name in ("image", "mask")}
    block = partial(_block, options)
    conv = partial(layers.Conv2D, padding="same")
    seen = [_seen(options, inputs["image"], inputs["mask"]), inputs["mask"]]
    if options.noise == "input":
        inputs["noise"] = keras.Input(image_shape, name="noise")
        seen.append(inputs["noise"])
    x = layers.Concatenate()(seen)
    x = block(conv, x, "stem", options.stem, options.stem_kernel)
    widths = [options.width * 2**i for i in range(options.depth)]
    maxima = []
    for i, width in enumerate(widths, 1):
        x, positions = _halved(options, x, i, width)
        maxima.append(positions)
    if options.noise == "middle":
        inputs["noise"] = keras.Input((*x.shape[1:3], options.noise_channels), name="noise")
        x = layers.Concatenate()([x, inputs["noise"]])
    x = _middle(options, x)
    for i, (width, positions) in enumerate(zip(widths[::-1], maxima[::-1], strict=True), 1):
        x = _doubled(options, x, i, width, positions)
    return keras.Model(inputs, _head(options, x), name="funnel")


def _seen(options: FunnelOptions, image: Any, mask: Any) -> Any:
    if options.pixels == "signed":
        return (1.0 - 2.0 * image) * (1.0 - mask)
    return image


def _halved(options: FunnelOptions, x: Any, i: int, width: int) -> tuple[Any, Any]:
    """A level down, and where its maxima were if it pools."""
    conv = partial(layers.Conv2D, padding="same")
    if options.scaling == "strided":
        return _block(options, conv, x, f"down_{i}", width, options.kernel, strides=2), None
    x = _block(options, conv, x, f"down_{i}", width, options.kernel)
    return MaxPool2x2(name=f"pool_{i}")(x)


def _doubled(options: FunnelOptions, x: Any, i: int, width: int, positions: Any) -> Any:
    if options.scaling == "strided":
        transposed = partial(layers.Conv2DTranspose, padding="same")
        return _block(options, transposed, x, f"up_{i}", width, options.kernel, strides=2)
    # Positions belong to the channels of their level, so these must match before unpooling.
    conv = partial(layers.Conv2D, padding="same")
    x = _block(options, conv, x, f"up_{i}", width, options.kernel)
    return MaxUnpool2x2(name=f"unpool_{i}")(x, positions)


def _middle(options: FunnelOptions, x: Any) -> Any:
    names = [f"middle_{i}" for i in range(1, options.blend + 1)]
    width = options.middle_width
    if options.middle == "dilated":
        conv = partial(DilatedConv2D, dilation=options.dilation)
        for name in names:
            x = _block(options, conv, x, name, width, options.middle_kernel)
        return x
    # Residual blocks keep the number of channels: one convolution sets it.
    x = _block(options, partial(layers.Conv2D, padding="same"), x, "mix", width, options.kernel)
    for name in names:
        x = middle_block(options.middle, x, name, norm=options.norm, slope=options.slope)
    return x


def _block(
    options: FunnelOptions, conv: Any, x: Any, name: str, filters: int, kernel: int, **how: Any
) -> Any:
    # A bias before a normalisation is subtracted by it again.
    bias = options.norm == "none"
    x = conv(filters, kernel, use_bias=bias, name=name, **how)(x)
    return layers.LeakyReLU(options.slope)(normalise(options.norm)(x))


def _head(options: FunnelOptions, x: Any) -> Any:
    conv = partial(layers.Conv2D, 1, options.head_kernel, padding="same", name="head")
    if options.pixels == "ink":
        # Most of a hole is paper: without this start the first hundred steps only learn that.
        return conv(bias_initializer=keras.initializers.Constant(-2.0))(x)
    # tanh(u) with paper = +1 is 1 - 2 * sigmoid(-2u).
    return -2.0 * conv(use_bias=False)(x)
