"""Patch: the discriminator contract, and how far one logit looks."""

import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from zoo_patch.model import build
from zoo_patch.options import PatchOptions

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


def test_installed():
    found = [c.id for c in zoo.list_components("discriminator", "patch")]
    assert found == ["sketch-zoo-patch/patch"]


def test_light():
    code = (
        "import sys, zoo_patch; zoo_patch.zoo_discriminators();"
        "assert not {'tensorflow', 'keras', 'numpy', 'cv2', 'pydantic'} & set(sys.modules);"
        "import zoo_patch.options; assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


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


@SETS
@pytest.mark.parametrize("ink", [0.0, 1.0])
@pytest.mark.parametrize("hole", [0.0, 1.0])
def test_finite_on_blank_full_and_empty(changes, ink, hole):
    model = make(changes)
    values = {"image": ink, "mask": hole}
    inputs = {name: tf.ones((2, *SHAPE)) * values[name] for name in model.input}
    (logits,) = model(inputs, training=True)["logits"]
    assert np.isfinite(logits).all()


@pytest.mark.parametrize("name", ["image", "mask"])
def test_looks_at_its_inputs(name):
    model = make({})
    inputs = random_inputs(model)
    changed = inputs | {name: 1.0 - inputs[name]}
    (before,), (after,) = model(inputs)["logits"], model(changed)["logits"]
    assert not np.allclose(before, after)


def test_too_deep():
    make({"depth": 4})
    with pytest.raises(zoo.OptionError, match=r"16x24 .* at most depth=4"):
        make({"depth": 5})
