"""The shuffle generator: the generator contract for several option sets, and where blocks land."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from zoo_shuffle.model import build
from zoo_shuffle.options import ShuffleOptions

from zoo.layers import FourierConv2D, SelfAttention2D

OPTIONS = [
    {"depth": 1},
    {"factor": 2, "depth": 2, "norm": "none", "noise_channels": 3},
    {"factor": 2, "depth": 3, "norm": "batch", "noise": "none", "blocks": 2},
    {"factor": 2, "depth": 2, "middle": "fourier"},
    {"factor": 2, "depth": 2, "middle": "attention"},
    {"factor": 4, "depth": 1, "attention": 2, "fine": 4},
    {"factor": 2, "depth": 2, "blocks_up": 3},
]
SETS = pytest.mark.parametrize("changes", OPTIONS, ids=str)


def make(changes, shape=(16, 32, 1)):
    small = {"width": 4, "width_max": 8, "blend": 1}
    return build(ShuffleOptions(**{**small, **changes}), shape)


def random_inputs(model, batch=2):
    rng = np.random.default_rng(0)
    shapes = {name: (batch, *x.shape[1:]) for name, x in model.input.items()}
    mask = rng.integers(0, 2, shapes["mask"])
    values = {"image": (1 - mask) * rng.random(mask.shape), "mask": mask}
    if "noise" in shapes:
        values["noise"] = rng.normal(size=shapes["noise"])
    return {name: tf.constant(x, tf.float32) for name, x in values.items()}


def test_default_size():
    options = ShuffleOptions()
    assert options.size_multiple == 16
    model = build(options, (128, 128, 1))
    assert 2_500_000 < model.count_params() < 3_500_000
    assert tuple(model.input["noise"].shape[1:]) == (8, 8, 8)


def test_works_at_a_quarter_of_the_resolution():
    model = build(ShuffleOptions(), (128, 128, 1))
    convolutions = [x for x in model.layers if isinstance(x, keras.layers.Conv2D)]
    assert {tuple(x.output.shape[1:3]) for x in convolutions} == {(32, 32), (16, 16), (8, 8)}


@SETS
def test_inputs_and_output(changes):
    options = ShuffleOptions(**changes)
    cell = options.size_multiple
    noise = {"noise": (16 // cell, 32 // cell, options.noise_channels)}
    if options.noise == "none":
        noise = {}
    model = make(changes)
    shapes = {name: tuple(x.shape[1:]) for name, x in model.input.items()}
    assert cell == options.factor * 2**options.depth
    assert shapes == dict.fromkeys(("image", "mask"), (16, 32, 1)) | noise
    assert model(random_inputs(model)).shape == (2, 16, 32, 1)


@SETS
def test_noise_changes_the_drawing(changes):
    model = make(changes)
    inputs = random_inputs(model)
    if "noise" in inputs:
        other = {**inputs, "noise": -inputs["noise"]}
        assert not np.allclose(model(inputs), model(other))


@SETS
def test_every_weight_gets_a_gradient(changes):
    model = make(changes)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(random_inputs(model), training=True) ** 2)
    for weight, gradient in zip(
        model.trainable_weights,
        tape.gradient(loss, [w.value for w in model.trainable_weights]),
        strict=True,
    ):
        assert np.isfinite(gradient).all(), weight.path
        assert np.any(gradient.numpy()), weight.path


@pytest.mark.parametrize(
    ("middle", "layer"), [("fourier", FourierConv2D), ("attention", SelfAttention2D)]
)
def test_middle_is_of_the_kind(middle, layer):
    """Only the middle is: the levels above stay residual convolutions."""
    plain, other = make({"blend": 2}), make({"blend": 2, "middle": middle})
    found = [x.name for x in other.layers if isinstance(x, layer)]
    assert {name[:9] for name in found} == {"middle_0_", "middle_1_"}
    for model in (plain, other):
        names = {x.name for x in model.layers if isinstance(x, keras.layers.Conv2D)}
        assert {"stem", "down_00_a", "down_10_b", "halve_1", "mix", "up_0_a", "head"} <= names


def test_levels_have_as_many_blocks_as_asked():
    model = make({"depth": 1, "blocks": 2, "blocks_up": 3})
    found = [x.name for x in model.layers if x.name.endswith("_a")]
    assert found == ["down_00_a", "down_01_a", "middle_0_a", "up_0_a", "up_01_a", "up_02_a"]


def test_attention_follows_the_coarsest_levels():
    model = make({"depth": 1, "attention": 2})
    found = {x.name for x in model.layers if isinstance(x, SelfAttention2D)}
    assert found == {"down_0_attention", "middle_attention", "up_0_attention"}
    found = {x.name for x in make({"depth": 1, "attention": 1}).layers}
    assert {n for n in found if n.endswith("_attention")} == {"middle_attention"}


def test_the_fine_head_sees_the_drawing_at_half_resolution():
    model = make({"depth": 1, "fine": 4})
    assert model.get_layer("fine").output.shape[1:] == (8, 16, 4)
    assert model.get_layer("fine").kernel.shape[2] == 4 + 2 * 4


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"depth": 1, "attention": 3}, "depth \\+ 1 levels"), ({"factor": 3, "fine": 8}, "even")],
)
def test_levels_and_blocks_that_do_not_exist_are_refused(changes, told):
    with pytest.raises(ValueError, match=told):
        ShuffleOptions(**changes)


def test_compiled_is_equal():
    model = make({})
    inputs = random_inputs(model)
    compiled = tf.function(model, jit_compile=True)(inputs)
    np.testing.assert_allclose(compiled, model(inputs), atol=1e-4)
