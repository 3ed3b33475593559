"""Layers whose kernel is divided by its largest singular value.

Miyato et al. 2018, Spectral Normalization for Generative Adversarial Networks. A forward pass
changes nothing: the vector that the singular value is estimated with moves in ``after_step``,
which core calls after each step of the discriminator.
"""

from typing import Any

import keras
import tensorflow as tf

_FIRST_ITERATIONS = 10
_TINY = 1e-12


class _Spectral:
    """What the two layers share: ``u`` (filters,), an estimate of a right singular vector.

    The kernel as a matrix M has a row for each weight of a filter. With v = Mu/|Mu|, Miyato's
    estimate vᵀMu is |Mu|, and the gradient of |Mu| is that of vᵀMu with v held, so that u is all
    there is to store.
    """

    kernel: Any
    add_weight: Any

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Create the weights, and turn a random ``u`` towards the kernel's singular vector."""
        super().build(input_shape)  # type: ignore[misc]

        def turned(shape: tuple[int, ...], dtype: str) -> Any:
            u = keras.initializers.RandomNormal()(shape, dtype)
            for _ in range(_FIRST_ITERATIONS):
                u = _turned(_matrix(self.kernel), u)
            return u

        self.u = self.add_weight(
            name="u",
            shape=self.kernel.shape[-1:],
            initializer=turned,
            trainable=False,
            # Replicas have equal kernels, so that one's result is everyone's.
            aggregation="only_first_replica",
        )

    def after_step(self) -> None:
        """Turn ``u`` by one power iteration."""
        self.u.assign(_turned(_matrix(self.kernel), tf.convert_to_tensor(self.u)))

    def sigma(self) -> Any:
        """The estimate of the kernel's largest singular value, a scalar."""
        image = tf.linalg.matvec(_matrix(self.kernel), tf.convert_to_tensor(self.u))
        # Bounded inside of the root, whose gradient at 0 is infinite.
        return tf.sqrt(tf.maximum(tf.reduce_sum(tf.square(image)), _TINY))

    def save_own_variables(self, store: Any) -> None:
        """Keras' layers store only the weights that they know."""
        super().save_own_variables(store)  # type: ignore[misc]
        store["u"] = self.u

    def load_own_variables(self, store: Any) -> None:
        """Restore what ``save_own_variables`` stored."""
        super().load_own_variables(store)  # type: ignore[misc]
        self.u.assign(store["u"])


class SpectralConv2D(_Spectral, keras.layers.Conv2D):  # type: ignore[misc]
    """``keras.layers.Conv2D`` with its kernel divided by ``sigma()``.

    (B, H, W, C) -> (B, H', W', filters).
    """

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        """Convolve with the normalised kernel."""
        return super().convolution_op(inputs, tf.convert_to_tensor(kernel) / self.sigma())


class SpectralDense(_Spectral, keras.layers.Dense):  # type: ignore[misc]
    """``keras.layers.Dense`` with its kernel divided by ``sigma()``; (B, …, C) -> (B, …, units)."""

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Multiply by the normalised kernel."""
        x = keras.ops.matmul(inputs, tf.convert_to_tensor(self.kernel) / self.sigma())
        x = x if self.bias is None else x + self.bias
        return self.activation(x)


def _matrix(kernel: Any) -> Any:
    return tf.reshape(tf.convert_to_tensor(kernel), (-1, kernel.shape[-1]))


def _turned(matrix: Any, u: Any) -> Any:
    # The shift changes no singular vector, and keeps u where the matrix is 0.
    u = tf.linalg.matvec(matrix, tf.linalg.matvec(matrix, u), transpose_a=True) + _TINY * u
    return u / tf.norm(u)
