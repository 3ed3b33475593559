"""The U-Net: what its options do, and where maxima return to."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from zoo_unet.model import build
from zoo_unet.options import UnetOptions

OPTIONS = [
    {"depth": 2},
    {"depth": 2, "noise": "input", "norm": "batch"},
    {"depth": 3, "noise": "none", "norm": "none", "width_max": 9},
    {"depth": 4, "skips": False, "noise_channels": 3},
]
SETS = pytest.mark.parametrize("changes", OPTIONS, ids=str)


def make(changes, shape=(16, 32, 1)):
    return build(UnetOptions(**{"width": 4, **changes}), shape)


def random_inputs(model, batch=2):
    rng = np.random.default_rng(0)
    shapes = {name: (batch, *x.shape[1:]) for name, x in model.input.items()}
    mask = rng.integers(0, 2, shapes["mask"])
    values = {"image": (1 - mask) * rng.random(mask.shape), "mask": mask}
    if "noise" in shapes:
        values["noise"] = rng.normal(size=shapes["noise"])
    return {name: tf.constant(x, tf.float32) for name, x in values.items()}


def test_default_size():
    options = UnetOptions()
    assert options.size_multiple == 16
    model = build(options, (64, 64, 1))
    assert 2_000_000 < model.count_params() < 4_000_000
    assert tuple(model.input["noise"].shape[1:]) == (4, 4, 8)


def test_without_skips_each_maximum_returns_to_its_own_pixel():
    model = make({"skips": False, "depth": 2})
    names = [layer.name for layer in model.layers]
    assert [n for n in names if "pool" in n] == ["pool_1", "pool_0", "unpool_0", "unpool_1"]
    outputs = [model.get_layer("pool_1").input, model.get_layer("unpool_1").output]
    before, after = keras.Model(model.input, outputs)(random_inputs(model))
    assert before.shape == after.shape
    windows = (tf.reshape(x, (2, 8, 2, 16, 2, 4)).numpy() for x in (before, after))
    before, after = (np.moveaxis(x, 3, 2).reshape(2, 8, 16, 4, 4) for x in windows)
    # Of each window only the pixel that held the maximum may be filled.
    first = np.argmax(before, axis=3)[:, :, :, None]
    assert np.any(np.take_along_axis(after, first, axis=3))
    np.put_along_axis(after, first, 0.0, axis=3)
    assert not np.any(after)


def test_skips_concatenate():
    def channels(skips):
        kernel = make({"skips": skips, "depth": 2}).get_layer("up_1b").kernel
        return kernel.shape[2]

    assert channels(True) == 2 * channels(False)


def test_one_level_more_outside_leaves_the_others_as_they_are():
    def weights(changes, shape):
        layers = make(changes, shape).layers
        return {x.name: [tuple(w.shape) for w in x.weights] for x in layers if x.weights}

    small = weights({"depth": 2, "width": 8}, (16, 16, 1))
    large = weights({"depth": 3, "width": 4}, (32, 32, 1))
    assert {name for name in small if large.get(name) != small[name]} == {"down_1a", "head"}
    assert {name.partition("_norm")[0] for name in large if name not in small} == {
        "down_2a", "down_2b", "up_2a", "up_2b",
    }  # fmt: skip


def test_channels_are_capped():
    filters = [
        layer.filters
        for layer in make({"depth": 4, "width_max": 9}).layers
        if isinstance(layer, keras.layers.Conv2D)
    ]
    assert max(filters) == 9


@SETS
def test_inputs(changes):
    options = UnetOptions(**changes)
    shapes = {name: tuple(x.shape[1:]) for name, x in make(changes).input.items()}
    cell = options.size_multiple
    noise = {
        "middle": {"noise": (16 // cell, 32 // cell, options.noise_channels)},
        "input": {"noise": (16, 32, 1)},
        "none": {},
    }
    assert cell == 2**options.depth
    assert shapes == dict.fromkeys(("image", "mask"), (16, 32, 1)) | noise[options.noise]


@SETS
def test_noise_changes_the_drawing(changes):
    model = make(changes)
    inputs = random_inputs(model)
    if "noise" in inputs:
        other = {**inputs, "noise": -inputs["noise"]}
        assert not np.allclose(model(inputs), model(other))
    else:
        np.testing.assert_array_equal(model(inputs), model(inputs))


@SETS
def test_every_weight_gets_a_gradient(changes):
    model = make(changes)
    with tf.GradientTape() as tape:
        logits = model(random_inputs(model), training=True)
        loss = tf.reduce_sum(logits**2)
    assert logits.shape == (2, 16, 32, 1)
    for weight, gradient in zip(
        model.trainable_weights,
        tape.gradient(loss, [w.value for w in model.trainable_weights]),
        strict=True,
    ):
        assert np.any(gradient.numpy()), weight.path


def test_smallest_size():
    """One pixel in the middle has no statistics; the drawing must pass all the same."""
    model = make({"depth": 3}, (8, 8, 1))
    assert model(random_inputs(model)).shape == (2, 8, 8, 1)
    kernel = model.get_layer("middle_b").kernel
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(random_inputs(model)) ** 2)
    assert np.any(tape.gradient(loss, kernel.value))
