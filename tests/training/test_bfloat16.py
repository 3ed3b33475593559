"""Convolutions in bfloat16: nearly the same step, and nothing else is touched."""

from pathlib import Path

import numpy as np
import pytest

from zoo.quiet import import_tensorflow

tf = import_tensorflow()

from zoo.training.bfloat16 import in_bfloat16  # noqa: E402

CPU = Path("/proc/cpuinfo")
HAS_IT = CPU.is_file() and {"avx512_bf16", "amx_bf16"} & {*CPU.read_text().split()}

# A step of a sort: a convolution and the gradient of its weights.
IMAGES = tf.constant(np.random.default_rng(0).normal(size=(4, 32, 32, 16)), tf.float32)
WEIGHTS = tf.constant(np.random.default_rng(1).normal(size=(3, 3, 16, 16)), tf.float32)


def step(weights: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    with tf.GradientTape() as tape:
        tape.watch(weights)
        loss = tf.reduce_mean(tf.nn.conv2d(IMAGES, weights, 1, "SAME") ** 2)
    return loss, tape.gradient(loss, weights)


@pytest.mark.skipif(not HAS_IT, reason="this CPU does not compute in bfloat16")
def test_it_rounds_a_little_and_not_the_types() -> None:
    exact = [value.numpy() for value in tf.function(step)(WEIGHTS)]
    rounded = [value.numpy() for value in in_bfloat16(tf.function(step))(WEIGHTS)]
    for one, other in zip(exact, rounded, strict=True):
        assert other.dtype == np.float32
        assert not np.array_equal(one, other)
        np.testing.assert_allclose(one, other, rtol=0.02, atol=0.02 * np.abs(one).max())


def test_the_same_twice() -> None:
    calls = [in_bfloat16(tf.function(step)) for _ in range(2)]
    for one, other in zip(*(call(WEIGHTS) for call in calls), strict=True):
        np.testing.assert_array_equal(one, other)


def test_functions_of_others_are_left_alone() -> None:
    before = [value.numpy() for value in tf.function(step)(WEIGHTS)]
    in_bfloat16(tf.function(step))(WEIGHTS)
    after = [value.numpy() for value in tf.function(step)(WEIGHTS)]
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)
