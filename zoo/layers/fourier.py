"""Fast Fourier convolution: every pixel sees the whole image in one layer.

Chi, Jiang and Mu 2020, Fast Fourier Convolution; in the form of Suvorov et al. 2022,
Resolution-robust Large Mask Inpainting with Fourier Convolutions (LaMa).

The transform is two products with constant matrices of sines and cosines, in real arithmetic. It
equals an FFT (``numpy.fft.rfft2`` with ``norm="ortho"``), and where these layers belong, on the
small maps in the middle of a network, it is at least as fast. Unlike complex numbers and
``tf.signal``, it compiles everywhere, keeps float64, and exports to ONNX and LiteRT.
"""

from functools import cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from zoo.errors import OptionError
from zoo.layers.normalisation import normalise


def spectrum(x: Any) -> Any:
    """Real Fourier transform over height and width, orthonormal.

    Args:
        x: (B, H, W, C) float; H, W and C known.

    Returns:
        (B, H, W//2+1, 2C) of the dtype of ``x``: C real parts, then C imaginary ones.
    """
    height, width, channels = x.shape[1:]
    half = width // 2 + 1
    y = tf.matmul(tf.constant(_from_rows(width), x.dtype), x)
    # Rows of (row, part) in, of (part, frequency) out: no transposition is needed.
    y = tf.reshape(y, (-1, 2 * height, half * channels))
    y = tf.matmul(tf.constant(_from_columns(height), x.dtype), y)
    y = tf.reshape(y, (-1, 2, height, half, channels))
    return tf.concat([y[:, 0], y[:, 1]], -1)


def from_spectrum(y: Any, width: int) -> Any:
    """Undo ``spectrum``.

    Args:
        y: (B, H, W//2+1, 2C) float. As with ``irfft2``, imaginary parts that no real image has
            are ignored.
        width: W.

    Returns:
        (B, H, W, C) of the dtype of ``y``.
    """
    height, half, channels = y.shape[1], y.shape[2], y.shape[3] // 2
    x = tf.reshape(tf.stack(tf.split(y, 2, -1), 1), (-1, 2 * height, half * channels))
    x = tf.matmul(tf.constant(_from_columns(height).T, y.dtype), x)
    x = tf.reshape(x, (-1, height, 2 * half, channels))
    return tf.matmul(tf.constant(_to_rows(width), y.dtype), x)


class FourierUnit(keras.layers.Layer):  # type: ignore[misc]
    """A 1x1 convolution with normalisation and LeakyReLU on the spectrum of an image.

    (B, H, W, C) -> (B, H, W, C), H and W known. Real and imaginary parts are 2C channels.
    """

    def __init__(self, norm: str = "batch", slope: float = 0.0, **how: Any) -> None:
        """``norm`` as in ``normalise``; ``how`` goes to ``keras.layers.Layer``."""
        super().__init__(**how)
        self.norm, self.slope = norm, slope

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the convolution on 2C channels."""
        height, width, channels = input_shape[1:]
        if height is None or width is None or channels is None:
            raise OptionError(f"{self.name}: its input must have a known height and width")
        half = (None, height, width // 2 + 1, 2 * channels)
        self.mix = _one_by_one(2 * channels, self.norm, dtype=self.dtype_policy)
        self.normalise = normalise(self.norm, dtype=self.dtype_policy)
        self.mix.build(half)
        self.normalise.build(half)

    def call(self, x: Any) -> Any:
        """Transform, convolve, transform back."""
        y = self.normalise(self.mix(spectrum(x)))
        return from_spectrum(keras.ops.leaky_relu(y, self.slope), x.shape[2])


class FourierConv2D(keras.layers.Layer):  # type: ignore[misc]
    """Fast Fourier convolution with ``padding="same"`` and stride 1.

    The last channels are *global*: they pass a ``FourierUnit``, between 1x1 convolutions to half
    as many channels and back. The others are local. An ordinary convolution leads from all
    channels to the local ones, another from the local channels to the global ones.
    (B, H, W, C) -> (B, H, W, filters), H and W known.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        ratio: float = 0.75,
        *,
        norm: str = "batch",
        slope: float = 0.0,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        **how: Any,
    ) -> None:
        """Set up the layer.

        Args:
            filters: Channels of the result.
            kernel_size: Side of the ordinary convolutions.
            ratio: Share of global channels, both of the input and of the result.
            norm: Normalisation inside the global path, as in ``normalise``.
            slope: Slope of LeakyReLU below zero inside the global path.
            use_bias: Whether a bias is added to the result.
            kernel_initializer: Of the convolutions that make the result.
            how: Goes to ``keras.layers.Layer``.
        """
        super().__init__(**how)
        self.filters, self.kernel_size, self.ratio = filters, kernel_size, ratio
        self.norm, self.slope = norm, slope
        self.use_bias, self.kernel_initializer = use_bias, kernel_initializer

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create both paths.

        Raises:
            OptionError: There are too few channels for a local and a global part.
        """
        height, width, channels = input_shape[1:]
        self.local_in = _local(channels or 0, self.ratio)
        local = _local(self.filters, self.ratio)
        wide, policy = self.filters - local, self.dtype_policy
        hidden = max(1, wide // 2)
        how = {"kernel_initializer": self.kernel_initializer, "dtype": policy}
        spatial = {"padding": "same", "use_bias": self.use_bias, **how}
        self.to_local = keras.layers.Conv2D(local, self.kernel_size, **spatial)
        self.to_global = keras.layers.Conv2D(wide, self.kernel_size, **spatial)
        self.squeeze = _one_by_one(hidden, self.norm, dtype=policy)
        self.normalise = normalise(self.norm, dtype=policy)
        self.unit = FourierUnit(self.norm, self.slope, dtype=policy)
        self.expand = keras.layers.Conv2D(wide, 1, use_bias=False, **how)
        self.to_local.build((None, height, width, channels))
        self.to_global.build((None, height, width, self.local_in))
        self.squeeze.build((None, height, width, (channels or 0) - self.local_in))
        for layer in (self.normalise, self.unit, self.expand):
            layer.build((None, height, width, hidden))

    def call(self, x: Any) -> Any:
        """Convolve."""
        nearby, everywhere = x[..., : self.local_in], x[..., self.local_in :]
        y = keras.ops.leaky_relu(self.normalise(self.squeeze(everywhere)), self.slope)
        wide = self.to_global(nearby) + self.expand(y + self.unit(y))
        return tf.concat([self.to_local(x), wide], -1)


def _local(channels: int, ratio: float) -> int:
    local = channels - round(channels * ratio)
    if not 0 < local < channels:
        raise OptionError(
            f"Fourier convolution: {channels} channels at ratio {ratio:g} leave none "
            f"{'global' if local else 'local'}: take more channels"
        )
    return local


def _one_by_one(filters: int, norm: str, **how: Any) -> Any:
    # A bias before a normalisation is subtracted by it again.
    return keras.layers.Conv2D(filters, 1, use_bias=norm == "none", **how)


@cache
def _from_rows(width: int) -> np.ndarray:
    """(2K, W), K = W//2+1: from pixels of a row to K real parts and K imaginary ones."""
    angle = 2 * np.pi * np.outer(np.arange(width // 2 + 1), np.arange(width)) / width
    return np.concatenate([np.cos(angle), -np.sin(angle)]) / np.sqrt(width)


@cache
def _to_rows(width: int) -> np.ndarray:
    """(W, 2K): frequencies that stand for their negative twin too count twice."""
    frequency = np.arange(width // 2 + 1)
    weight = np.where((frequency == 0) | (2 * frequency == width), 1.0, 2.0)
    return (_from_rows(width) * np.tile(weight, 2)[:, np.newaxis]).T


@cache
def _from_columns(height: int) -> np.ndarray:
    """(2H, 2H), orthogonal: from (row, part) to (part, frequency), part = real, imaginary."""
    angle = 2 * np.pi * np.outer(np.arange(height), np.arange(height)) / height
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.array([[cos, sin], [-sin, cos]]) / np.sqrt(height)
    return matrix.transpose(0, 2, 3, 1).reshape(2 * height, 2 * height)
