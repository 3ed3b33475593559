"""Convolutions of a compiled function in bfloat16, where a CPU computes them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import tensorflow as tf

_OPTION = "auto_mixed_precision_onednn_bfloat16"


def in_bfloat16(compiled: Callable[..., Any]) -> Callable[..., Any]:
    """Let oneDNN compute convolutions and products of matrices in bfloat16.

    Variables, their gradients and everything delicate stay float32; a CPU without AVX-512 BF16 or
    AMX computes all in float32. Kalamkar et al. 2019, A Study of BFLOAT16 for Deep Learning
    Training.

    Args:
        compiled: A ``tf.function``, not compiled by XLA, that nobody else calls.

    Returns:
        A function of the same arguments.
    """

    def call(*args: Any) -> Any:
        with _switched_on():
            return compiled(*args)

    return call


@contextmanager
def _switched_on() -> Iterator[None]:
    """TensorFlow has one switch for all graphs; those of others are not to be touched."""
    before = tf.config.optimizer.get_experimental_options().get(_OPTION, False)
    tf.config.optimizer.set_experimental_options({_OPTION: True})
    try:
        yield
    finally:
        tf.config.optimizer.set_experimental_options({_OPTION: before})
