"""Patch: the discriminator contract, and how far one logit looks."""

import numpy as np
import pytest
import tensorflow as tf
from zoo_patch.model import build, build_multiscale
from zoo_patch.options import MultiscaleOptions, PatchOptions

import zoo

OPTIONS = [{}, {"mask": False, "depth": 2}, {"norm": "instance"}, {"norm": "batch", "width_max": 4}]
SETS = pytest.mark.parametrize("changes", OPTIONS, ids=str)
SHAPE = (16, 24, 1)


def make(changes, shape=SHAPE):
    return build(PatchOptions(**{"width": 4, **changes}), shape)


def random_inputs(model, batch=3):
    rng = np.random.default_rng(0)
    return {
        name: tf.constant(rng.integers(0, 2, (batch, *x.shape[1:])), tf.float32)
        for name, x in model.input.items()
    }


@SETS
def test_a_map_of_logits_and_all_activations(changes):
    model = make(changes)
    output = model(random_inputs(model))
    depth = changes.get("depth", 3)
    assert set(model.input) == ({"image", "mask"} if changes.get("mask", True) else {"image"})
    assert [x.shape for x in output["logits"]] == [(3, 16 // 2**depth, 24 // 2**depth, 1)]
    assert len(output["features"]) == depth


@pytest.mark.parametrize(("depth", "reach"), [(3, 38), (4, 78)])
def test_a_patch_is_as_wide_as_its_option_says(depth, reach):
    model = make({"depth": depth, "mask": False}, (128, 128, 1))
    image = tf.Variable(tf.random.stateless_uniform((1, 128, 128, 1), (1, 2)))
    with tf.GradientTape() as tape:
        (logits,) = model({"image": image})["logits"]
        middle = logits[0, logits.shape[1] // 2, logits.shape[2] // 2, 0]
    rows = np.flatnonzero(np.abs(tape.gradient(middle, image)).sum((0, 2, 3)))
    assert rows[-1] - rows[0] + 1 == reach


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


def make_multiscale(changes, shape=SHAPE):
    return build_multiscale(MultiscaleOptions(**{"width": 4, **changes}), shape)


@pytest.mark.parametrize("shape", [(32, 48, 1), (21, 35, 1)])
def test_each_scale_is_a_patch_discriminator_of_a_smaller_copy(shape):
    model = make_multiscale({"scales": 3, "depth": 2}, shape)
    inputs = random_inputs(model)
    output = model(inputs)
    assert len(output["logits"]) == 3
    assert len(output["features"]) == 6
    for i, logits in enumerate(output["logits"]):
        alone = make({"depth": 2}, inputs["image"].shape[1:])
        alone.set_weights([w for w in model.weights if w.path.startswith(f"scale_{i}_")])
        expected = alone(inputs)
        assert np.allclose(logits, expected["logits"][0], atol=1e-5)
        for mine, theirs in zip(output["features"][2 * i :], expected["features"], strict=False):
            assert np.allclose(mine, theirs, atol=1e-5)
        inputs = {k: tf.nn.avg_pool2d(x, 2, 2, "SAME") for k, x in inputs.items()}


def test_a_smaller_scale_sees_twice_as_far():
    model = make_multiscale({"mask": False}, (256, 256, 1))
    image = tf.Variable(tf.random.stateless_uniform((1, 256, 256, 1), (1, 2)))
    reach = []
    for i in range(2):
        with tf.GradientTape() as tape:
            logits = model({"image": image})["logits"][i]
            middle = logits[0, logits.shape[1] // 2, logits.shape[2] // 2, 0]
        rows = np.flatnonzero(np.abs(tape.gradient(middle, image)).sum((0, 2, 3)))
        reach.append(rows[-1] - rows[0] + 1)
    assert reach == [38, 76]


def test_too_many_scales():
    make_multiscale({})
    make_multiscale({"depth": 2, "scales": 3})
    with pytest.raises(zoo.OptionError, match=r"16x24 .* add up to 5 at most"):
        make_multiscale({"scales": 3})
