"""Keras layers that several plugins share.

Pure functions of their inputs and weights: no layer here draws random numbers, and all of them
compile with XLA and export.
"""

from zoo.layers.attention import SelfAttention2D
from zoo.layers.blocks import (
    MIDDLES,
    attention_block,
    fourier_block,
    middle_block,
    residual_block,
)
from zoo.layers.dilation import DilatedConv2D
from zoo.layers.fourier import FourierConv2D, FourierUnit
from zoo.layers.head import ink_head
from zoo.layers.normalisation import NORMS, InstanceNormalisation, normalise
from zoo.layers.pooling import MaxPool2x2, MaxUnpool2x2, max_pool_with_positions, max_unpool
from zoo.layers.shuffling import PixelShuffle, PixelUnshuffle
from zoo.layers.spectral import SpectralConv2D, SpectralDense

__all__ = [
    "MIDDLES",
    "NORMS",
    "DilatedConv2D",
    "FourierConv2D",
    "FourierUnit",
    "InstanceNormalisation",
    "MaxPool2x2",
    "MaxUnpool2x2",
    "PixelShuffle",
    "PixelUnshuffle",
    "SelfAttention2D",
    "SpectralConv2D",
    "SpectralDense",
    "attention_block",
    "fourier_block",
    "ink_head",
    "max_pool_with_positions",
    "max_unpool",
    "middle_block",
    "normalise",
    "residual_block",
]
