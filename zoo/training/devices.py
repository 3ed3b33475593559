"""From ``--device`` to a TensorFlow distribution strategy."""

import re

import tensorflow as tf

from zoo.errors import UsageError
from zoo.settings import Settings


def make_strategy(settings: Settings) -> tf.distribute.Strategy:
    """One device, or all GPUs with mirrored weights.

    Raises:
        UsageError: The device does not exist, or the batch cannot be divided among them.
    """
    gpus = tf.config.list_physical_devices("GPU")
    device = settings.device.lower()
    if device == "all" and len(gpus) > 1:
        if settings.batch_size % len(gpus):
            raise UsageError(
                f"batch_size={settings.batch_size} cannot be divided among {len(gpus)} GPUs"
            )
        return tf.distribute.MirroredStrategy()
    if device in ("auto", "all"):
        device = "gpu:0" if gpus else "cpu"
    if device == "cpu":
        return tf.distribute.OneDeviceStrategy("/CPU:0")
    match = re.fullmatch(r"gpu(?::(\d+))?", device)
    if match is None:
        raise UsageError(f'no device "{settings.device}": use auto, cpu, gpu, gpu:N or all')
    number = int(match[1] or 0)
    if number >= len(gpus):
        raise UsageError(
            f'no device "{settings.device}": TensorFlow sees {len(gpus)} GPUs. '
            'See: zoo doctor. For GPU support: pip install "sketch-zoo[cuda]"'
        )
    return tf.distribute.OneDeviceStrategy(f"/GPU:{number}")


def use_jit(settings: Settings, strategy: tf.distribute.Strategy) -> bool:
    """Whether to compile with XLA: by default on one device, never in eager mode or bfloat16."""
    if settings.eager or settings.bfloat16:
        return False
    return strategy.num_replicas_in_sync == 1 if settings.jit is None else settings.jit
