"""Convdense: the discriminator contract, and the bound on its dense layer."""

import re

import keras
import numpy as np
import pytest
import tensorflow as tf
from zoo_convdense.model import build
from zoo_convdense.options import ConvdenseOptions

import zoo

OPTIONS = [{}, {"mask": False, "kernel": 5}, {"norm": "batch", "depth": 2}, {"width_max": 4}]
SETS = pytest.mark.parametrize("changes", OPTIONS, ids=str)
SHAPE = (16, 24, 1)


def make(changes, shape=SHAPE):
    return build(ConvdenseOptions(**{"width": 4, "dense": 8, **changes}), shape)


def random_inputs(model, batch=3):
    rng = np.random.default_rng(0)
    return {
        name: tf.constant(rng.integers(0, 2, (batch, *x.shape[1:])), tf.float32)
        for name, x in model.input.items()
    }


@SETS
def test_one_logit_and_all_activations(changes):
    model = make(changes)
    output = model(random_inputs(model))
    assert set(model.input) == ({"image", "mask"} if changes.get("mask", True) else {"image"})
    assert [x.shape for x in output["logits"]] == [(3, 1)]
    convolutions = [x for x in model.layers if isinstance(x, keras.layers.Conv2D)]
    channels = [x.shape[-1] for x in output["features"]]
    assert channels == [x.filters for x in convolutions]


@pytest.mark.parametrize(
    ("shape", "last"),
    [((64, 64, 1), (4, 4)), ((256, 256, 1), (4, 4)), ((96, 40, 1), (12, 5)), ((2, 2, 1), (1, 1))],
)
def test_default_depth_ends_at_about_four_pixels(shape, last):
    assert tuple(make({}, shape).output["features"][-1].shape[1:3]) == last


@SETS
def test_every_weight_gets_a_gradient(changes):
    model = make(changes)
    with tf.GradientTape() as tape:
        (logits,) = model(random_inputs(model), training=True)["logits"]
        loss = tf.reduce_sum(logits**2)
    for weight, gradient in zip(
        model.trainable_weights,
        tape.gradient(loss, [w.value for w in model.trainable_weights]),
        strict=True,
    ):
        assert np.any(gradient.numpy()), weight.path


def test_dense_weights_are_bounded():
    options = {"depth": 2, "width": 32, "dense": 256}
    with pytest.raises(zoo.OptionError, match="67,108,864 weights") as error:
        make(options, (256, 256, 1))
    assert "max_dense_weights=16,000,000" in str(error.value)
    depth = int(re.search(r"depth=(\d+) fits", str(error.value))[1])
    model = make({**options, "depth": depth}, (256, 256, 1))
    assert np.prod(model.get_layer("dense").kernel.shape) <= 16_000_000
    with pytest.raises(zoo.OptionError):
        make({**options, "depth": depth - 1}, (256, 256, 1))


def test_bound_is_exact():
    kernel = make({}).get_layer("dense").kernel
    weights = int(np.prod(kernel.shape))
    make({"max_dense_weights": weights})
    with pytest.raises(zoo.OptionError, match=f"{weights:,} weights"):
        make({"max_dense_weights": weights - 1})


def test_a_bound_that_no_depth_meets():
    with pytest.raises(zoo.OptionError, match="smaller dense or width_max"):
        make({"max_dense_weights": 1})


def test_too_deep():
    make({"depth": 4})
    with pytest.raises(zoo.OptionError, match=r"16x24 .* at most depth=4"):
        make({"depth": 5})


@pytest.mark.parametrize("spectral", [False, True])
def test_spectral_normalisation_takes_the_scale_out_of_every_kernel(spectral):
    model = make({"spectral": spectral})
    inputs = random_inputs(model)
    (before,) = model(inputs)["logits"]
    kernels = [w for w in model.trainable_weights if w.name == "kernel"]
    assert len(kernels) == 4
    for kernel in kernels:
        kernel.assign(5 * kernel)
    (after,) = model(inputs)["logits"]
    np.testing.assert_allclose(after, before * (1 if spectral else 5**4), rtol=1e-3, atol=1e-5)
