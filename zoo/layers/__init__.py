"""Keras layers that several plugins share.

Pure functions of their inputs and weights: no layer here draws random numbers, and all of them
compile with XLA and export.
"""

from zoo.layers.dilation import DilatedConv2D
from zoo.layers.normalisation import NORMS, InstanceNormalisation, normalise
from zoo.layers.pooling import MaxPool2x2, MaxUnpool2x2, max_pool_with_positions, max_unpool
from zoo.layers.shuffling import PixelShuffle, PixelUnshuffle

__all__ = [
    "NORMS",
    "DilatedConv2D",
    "InstanceNormalisation",
    "MaxPool2x2",
    "MaxUnpool2x2",
    "PixelShuffle",
    "PixelUnshuffle",
    "max_pool_with_positions",
    "max_unpool",
    "normalise",
]
