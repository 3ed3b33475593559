"""Shared Keras layers: equal to TensorFlow's own operations, with XLA and without."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as hnp

import zoo
from zoo.layers import (
    DilatedConv2D,
    InstanceNormalisation,
    MaxPool2x2,
    MaxUnpool2x2,
    PixelShuffle,
    PixelUnshuffle,
    max_pool_with_positions,
    max_unpool,
    normalise,
)

JIT = pytest.mark.parametrize("jit", [False, True], ids=["plain", "jit"])


def random(*shape: int, seed: int = 0) -> tf.Tensor:
    return tf.constant(np.random.default_rng(seed).normal(size=shape), tf.float64)


def with_ties(*shape: int, seed: int = 0) -> tf.Tensor:
    return tf.constant(np.random.default_rng(seed).integers(0, 3, shape), tf.float64)


def reference(x: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """TensorFlow's pooling, and its maxima scattered back after a change of value."""
    pooled, index = tf.nn.max_pool_with_argmax(x, 2, 2, "VALID", include_batch_in_index=True)
    values = tf.reshape(tf.square(pooled) + pooled, [-1])
    flat = tf.scatter_nd(
        tf.reshape(index, [-1, 1]), values, tf.constant([tf.size(x).numpy()], tf.int64)
    )
    return pooled, tf.reshape(flat, x.shape)


def ours(x: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    pooled, positions = max_pool_with_positions(x)
    return pooled, max_unpool(tf.square(pooled) + pooled, positions)


def values_and_gradients(function, x, weight, jit=False):
    def run(x):
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(x)
            pooled, unpooled = function(x)
            sums = tf.reduce_sum(pooled**3), tf.reduce_sum(unpooled * weight)
        return pooled, unpooled, *(tape.gradient(s, x) for s in sums)

    return tf.function(run, jit_compile=True)(x) if jit else run(x)


@JIT
@pytest.mark.parametrize("make", [random, with_ties])
def test_pooling_equals_max_pool_with_argmax(make, jit):
    x, weight = make(3, 6, 10, 5), random(3, 6, 10, 5, seed=1)
    for mine, theirs in zip(
        values_and_gradients(ours, x, weight, jit),
        values_and_gradients(reference, x, weight),
        strict=True,
    ):
        np.testing.assert_allclose(mine, theirs, rtol=1e-14)


@settings(max_examples=25, deadline=None)
@given(
    hnp.arrays(
        np.float32,
        st.tuples(st.just(1), *[st.sampled_from([2, 4, 6])] * 2, st.integers(1, 3)),
        elements=st.sampled_from([-np.inf, -2.0, -1.0, 0.0, 1.0]),
    )
)
def test_every_maximum_returns_to_its_own_pixel(x):
    pooled, positions = max_pool_with_positions(tf.constant(x))
    back = max_unpool(pooled, positions).numpy()
    height, width = x.shape[1:3]
    for i, j in np.ndindex(height // 2, width // 2):
        for c in range(x.shape[3]):
            window = x[0, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, c]
            expected = np.zeros(4, np.float32)
            expected[window.argmax()] = window.max()
            found = back[0, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2, c]
            np.testing.assert_array_equal(found.ravel(), expected)


def test_positions_are_bytes_that_name_the_pixel():
    x = tf.reshape(tf.constant([0.0, 0, 0, 9, 0, 8, 0, 0]), (1, 2, 4, 1))
    pooled, positions = max_pool_with_positions(x)
    assert positions.dtype == tf.int8
    np.testing.assert_array_equal(pooled[0, 0, :, 0], [8, 9])
    np.testing.assert_array_equal(positions[0, 0, :, 0], [3, 1])


def test_odd_sides_are_refused():
    with pytest.raises(zoo.UsageError, match="5x4"):
        max_pool_with_positions(tf.zeros((1, 5, 4, 1)))


@JIT
def test_pooling_layers_in_a_model(jit):
    inputs = keras.Input((4, 6, 2))
    pooled, positions = MaxPool2x2()(inputs)
    model = keras.Model(inputs, MaxUnpool2x2()(pooled, positions))
    x = tf.cast(random(2, 4, 6, 2), tf.float32)
    y = tf.function(model, jit_compile=jit)(x).numpy()
    kept = y != 0
    assert kept.sum() == x.shape.num_elements() // 4
    np.testing.assert_array_equal(y[kept], x.numpy()[kept])


@JIT
@pytest.mark.parametrize(
    ("kernel", "dilation", "sides"),
    [(5, 2, (8, 8)), (3, 3, (7, 10)), (5, 2, (2, 4)), (4, 2, (8, 6)), (3, 1, (5, 4))],
)
def test_dilated_convolution_equals_keras(kernel, dilation, sides, jit):
    mine = DilatedConv2D(3, kernel, dilation, dtype="float64")
    theirs = keras.layers.Conv2D(3, kernel, dilation_rate=dilation, padding="same", dtype="float64")
    x, weight = random(2, *sides, 4), random(2, *sides, 3, seed=1)
    mine.build(x.shape)
    theirs.build(x.shape)
    theirs.set_weights(mine.get_weights())

    def run(layer):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = layer(x)
            loss = tf.reduce_sum(tf.sin(y) * weight)
        return y, *tape.gradient(loss, [x, layer.kernel.value, layer.bias.value])

    results = tf.function(lambda: run(mine), jit_compile=jit)()
    for a, b in zip(results, run(theirs), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


def test_dilated_convolution_has_second_derivatives():
    layer = DilatedConv2D(1, 3, 2, dtype="float64")
    x = random(1, 6, 6, 1)

    def penalty(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(layer(x) ** 2)
        return tf.reduce_sum(tape.gradient(y, x) ** 2)

    layer(x)
    theory, numeric = tf.test.compute_gradient(penalty, [x])
    np.testing.assert_allclose(theory, numeric, rtol=1e-4, atol=1e-6)


def test_instance_normalisation_is_per_example_and_channel():
    layer = InstanceNormalisation(dtype="float64")
    x = random(3, 5, 7, 4) * 9.0 + 4.0
    y = layer(x)
    np.testing.assert_allclose(tf.reduce_mean(y, (1, 2)), np.zeros((3, 4)), atol=1e-12)
    np.testing.assert_allclose(tf.math.reduce_std(y, (1, 2)), np.ones((3, 4)), rtol=1e-5)
    np.testing.assert_allclose(layer(x[1:2]), y[1:2], rtol=1e-12)


def test_instance_normalisation_keeps_a_single_pixel():
    x = random(2, 1, 1, 3)
    np.testing.assert_array_equal(InstanceNormalisation(dtype="float64")(x), x)


@JIT
@pytest.mark.parametrize("name", ["batch", "instance", "none"])
def test_norms_run_under_a_strategy(name, jit):
    strategy = tf.distribute.OneDeviceStrategy("/cpu:0")
    with strategy.scope():
        layer = normalise(name)
        layer.build((None, 4, 4, 2))
    x = tf.cast(random(8, 4, 4, 2) * 3.0 + 1.0, tf.float32)

    @tf.function(jit_compile=jit)
    def replica(x):
        with tf.GradientTape() as tape:
            y = layer(x, training=True)
            loss = tf.reduce_sum(y**3)
        return y, tape.gradient(loss, [w.value for w in layer.trainable_weights])

    y, gradients = strategy.run(replica, (x,))
    assert all(g is not None for g in gradients)
    assert np.isfinite(y).all()
    if name == "batch":
        np.testing.assert_allclose(tf.reduce_mean(y, (0, 1, 2)), [0, 0], atol=1e-5)
        moved = layer.moving_mean.numpy()
        np.testing.assert_allclose(moved, 0.1 * np.mean(x, (0, 1, 2)), rtol=1e-4)


def test_batch_norm_is_known_to_core_as_such():
    assert isinstance(normalise("batch"), keras.layers.BatchNormalization)


def test_unknown_norm():
    with pytest.raises(zoo.OptionError, match="batch, instance, none"):
        normalise("layer")


@JIT
@pytest.mark.parametrize("factor", [2, 4])
def test_shuffling_undoes_unshuffling(factor, jit):
    x = tf.cast(random(2, 8, 12, 3), tf.float32)
    apart = tf.function(PixelUnshuffle(factor), jit_compile=jit)(x)
    assert apart.shape == (2, 8 // factor, 12 // factor, 3 * factor**2)
    np.testing.assert_array_equal(tf.function(PixelShuffle(factor), jit_compile=jit)(apart), x)


def test_a_block_of_pixels_becomes_the_channels_of_one():
    x = tf.reshape(tf.range(16.0), (1, 4, 4, 1))
    np.testing.assert_array_equal(PixelUnshuffle(2)(x)[0, 0, 1], [2, 3, 6, 7])
