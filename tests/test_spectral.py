"""Spectral normalisation: the right number, its gradient, and no side effect of a forward pass."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from zoo.layers import SpectralConv2D, SpectralDense

KINDS = pytest.mark.parametrize("kind", ["convolution", "dense"])


def layer_and_input(
    kind: str, seed: int = 0, **how: object
) -> tuple[keras.layers.Layer, tf.Tensor]:
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(0)
    if kind == "convolution":
        layer = SpectralConv2D(6, 3, strides=2, padding="same", dtype="float64", **how)
        x = tf.constant(rng.normal(size=(2, 5, 7, 4)))
    else:
        layer = SpectralDense(6, activation="tanh", dtype="float64", **how)
        x = tf.constant(rng.normal(size=(2, 20)))
    layer.build(x.shape)
    return layer, x


def largest(layer: keras.layers.Layer) -> float:
    matrix = layer.kernel.numpy().reshape(-1, layer.kernel.shape[-1])
    return float(np.linalg.svd(matrix, compute_uv=False)[0])


@KINDS
def test_sigma_becomes_the_largest_singular_value(kind: str) -> None:
    layer, x = layer_and_input(kind)
    # At once it is of the right size, and never too large.
    assert 0.9 * largest(layer) < float(layer.sigma()) <= largest(layer) * (1 + 1e-12)
    for _ in range(300):
        layer.after_step()
    assert float(layer.sigma()) == pytest.approx(largest(layer), rel=1e-10)
    normalised = layer.kernel.numpy() / largest(layer)
    if kind == "convolution":
        expected = tf.nn.conv2d(x, normalised, 2, "SAME")
    else:
        expected = np.tanh(x @ normalised)
    np.testing.assert_allclose(layer(x), expected, rtol=1e-8, atol=1e-12)


@KINDS
def test_a_forward_pass_changes_nothing(kind: str) -> None:
    layer, x = layer_and_input(kind)
    before = [v.numpy().tobytes() for v in layer.variables]
    first = layer(x, training=True) if kind == "dense" else layer(x)
    np.testing.assert_array_equal(layer(x), first)
    assert [v.numpy().tobytes() for v in layer.variables] == before
    layer.after_step()
    changed = [v.name for v, old in zip(layer.variables, before, strict=True)
               if v.numpy().tobytes() != old]  # fmt: skip
    assert changed == ["u"]


@KINDS
def test_the_gradient_is_that_of_the_paper(kind: str) -> None:
    layer, x = layer_and_input(kind, use_bias=False)
    with tf.GradientTape() as tape:
        ours = tf.reduce_sum(layer(x) ** 2)
    gradient = tape.gradient(ours, layer.kernel.value)
    with tf.GradientTape() as tape:
        kernel = tf.identity(layer.kernel.value)
        tape.watch(kernel)
        matrix = tf.reshape(kernel, (-1, 6))
        u = layer.u.value
        v = tf.stop_gradient(tf.linalg.normalize(tf.linalg.matvec(matrix, u))[0])
        w = kernel / tf.tensordot(v, tf.linalg.matvec(matrix, u), 1)
        y = tf.nn.conv2d(x, w, 2, "SAME") if kind == "convolution" else tf.tanh(x @ w)
        theirs = tf.reduce_sum(y**2)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    np.testing.assert_allclose(gradient, tape.gradient(theirs, kernel), rtol=1e-8, atol=1e-12)


@KINDS
@pytest.mark.parametrize("jit", [False, True], ids=["plain", "jit"])
def test_a_gradient_penalty_has_the_right_gradient(kind: str, jit: bool) -> None:
    layer, x = layer_and_input(kind)

    def penalty() -> tf.Tensor:
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_sum(tf.tanh(layer(x)))
        return tf.reduce_sum(tape.gradient(y, x) ** 2)

    @tf.function(jit_compile=jit)
    def gradient() -> tf.Tensor:
        with tf.GradientTape() as tape:
            value = penalty()
        return tape.gradient(value, layer.kernel.value)

    found = gradient()
    kernel, way = layer.kernel.numpy(), np.random.default_rng(1).normal(size=layer.kernel.shape)
    values = []
    for step in (1e-5, -1e-5):
        layer.kernel.assign(kernel + step * way)
        values.append(float(penalty()))
    assert float(np.sum(found * way)) == pytest.approx((values[0] - values[1]) / 2e-5, rel=1e-6)


@KINDS
def test_a_kernel_of_zeros_can_learn(kind: str) -> None:
    layer, x = layer_and_input(kind, kernel_initializer="zeros")
    layer.after_step()
    assert np.linalg.norm(layer.u.numpy()) == pytest.approx(1)
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(layer(x))
    assert np.isfinite(tape.gradient(y, layer.kernel.value)).all()
    layer.kernel.assign_add(tf.random.stateless_normal(layer.kernel.shape, (1, 2), dtype="float64"))
    for _ in range(300):
        layer.after_step()
    assert float(layer.sigma()) == pytest.approx(largest(layer), rel=1e-8)


def test_the_seed_decides_and_files_keep_the_vector(tmp_path: Path) -> None:
    def model(seed: int) -> keras.Model:
        keras.utils.set_random_seed(seed)
        image = keras.Input((6, 8, 1))
        x = keras.layers.Flatten()(SpectralConv2D(3, 4, 2, padding="same")(image))
        return keras.Model(image, SpectralDense(2, use_bias=False)(x))

    one, same, other = model(0), model(0), model(1)
    weights = one.get_weights()
    assert len(weights) == 5
    assert all((a == b).all() for a, b in zip(weights, same.get_weights(), strict=True))
    assert not any((a == b).all() for a, b in zip(weights, other.get_weights(), strict=True)
                   if a.any())  # fmt: skip
    path = tmp_path / "model.weights.h5"
    one.save_weights(path)
    other.load_weights(path)
    assert all((a == b).all() for a, b in zip(weights, other.get_weights(), strict=True))
