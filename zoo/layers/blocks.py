"""Residual blocks for the middle of a generator, by name.

Each adds something to a map (B, H, W, C) and keeps its shape. What is added is normalised and
activated before its convolutions (He et al. 2016, Identity Mappings in Deep Residual Networks) and
starts small, so that a deep sum begins near the identity and what flows along it is never squashed.
"""

from functools import partial
from typing import Any

import keras
from keras import layers

from zoo.errors import OptionError
from zoo.layers.attention import SelfAttention2D
from zoo.layers.fourier import FourierConv2D
from zoo.layers.normalisation import normalise

MIDDLES = ("residual", "fourier", "attention")


def middle_block(
    kind: str, x: Any, name: str, *, norm: str = "instance", slope: float = 0.2
) -> Any:
    """Add a block to a map.

    Args:
        kind: ``"residual"`` (``residual_block``), ``"fourier"`` (``fourier_block``) or
            ``"attention"`` (``attention_block``, which normalises in its own way).
        x: (B, H, W, C), a Keras tensor.
        name: First part of the names of its layers.
        norm: Normalisation, as in ``normalise``.
        slope: Slope of LeakyReLU below zero.

    Returns:
        (B, H, W, C).

    Raises:
        OptionError: There is no such kind, or it cannot work on a map of that shape.
    """
    if kind == "residual":
        return residual_block(x, name, norm=norm, slope=slope)
    if kind == "fourier":
        return fourier_block(x, name, norm=norm, slope=slope)
    if kind == "attention":
        return attention_block(x, name)
    raise OptionError(f'no middle "{kind}". There are: {", ".join(MIDDLES)}')


def residual_block(x: Any, name: str, *, norm: str = "instance", slope: float = 0.2) -> Any:
    """Add two 3x3 convolutions of it to a map: (B, H, W, C) -> (B, H, W, C).

    He et al. 2016, Identity Mappings in Deep Residual Networks.
    """
    conv = partial(layers.Conv2D, x.shape[-1], 3, padding="same")
    first = conv(use_bias=_bias(norm), name=f"{name}_a")
    second = conv(kernel_initializer=_small(), name=f"{name}_b")
    y = first(_activate(x, norm, slope))
    return layers.Add()([x, second(_activate(y, norm, slope))])


def fourier_block(
    x: Any, name: str, *, norm: str = "instance", slope: float = 0.2, ratio: float = 0.75
) -> Any:
    """Add two fast Fourier convolutions of it to a map: (B, H, W, C) -> (B, H, W, C).

    Suvorov et al. 2022, Resolution-robust Large Mask Inpainting with Fourier Convolutions, with
    its normalisations and activations moved before the convolutions. ``ratio`` is the share of
    global channels.
    """
    conv = partial(FourierConv2D, x.shape[-1], 3, ratio, norm=norm, slope=slope)
    first = conv(use_bias=_bias(norm), name=f"{name}_a")
    second = conv(kernel_initializer=_small(), name=f"{name}_b")
    y = first(_activate(x, norm, slope))
    return layers.Add()([x, second(_activate(y, norm, slope))])


def attention_block(x: Any, name: str, *, heads: int = 4, widening: int = 2) -> Any:
    """A transformer block: add self-attention to a map, then a small network of each position.

    Vaswani et al. 2017, Attention Is All You Need, with layer normalisation first. ``heads`` must
    divide C; the small network has ``widening`` times C hidden units.
    (B, H, W, C) -> (B, H, W, C), H·W at most 4096.
    """
    width = x.shape[-1]
    attend = SelfAttention2D(heads, kernel_initializer=_small(), name=f"{name}_attention")
    x = layers.Add()([x, attend(layers.LayerNormalization(name=f"{name}_norm_a")(x))])
    y = layers.LayerNormalization(name=f"{name}_norm_b")(x)
    y = layers.Dense(widening * width, activation="gelu", name=f"{name}_widen")(y)
    y = layers.Dense(width, kernel_initializer=_small(), name=f"{name}_narrow")(y)
    return layers.Add()([x, y])


def _activate(x: Any, norm: str, slope: float) -> Any:
    return layers.LeakyReLU(slope)(normalise(norm)(x))


def _bias(norm: str) -> bool:
    """A bias before a normalisation is subtracted by it again."""
    return norm == "none"


def _small() -> Any:
    return keras.initializers.VarianceScaling(0.1)
