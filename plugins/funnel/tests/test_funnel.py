"""The funnel: the original's layers, and the generator contract for several option sets."""

import tomllib
from importlib.resources import files

import keras
import numpy as np
import pytest
import tensorflow as tf
from zoo_funnel.model import build
from zoo_funnel.options import FunnelOptions

import zoo
from zoo.layers import DilatedConv2D, FourierConv2D, SelfAttention2D

SMALL = {"width": 4, "middle_width": 8, "blend": 2}
OPTIONS = [
    {},
    {"noise": "input", "pixels": "signed"},
    {"noise": "none", "norm": "none", "depth": 2, "dilation": 1},
    {"norm": "instance", "noise_channels": 3, "kernel": 4, "depth": 1},
    {"middle": "residual", "depth": 2},
    {"middle": "fourier", "depth": 2, "noise": "none"},
    {"middle": "attention", "depth": 2, "noise": "input"},
    {"scaling": "pooling", "depth": 2},
]
SETS = pytest.mark.parametrize("changes", OPTIONS, ids=str)


def make(changes, shape=(16, 24, 1)):
    return build(FunnelOptions(**{**SMALL, **changes}), shape)


def random_inputs(model, batch=2):
    rng = np.random.default_rng(0)
    shapes = {name: (batch, *x.shape[1:]) for name, x in model.input.items()}
    mask = rng.integers(0, 2, shapes["mask"])
    values = {"image": (1 - mask) * rng.random(mask.shape), "mask": mask}
    if "noise" in shapes:
        values["noise"] = rng.normal(size=shapes["noise"])
    return {name: tf.constant(x, tf.float32) for name, x in values.items()}


def preset():
    text = files("zoo_funnel").joinpath("presets/completion-gan.toml").read_text("utf-8")
    return tomllib.loads(text)


def test_preset_is_the_original_layer_for_layer():
    table = preset()["gen"]
    assert table.pop("name") == "sketch-zoo-funnel/funnel"
    model = build(FunnelOptions(**table), (256, 256, 1))
    conv, transposed = keras.layers.Conv2D, keras.layers.Conv2DTranspose
    found = [
        (type(x), x.filters, x.kernel_size[0], x.strides[0], x.dilation_rate[0])
        for x in model.layers
        if isinstance(x, (conv, transposed))
    ]
    kinds = [transposed if issubclass(kind, transposed) else conv for kind, *_ in found]
    assert kinds == [conv] * 8 + [transposed] * 3 + [conv]
    assert [numbers for _, *numbers in found] == [
        [3, 5, 1, 1],
        *([width, 3, 2, 1] for width in (32, 64, 128)),
        *[[256, 5, 1, 2]] * 4,
        *([width, 3, 2, 1] for width in (128, 64, 32)),
        [1, 7, 1, 1],
    ]
    names = [type(x).__name__ for x in model.layers]
    assert names.count("BatchNormalization") == names.count("LeakyReLU") == 11
    assert {x.negative_slope for x in model.layers if hasattr(x, "negative_slope")} == {0.3}
    assert not model.get_layer("head").use_bias
    assert {name: x.shape[1:] for name, x in model.input.items()} == dict.fromkeys(
        ("image", "mask", "noise"), (256, 256, 1)
    )


def test_preset_names_each_fault():
    table = preset()
    losses = table["loss"]
    assert table["critic_sees"] == "raw"
    assert table["gen"]["noise"] == "input"
    assert losses["sketch-zoo-losses/context"] == {"weight": 1.0, "range": "tanh"}
    assert losses["sketch-zoo-losses/bce"] == {"weight": 0.1}
    assert losses["sketch-zoo-losses/fillrate"] == {"weight": 4.0, "on": "input", "target": 0.5}


def test_signed_pixels_are_the_originals():
    """Paper is +1, ink -1 and the hole 0, going in; u > 0 means paper, coming out."""
    model = make({"pixels": "signed", "noise": "none"})
    stem = model.get_layer("stem").input
    image = tf.reshape(tf.constant([1.0, 0.0, 0.0] + [0.0] * 381), (1, 16, 24, 1))
    mask = tf.reshape(tf.constant([0.0, 0.0, 1.0] + [0.0] * 381), (1, 16, 24, 1))
    seen = keras.Model(model.input, stem)({"image": image, "mask": mask})
    np.testing.assert_array_equal(seen[0, 0, :4], [[-1, 0], [1, 0], [0, 1], [1, 0]])
    u = keras.Model(model.input, model.get_layer("head").output)({"image": image, "mask": mask})
    ink = tf.sigmoid(model({"image": image, "mask": mask}))
    np.testing.assert_allclose(1 - 2 * ink, tf.tanh(u), atol=1e-6)


@pytest.mark.parametrize(
    ("middle", "layer", "each"),
    [
        ("dilated", DilatedConv2D, 1),
        ("residual", keras.layers.Add, 1),
        ("fourier", FourierConv2D, 2),
        ("attention", SelfAttention2D, 1),
    ],
)
def test_middle_is_of_the_kind(middle, layer, each):
    """As many blocks as ``blend`` says, of ``middle_width`` channels; nothing else changes."""
    model = make({"middle": middle, "blend": 3, "middle_width": 12})
    found = [x for x in model.layers if isinstance(x, layer)]
    assert len(found) == 3 * each
    assert {x.output.shape[-1] for x in found} == {12}
    ends = {"stem", "down_1", "down_2", "down_3", "up_1", "up_2", "up_3", "head"}
    assert ends <= {x.name for x in model.layers}


def test_pooling_replaces_every_strided_convolution():
    """Each level is unpooled to the places of its own maxima; all else stays."""
    pooled, strided = make({"scaling": "pooling"}), make({})
    convs = [x for x in pooled.layers if isinstance(x, keras.layers.Conv2D)]
    assert not any(isinstance(x, keras.layers.Conv2DTranspose) for x in pooled.layers)
    assert {x.strides for x in convs} == {(1, 1)}
    for level in (1, 2, 3):
        pool, unpool = pooled.get_layer(f"pool_{level}"), pooled.get_layer(f"unpool_{4 - level}")
        assert unpool.input[1] is pool.output[1]
        assert unpool.output.shape == pool.input.shape
    same = [tuple(w.shape) for w in strided.get_layer("middle_1").weights]
    assert [tuple(w.shape) for w in pooled.get_layer("middle_1").weights] == same
    assert pooled.output.shape == strided.output.shape


def test_too_many_positions_for_attention():
    with pytest.raises(zoo.OptionError, match="depth"):
        make({"middle": "attention", "depth": 1}, (256, 256, 1))


@pytest.mark.parametrize(
    ("changes", "shape"),
    [({}, (2, 3, 8)), ({"depth": 2, "noise_channels": 5}, (4, 6, 5)), ({"noise": "input"}, None)],
)
def test_where_noise_enters(changes, shape):
    noise = make(changes).input["noise"]
    assert tuple(noise.shape[1:]) == (shape or (16, 24, 1))


def test_without_noise():
    assert set(make({"noise": "none"}).input) == {"image", "mask"}


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
    assert logits.shape == (2, 16, 24, 1)
    for weight, gradient in zip(
        model.trainable_weights,
        tape.gradient(loss, [w.value for w in model.trainable_weights]),
        strict=True,
    ):
        assert np.any(gradient.numpy()), weight.path


def test_compiled_is_equal():
    model = make({})
    inputs = random_inputs(model)
    compiled = tf.function(model, jit_compile=True)(inputs)
    np.testing.assert_allclose(compiled, model(inputs), atol=1e-4)


@pytest.mark.parametrize("depth", [1, 3, 5])
def test_size_multiple(depth):
    assert FunnelOptions(depth=depth).size_multiple == 2**depth
