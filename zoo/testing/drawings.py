"""Small drawings for the checks of masks, metrics and completers: procedural, always the same."""

from functools import cache

import numpy as np

from zoo.data.doodles import build
from zoo.data.options import DoodlesOptions
from zoo.sketch.strokes import fit_strokes, rasterise

# Height and width differ: a component that mixes them up is seen.
HEIGHT, WIDTH = 48, 64

Strokes = tuple[np.ndarray, ...]


@cache
def doodle(index: int, height: int = HEIGHT, width: int = WIDTH) -> tuple[np.ndarray, Strokes]:
    """Ink (H, W) float32 in [0, 1] and strokes in its pixels; neither can be written to."""
    strokes = build(DoodlesOptions())[index].strokes
    assert strokes is not None
    fitted = tuple(fit_strokes(strokes, height, width, min(height, width) / 16))
    ink = rasterise(fitted, height, width, 2)
    for array in (ink, *fitted):
        array.setflags(write=False)
    return ink, fitted


def box(height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    """A hole (H, W) float32 in the middle, where doodles have ink."""
    mask = np.zeros((height, width), np.float32)
    mask[height // 4 : 3 * height // 4, width // 4 : 3 * width // 4] = 1
    return mask
