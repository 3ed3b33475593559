"""The gated generator: what its gates, its two stages and its attention do."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from zoo_gated.attention import ContextualAttention
from zoo_gated.model import build
from zoo_gated.options import GatedOptions

import zoo

SHAPE = (32, 48, 1)


def make(**changes):
    return build(GatedOptions(**{"width": 6, "dilations": (1, 2), **changes}), SHAPE)


def inputs_of(model, hole):
    """Random drawings with a noise of zeros."""
    shapes = {name: (2, *x.shape[1:]) for name, x in model.input.items()}
    image = np.random.default_rng(0).random(shapes["image"])
    values = {"image": image * (1 - hole), "mask": np.broadcast_to(hole, image.shape)}
    values |= {"noise": np.zeros(shapes["noise"])} if "noise" in shapes else {}
    return {name: tf.constant(x, tf.float32) for name, x in values.items()}


def half():
    hole = np.zeros(SHAPE, np.float32)
    hole[:, 16:32] = 1
    return hole


def test_default_size():
    model = build(GatedOptions(), (64, 64, 1))
    assert 800_000 < model.count_params() < 1_100_000
    convolutions = [x for x in model.layers if isinstance(x, keras.layers.Conv2D)]
    assert {tuple(x.output.shape[1:3]) for x in convolutions} == {(16, 16)}


def test_a_closed_gate_lets_nothing_through():
    model = make(noise="none", refine=False)
    inputs = inputs_of(model, half())
    layer = model.get_layer("coarse_out")
    kernel, bias = layer.get_weights()
    assert np.ptp(model(inputs)["logits"]) > 0.01
    kernel[..., 6:], bias[6:] = 0, -100
    layer.set_weights([kernel, bias])
    np.testing.assert_allclose(model(inputs)["logits"], -2, atol=1e-6)


def test_gates_keep_the_size_of_what_passes():
    model = build(GatedOptions(), (64, 64, 1))
    depths = [model.get_layer(name).output for name in ("coarse_in", "coarse_out", "refine_out")]
    seen = keras.Model(model.input, depths)
    rng = np.random.default_rng(0)
    mask = np.zeros((4, 64, 64, 1), np.float32)
    mask[:, 16:48, 16:48] = 1
    image = (rng.random(mask.shape) < 0.1) * (1 - mask)
    noise = rng.normal(size=(4, 16, 16, 8))
    inputs = {"image": image, "mask": mask, "noise": noise}
    sizes = [float(np.sqrt(np.mean(np.square(x)))) for x in seen(inputs)]
    # Wide dilations mostly see padding. With Glorot's start it is a thousandth.
    assert 0.1 < sizes[1] / sizes[0] < 3
    assert 0.1 < sizes[2] / sizes[0] < 3


def test_the_second_stage_sees_what_the_first_drew_only_in_the_hole():
    model = make()
    inputs = inputs_of(model, half())
    before = model(inputs)
    head = model.get_layer("coarse_head")
    kernel, bias = head.get_weights()
    head.set_weights([kernel, bias + 3])
    after = model(inputs)
    np.testing.assert_allclose(after["stages"][0], before["stages"][0] + 3, atol=1e-5)
    assert np.abs(after["logits"] - before["logits"]).max() > 1e-3
    whole = inputs_of(model, np.zeros(SHAPE))
    shifted = model(whole)["logits"]
    head.set_weights([kernel, bias])
    np.testing.assert_array_equal(model(whole)["logits"], shifted)


def test_without_the_second_stage_the_coarse_drawing_is_the_result():
    both, alone = make(), make(refine=False)
    weights = {w.path: w for w in both.weights}
    for weight in alone.weights:
        weight.assign(weights[weight.path])
    inputs = inputs_of(both, half())
    result = alone(inputs)
    assert result["stages"] == []
    np.testing.assert_array_equal(result["logits"], both(inputs)["stages"][0])


def test_attention_needs_the_second_stage():
    with pytest.raises(zoo.OptionError, match=r"attention=true.*refine=true"):
        zoo.train(gen="gated:refine=false,attention=true", steps=1)


def test_attention_copies_what_looks_alike():
    """Stripes with a gap: a place in the gap copies from one of the same phase."""
    columns = np.arange(24)
    stripes = np.stack([columns % 6 == i for i in range(6)], -1).astype(np.float32)
    x = np.broadcast_to(stripes, (1, 16, 24, 6)).copy()
    x[:, 8:10, 12:14] += 0.05  # damaged, but still recognisable
    mask = np.zeros((1, 32, 48, 1), np.float32)
    mask[:, 16:20, 24:28] = 1
    result = ContextualAttention()(tf.constant(x), tf.constant(mask)).numpy()
    visible = np.broadcast_to(stripes, x.shape)
    assert np.abs(result - visible)[:, 8:10, 12:14].max() < 0.04
    outside = np.ones(x.shape, bool)
    outside[:, 8:10, 12:14] = False
    np.testing.assert_array_equal(result[outside], x[outside])


def test_attention_copies_from_visible_places_only():
    """A number for each place shows where a copy comes from: never from the hole or its border."""
    places = np.arange(16 * 24).reshape(1, 16, 24, 1)
    x = np.concatenate([places, np.ones_like(places)], -1).astype(np.float32)
    x[:, :6] *= -1
    mask = np.zeros((1, 32, 48, 1), np.float32)
    mask[:, :8] = 1
    result = ContextualAttention()(tf.constant(x), tf.constant(mask)).numpy()
    assert (x[:, :6] <= 0).all()
    assert (result[:, :4] > 0).all()


@pytest.mark.parametrize("hole", [0.0, 1.0])
@pytest.mark.parametrize("features", [0.0, 1.0])
def test_attention_is_finite_without_a_hole_and_without_a_visible_place(hole, features):
    x = tf.fill((2, 8, 12, 4), features)
    mask = tf.fill((2, 16, 24, 1), hole)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = ContextualAttention()(x, mask)
        total = tf.reduce_sum(y**2)
    np.testing.assert_allclose(y, x, atol=1e-6)
    assert np.isfinite(tape.gradient(total, x)).all()


def test_attention_compiled_is_equal():
    rng = np.random.default_rng(0)
    x = tf.constant(rng.normal(size=(2, 8, 12, 4)), tf.float32)
    mask = tf.constant(rng.random((2, 16, 24, 1)) < 0.05, tf.float32)
    layer = ContextualAttention()
    compiled = tf.function(layer, jit_compile=True)(x, mask)
    np.testing.assert_allclose(compiled, layer(x, mask), atol=1e-5)
