"""The threshold is the one at which a generator's ink draws the best lines."""

import numpy as np

from zoo.sketch.strokes import rasterise
from zoo.training.threshold import choose_threshold


def test_faint_lines_in_fog_are_told_from_the_fog() -> None:
    line = rasterise([np.array([[4, 30], [60, 34]], np.float32)], 64, 64, 1)
    line = (line > 0.5).astype(np.float32)
    target = np.stack([line, line.T])[..., None]
    mask = np.zeros_like(target)
    mask[:, 20:44, 20:44] = 1
    fog = np.random.default_rng(0).uniform(0, 0.31, target.shape)
    ink = np.where(target > 0, 0.42, fog).astype(np.float32)
    assert choose_threshold(ink, target, mask) == (0.35, 1.0)


def test_nothing_drawn_gives_the_smallest() -> None:
    target = np.ones((1, 16, 16, 1), np.float32)
    assert choose_threshold(np.zeros_like(target), target, target) == (0.15, 0.0)
