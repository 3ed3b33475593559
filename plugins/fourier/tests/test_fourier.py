"""The fourier generator: LaMa's shape, and that every part of a drawing sees every other."""

import numpy as np
import pytest
import tensorflow as tf
from zoo_fourier.model import build
from zoo_fourier.options import FourierOptions

from zoo.layers import FourierConv2D

SMALL = {"width": 4, "width_max": 8, "blocks": 1}


def test_default_size():
    options = FourierOptions()
    model = build(options, (128, 64, 1))
    assert 1_000_000 < model.count_params() < 1_700_000
    assert options.size_multiple == 8
    assert tuple(model.input["noise"].shape[1:]) == (16, 8, 8)


@pytest.mark.parametrize(("ratio", "globals_"), [(0.25, 2), (0.75, 6)])
def test_fourier_convolutions_are_the_middle(ratio, globals_):
    model = build(FourierOptions(**{**SMALL, "blocks": 3, "ratio": ratio}), (32, 48, 1))
    found = [x for x in model.layers if isinstance(x, FourierConv2D)]
    assert len(found) == 6
    assert {tuple(x.output.shape[1:]) for x in found} == {(4, 6, 8)}
    assert {x.to_global.filters for x in found} == {globals_}


def test_weights_of_one_size_fit_another():
    """No weight depends on the size of the image: the transform has none."""
    options = FourierOptions(**SMALL)
    small, large = build(options, (16, 24, 1)), build(options, (64, 32, 1))
    large.set_weights(small.get_weights())


@pytest.mark.parametrize("norm", ["batch", "none"])
def test_one_block_sees_from_corner_to_corner(norm):
    """The convolutions around it reach 30 pixels or so: not across 128."""
    model = build(FourierOptions(**SMALL, norm=norm, noise="none"), (128, 128, 1))
    image = tf.constant(np.random.default_rng(0).random((1, 128, 128, 1)), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(image)
        corner = model({"image": image, "mask": tf.zeros_like(image)})[0, 0, 0, 0]
    assert np.any(tape.gradient(corner, image)[0, -8:, -8:])
