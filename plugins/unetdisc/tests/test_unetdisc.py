"""Unetdisc: a logit for the whole and one for each pixel, at any size."""

import numpy as np
import pytest
import tensorflow as tf
from zoo_unetdisc.model import build
from zoo_unetdisc.options import UnetdiscOptions

import zoo


def make(changes, shape):
    return build(UnetdiscOptions(**{"width": 4, **changes}), shape)


def random_inputs(model, batch=2):
    rng = np.random.default_rng(0)
    return {
        name: tf.constant(rng.integers(0, 2, (batch, *x.shape[1:])), tf.float32)
        for name, x in model.input.items()
    }


def slope(model, inputs, choose):
    """Where one number of the output depends on the image, (H, W) of the first example."""
    with tf.GradientTape() as tape:
        tape.watch(inputs["image"])
        chosen = choose(*model(inputs)["logits"])
    return np.abs(tape.gradient(chosen, inputs["image"]))[0, ..., 0]


@pytest.mark.parametrize(
    ("shape", "deepest"),
    [
        ((16, 16, 1), (4, 4)),
        ((32, 64, 1), (4, 8)),
        ((96, 40, 1), (12, 5)),
        ((19, 45, 1), (5, 12)),
        ((2, 2, 1), (1, 1)),
    ],
    ids=str,
)
def test_takes_any_size_and_goes_down_to_about_four_pixels(shape, deepest):
    model = make({}, shape)
    output = model(random_inputs(model))
    assert [x.shape for x in output["logits"]] == [(2, 1), (2, *shape)]
    sizes = [tuple(x.shape[1:3]) for x in output["features"]]
    assert min(sizes) == deepest
    assert sizes[-1] == shape[:2]
    assert len(sizes) % 2 == 0


def test_the_whole_logit_sees_everything():
    model = make({}, (16, 24, 1))
    assert (slope(model, random_inputs(model), lambda whole, pixels: whole[0, 0]) > 0).all()


@pytest.mark.parametrize(("depth", "reach"), [(2, 14), (3, 30), (None, 62)])
def test_a_pixels_logit_sees_the_farther_the_deeper(depth, reach):
    model = make({"depth": depth}, (64, 64, 1))
    seen = slope(model, random_inputs(model), lambda whole, pixels: pixels[0, 32, 32, 0])
    rows = np.flatnonzero(seen.sum(1))
    assert rows[-1] - rows[0] + 1 == reach


def test_a_pixels_logit_sees_its_surroundings_without_the_middle():
    model = make({"spectral": False}, (16, 16, 1))
    for weight in model.weights:
        if weight.path.startswith("up_1/"):
            weight.assign(tf.zeros(weight.shape))
    centre = slope(model, random_inputs(model), lambda whole, pixels: pixels[0, 8, 8, 0])
    rows, columns = np.nonzero(centre)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (7, 9, 7, 9)


@pytest.mark.parametrize("spectral", [False, True])
def test_spectral_normalisation_takes_the_scale_out_of_every_kernel(spectral):
    model = make({"spectral": spectral}, (16, 16, 1))
    inputs = random_inputs(model)
    before = model(inputs)["logits"][0]
    kernels = [w for w in model.trainable_weights if w.name == "kernel"]
    assert len(kernels) == 6
    for kernel in kernels:
        kernel.assign(5 * kernel)
    after = model(inputs)["logits"][0]
    # Two convolutions and the dense layer lead to the whole logit.
    np.testing.assert_allclose(after, before * (1 if spectral else 5**3), rtol=1e-3, atol=1e-5)


def test_too_deep():
    make({"depth": 4}, (16, 24, 1))
    with pytest.raises(zoo.OptionError, match=r"16x24 .* at most depth=4"):
        make({"depth": 5}, (16, 24, 1))
