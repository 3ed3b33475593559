"""The cascade: which stage sees what."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from zoo_cascade.model import build
from zoo_cascade.options import CascadeOptions

SHAPE = (16, 32, 1)


def make(**changes):
    small = {"width": 4, "width_max": 8, "depth": 2}
    return build(CascadeOptions(**{**small, **changes}), SHAPE)


def inputs_of(model, hole):
    rng = np.random.default_rng(0)
    shapes = {name: (2, *x.shape[1:]) for name, x in model.input.items()}
    image = rng.random(shapes["image"]) * (1 - hole)
    values = {"image": image, "mask": np.broadcast_to(hole, image.shape)}
    values |= {"noise": rng.normal(size=shapes["noise"])} if "noise" in shapes else {}
    return {name: tf.constant(x, tf.float32) for name, x in values.items()}


def half():
    hole = np.zeros(SHAPE, np.float32)
    hole[:, 8:24] = 1
    return hole


def drawn(model, inputs):
    """The logits of all stages, first to last."""
    output = model(inputs)
    return [x.numpy() for x in (*output["stages"], output["logits"])]


def test_default_size():
    options = CascadeOptions()
    model = build(options, (64, 64, 1))
    assert options.size_multiple == 32
    assert 2_500_000 < model.count_params() < 3_500_000
    convolutions = [x for x in model.layers if isinstance(x, keras.layers.Conv2D)]
    assert max(x.output.shape[1] for x in convolutions) == 16


@pytest.mark.parametrize("stages", [1, 2, 5])
def test_as_many_drawings_as_stages(stages):
    model = make(stages=stages)
    assert len(drawn(model, inputs_of(model, half()))) == stages
    # Drawing, mask and the composites of all earlier stages, in blocks of 4 x 4.
    seen = [model.get_layer(f"s{i}_stem").kernel.shape[2] for i in range(stages)]
    assert seen == [16 * (2 + i) for i in range(stages)]


@pytest.mark.parametrize("changed", [0, 1, 2])
def test_a_stage_is_seen_by_all_later_ones_and_by_no_earlier_one(changed):
    model = make()
    inputs = inputs_of(model, half())
    before = drawn(model, inputs)
    head = model.get_layer(f"s{changed}_head")
    kernel, bias = head.get_weights()
    head.set_weights([kernel, bias + np.linspace(-2, 2, len(bias))])
    after = drawn(model, inputs)
    differs = [not np.allclose(a, b, atol=1e-6) for a, b in zip(before, after, strict=True)]
    assert differs == [i >= changed for i in range(3)]


def test_the_last_stage_sees_the_first_one_past_the_second():
    model = make(norm="none")
    inputs = inputs_of(model, half())
    second = model.get_layer("s1_head")
    second.set_weights([np.zeros_like(w) for w in second.get_weights()])
    before = drawn(model, inputs)
    head = model.get_layer("s0_head")
    kernel, bias = head.get_weights()
    head.set_weights([kernel, bias + 3])
    after = drawn(model, inputs)
    np.testing.assert_array_equal(after[1], before[1])
    assert np.abs(after[2] - before[2]).max() > 1e-4


def test_stages_see_each_other_only_in_the_hole():
    model = make()
    inputs = inputs_of(model, np.zeros(SHAPE))
    before = drawn(model, inputs)
    head = model.get_layer("s0_head")
    kernel, bias = head.get_weights()
    head.set_weights([kernel, bias + 3])
    after = drawn(model, inputs)
    assert not np.allclose(after[0], before[0])
    np.testing.assert_array_equal(after[2], before[2])


def test_every_stage_learns_from_the_last_drawing():
    model = make(norm="none")
    inputs = inputs_of(model, half())
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(model(inputs)["logits"] ** 2)
    weights = model.trainable_weights
    gradients = tape.gradient(loss, [w.value for w in weights])
    norms = {w.path: float(tf.norm(g)) for w, g in zip(weights, gradients, strict=True)}
    assert min(norms.values()) > 0, min(norms, key=norms.get)
