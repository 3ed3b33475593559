"""Ink as bytes: a quarter of the memory, and what pipes and caches hold."""

import numpy as np


def ink_of_levels(levels: np.ndarray) -> np.ndarray:
    """Float32 k / 255 of uint8 k."""
    ink = levels.astype(np.float32)
    ink /= np.float32(255)
    return ink


def levels_of_ink(ink: np.ndarray) -> np.ndarray:
    """The nearest uint8 of ink in [0, 1], and the exact one of ``ink_of_levels``."""
    return np.rint(ink * np.float32(255)).astype(np.uint8)
