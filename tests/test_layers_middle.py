"""Fourier and attention layers, and the residual blocks that are made of them."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import zoo
from zoo.layers import (
    MIDDLES,
    FourierConv2D,
    FourierUnit,
    SelfAttention2D,
    attention_block,
    ink_head,
    middle_block,
)
from zoo.layers.attention import coordinates
from zoo.layers.fourier import from_spectrum, spectrum

JIT = pytest.mark.parametrize("jit", [False, True], ids=["plain", "jit"])
SIDES = pytest.mark.parametrize("sides", [(4, 6), (5, 8), (6, 7), (3, 5), (1, 2), (4, 1)], ids=str)


def random(*shape: int, seed: int = 0) -> tf.Tensor:
    return tf.constant(np.random.default_rng(seed).normal(size=shape), tf.float64)


def block_model(kind: str, shape: tuple[int, int, int], norm: str = "none") -> keras.Model:
    x = keras.Input(shape)
    return keras.Model(x, middle_block(kind, x, "block", norm=norm))


def numpy_spectrum(x: np.ndarray) -> np.ndarray:
    y = np.fft.rfft2(x, axes=(1, 2), norm="ortho")
    return np.concatenate([y.real, y.imag], -1)


def numpy_image(y: np.ndarray, sides: tuple[int, int]) -> np.ndarray:
    real, imaginary = np.split(y, 2, -1)
    return np.fft.irfft2(real + 1j * imaginary, sides, axes=(1, 2), norm="ortho")


@SIDES
def test_spectrum_equals_numpys(sides):
    x = random(2, *sides, 3)
    y = spectrum(x)
    np.testing.assert_allclose(y, numpy_spectrum(x.numpy()), atol=1e-13)
    np.testing.assert_allclose(from_spectrum(y, sides[1]), x, atol=1e-13)


@SIDES
def test_any_spectrum_comes_back_as_numpys_image(sides):
    """Also one that no real image has, which a convolution on a spectrum leaves behind."""
    y = random(2, sides[0], sides[1] // 2 + 1, 6)
    np.testing.assert_allclose(
        from_spectrum(y, sides[1]), numpy_image(y.numpy(), sides), atol=1e-13
    )


@JIT
def test_fourier_unit_equals_numpys(jit):
    unit = FourierUnit("none", slope=0.25, dtype="float64")
    x = random(2, 5, 6, 3)
    y = tf.function(unit, jit_compile=jit)(x)
    kernel, bias = (np.asarray(w) for w in unit.get_weights())
    mixed = numpy_spectrum(x.numpy()) @ kernel[0, 0] + bias
    expected = numpy_image(np.where(mixed < 0, 0.25 * mixed, mixed), (5, 6))
    np.testing.assert_allclose(y, expected, atol=1e-12)


@pytest.mark.parametrize("norm", ["batch", "instance", "none"])
def test_fourier_convolution_leads_far_to_global_channels_only(norm):
    layer = FourierConv2D(4, 3, 0.5, norm=norm, slope=0.2, dtype="float64")
    x = random(1, 12, 10, 4)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        local, wide = tf.split(layer(x, training=True)[0, 0, 0], 2)
    assert not np.any(tape.gradient(local, x)[0, -1, -1])
    far = tape.gradient(wide, x)[0, -1, -1].numpy()
    assert not np.any(far[:2])
    assert np.all(far[2:])


@pytest.mark.parametrize("kind", MIDDLES)
def test_gradient_from_corner_to_corner(kind):
    """One block is enough for Fourier convolutions and attention, but not for plain ones."""
    model = block_model(kind, (16, 12, 8))
    x = tf.cast(random(1, 16, 12, 8), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(x)
        corner = tf.reduce_sum(model(x)[:, 0, 0])
    opposite = tape.gradient(corner, x)[0, -1, -1].numpy()
    assert np.any(opposite) == (kind != "residual")


def test_fourier_convolution_exports_without_complex_numbers(tmp_path):
    """The graph is real, and LiteRT's built-in operations are enough for it."""
    x = keras.Input((6, 8, 4), batch_size=1)
    model = keras.Model(x, FourierConv2D(4, 3, norm="batch")(x))
    graph = tf.function(model).get_concrete_function(tf.TensorSpec((1, 6, 8, 4))).graph
    assert not any(t.dtype.is_complex for op in graph.get_operations() for t in op.outputs)
    model.export(tmp_path / "model", verbose=False)
    lite = tf.lite.TFLiteConverter.from_saved_model(str(tmp_path / "model")).convert()
    runner = tf.lite.Interpreter(model_content=lite).get_signature_runner()
    image = tf.cast(random(1, 6, 8, 4), tf.float32)
    (name,) = runner.get_input_details()
    (y,) = runner(**{name: image.numpy()}).values()
    np.testing.assert_allclose(y, model(image), atol=1e-5)


@pytest.mark.parametrize(("channels", "ratio", "part"), [(1, 0.75, "local"), (3, 0.1, "global")])
def test_fourier_convolution_needs_both_parts(channels, ratio, part):
    with pytest.raises(zoo.OptionError, match=f"{channels} channels at ratio .* leave none {part}"):
        FourierConv2D(channels, 3, ratio)(tf.zeros((1, 4, 4, channels)))


@JIT
def test_attention_equals_numpys(jit):
    heads, size, (height, width) = 2, 3, (3, 5)
    layer = SelfAttention2D(heads, dtype="float64")
    x = random(2, height, width, heads * size)
    y = tf.function(layer, jit_compile=jit)(x)
    both, values, project, bias = (np.asarray(w) for w in layer.get_weights())
    flat = x.numpy().reshape(2, height * width, heads * size)
    queries, keys = np.split((flat + coordinates(height, width, heads * size)) @ both, 2, -1)
    mixed = []
    for head in range(heads):
        part = slice(head * size, (head + 1) * size)
        score = queries[..., part] @ keys[..., part].transpose(0, 2, 1) / np.sqrt(size)
        weight = np.exp(score) / np.exp(score).sum(-1, keepdims=True)
        mixed.append(weight @ (flat @ values)[..., part])
    expected = np.concatenate(mixed, -1) @ project + bias
    np.testing.assert_allclose(y, expected.reshape(x.shape), rtol=1e-9)


def test_attention_knows_where_it_is():
    """On a map of equal values in two places only their coordinates differ."""
    layer = SelfAttention2D(1, dtype="float64")
    x = np.zeros((1, 4, 4, 4))
    x[0, :2] = random(4)
    y = layer(tf.constant(x)).numpy()
    assert np.abs(y[0, 0, 0] - y[0, 1, 3]).max() > 1e-3


@pytest.mark.parametrize("channels", [2, 4, 7, 16])
def test_coordinates_are_those_of_the_pixel(channels):
    """Whatever the size of the map, no two pixels have the same."""
    small, large = coordinates(3, 4, channels), coordinates(6, 6, channels)
    assert small.shape == (12, channels)
    np.testing.assert_array_equal(
        small.reshape(3, 4, channels), large.reshape(6, 6, channels)[:3, :4]
    )
    apart = np.abs(large[:, np.newaxis] - large).max(-1)
    assert apart[~np.eye(36, dtype=bool)].min() > 1e-3


@pytest.mark.parametrize(
    ("heads", "shape", "message"),
    [(1, (65, 64, 1), "65x64 = 4160 positions"), (3, (4, 4, 8), "3 heads cannot share 8")],
)
def test_attention_refuses(heads, shape, message):
    with pytest.raises(zoo.OptionError, match=message) as error:
        attention_block(keras.Input(shape), "block", heads=heads)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("kind", MIDDLES)
@pytest.mark.parametrize("norm", ["batch", "instance", "none"])
def test_blocks_begin_near_the_identity(kind, norm):
    model = block_model(kind, (8, 6, 16), norm)
    x = tf.cast(random(4, 8, 6, 16), tf.float32)
    added = model(x, training=True) - x
    assert 0.01 < tf.math.reduce_std(added) < 0.5


def test_unknown_middle():
    with pytest.raises(zoo.OptionError, match=r'no middle "fourrier".*residual, fourier'):
        middle_block("fourrier", keras.Input((4, 4, 4)), "block")


def test_head_begins_near_paper():
    x = keras.Input((4, 6, 8))
    model = keras.Model(x, ink_head(x, 3))
    logits = model(tf.zeros((2, 4, 6, 8)))
    np.testing.assert_array_equal(logits, np.full((2, 12, 18, 1), -2.0))
    assert np.std(model(tf.cast(random(2, 4, 6, 8), tf.float32))) > 0.1
