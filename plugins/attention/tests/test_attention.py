"""The attention generator: stages of transformer blocks, and what they need of width and size."""

import numpy as np
import pytest
import tensorflow as tf
from zoo_attention.model import build
from zoo_attention.options import AttentionOptions

import zoo
from zoo.layers import SelfAttention2D

SMALL = {"stem": 4, "width": 8, "blocks": 1, "heads": 2}


def test_default_size():
    options = AttentionOptions()
    model = build(options, (128, 64, 1))
    assert 1_000_000 < model.count_params() < 2_000_000
    assert options.size_multiple == 16
    assert tuple(model.input["noise"].shape[1:]) == (8, 4, 8)


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_stages(depth):
    """Down and up again from an eighth of the resolution, ``blocks`` transformer blocks each."""
    model = build(AttentionOptions(**{**SMALL, "depth": depth, "blocks": 2}), (64, 96, 1))
    found = [tuple(x.output.shape[1:3]) for x in model.layers if isinstance(x, SelfAttention2D)]
    down = [(8 >> i, 12 >> i) for i in range(depth + 1)]
    stages = [*down, *reversed(down[:-1])]
    assert found == [sides for sides in stages for _ in range(2)]


def test_weights_of_one_size_fit_another():
    """Coordinates are computed, not learnt: no weight depends on the size of the image."""
    options = AttentionOptions(**SMALL)
    small, large = build(options, (16, 32, 1)), build(options, (64, 48, 1))
    large.set_weights(small.get_weights())


def test_sees_from_corner_to_corner():
    """The convolutions around one transformer block reach 30 pixels or so: not across 128."""
    options = AttentionOptions(**SMALL, depth=0, norm="none", noise="none")
    model = build(options, (128, 128, 1))
    image = tf.constant(np.random.default_rng(0).random((1, 128, 128, 1)), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(image)
        corner = model({"image": image, "mask": tf.zeros_like(image)})[0, 0, 0, 0]
    assert np.any(tape.gradient(corner, image)[0, -8:, -8:])


@pytest.mark.parametrize(
    ("changes", "side", "message"),
    [
        ({"heads": 3}, 32, "3 heads cannot share 8 channels"),
        ({}, 528, "66x66 = 4356 positions: at most 4096"),
    ],
)
def test_refused(changes, side, message):
    with pytest.raises(zoo.OptionError, match=message):
        build(AttentionOptions(**{**SMALL, **changes}), (side, side, 1))
