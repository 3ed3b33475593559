"""A mask."""

import numpy as np


def build(options):
    """A horizontal stripe around a random row."""

    def family(rng, ink, strokes, progress):
        height, width = ink.shape
        centre = rng.integers(height)

        def grow(s):
            reach = s * options.widest * height / 2
            rows = np.abs(np.arange(height) - centre) < reach
            return np.repeat(rows[:, None], width, 1).astype(np.float32)

        return grow

    return family
