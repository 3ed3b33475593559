"""Everything that training changes: models, averages, optimizers."""

from dataclasses import dataclass

import keras
import tensorflow as tf

from zoo import registry
from zoo.config import RunConfig
from zoo.contracts.discriminator import check_model
from zoo.contracts.generator import input_shapes
from zoo.errors import PluginError


@dataclass(frozen=True)
class TrainState:
    """The state of a run.

    Attributes:
        generator: Learns.
        average: Exponential moving average of the generator: what is shown, scored and saved.
        critic: The discriminator, or None.
        g_optimizer: Adam of the generator.
        d_optimizer: Adam of the discriminator, or None.
    """

    generator: keras.Model
    average: keras.Model
    critic: keras.Model | None
    g_optimizer: keras.optimizers.Optimizer
    d_optimizer: keras.optimizers.Optimizer | None

    @property
    def noise_shape(self) -> tuple[int, ...] | None:
        """Shape of the generator's noise input, or None."""
        return input_shapes(self.generator.name, self.generator).get("noise")

    def checkpoint(self) -> tf.train.Checkpoint:
        """Everything that a bit-exact resume needs."""
        parts = {
            "generator": self.generator.variables,
            "average": self.average.variables,
            "critic": self.critic.variables if self.critic else [],
            "g_optimizer": self.g_optimizer.variables,
            "d_optimizer": self.d_optimizer.variables if self.d_optimizer else [],
        }
        return tf.train.Checkpoint(**{name: [v.value for v in vs] for name, vs in parts.items()})


def make_state(config: RunConfig, strategy: tf.distribute.Strategy) -> TrainState:
    """Build models and optimizers; the same seed gives the same weights.

    Raises:
        UsageError: The discriminator does not take that size.
        PluginError: A component breaks the contract.
    """
    settings = config.settings
    with strategy.scope():
        generator = build_generator(config)
        average = build_generator(config)
        average.set_weights(generator.get_weights())
        average.trainable = False
        g_optimizer = _adam(settings.lr, settings.beta1, generator)
        critic = d_optimizer = None
        if config.disc is not None:
            critic = _build_critic(config)
            d_optimizer = _adam(settings.d_lr, settings.beta1, critic)
    return TrainState(generator, average, critic, g_optimizer, d_optimizer)


def build_generator(config: RunConfig) -> keras.Model:
    """Build the run's generator with its initial weights."""
    # Initialisers of plugins draw from Keras' global seed.
    keras.utils.set_random_seed(config.settings.seed)
    model = registry.build("generator", config.gen.id, config.gen.options, _shape(config))
    if not isinstance(model, keras.Model):
        raise PluginError(f"generator {config.gen.id}: build() must return a keras.Model")
    input_shapes(config.gen.name, model)
    return model


def _build_critic(config: RunConfig) -> keras.Model:
    assert config.disc is not None
    keras.utils.set_random_seed(config.settings.seed + 1)
    model = registry.build("discriminator", config.disc.id, config.disc.options, _shape(config))
    if not isinstance(model, keras.Model):
        raise PluginError(f"discriminator {config.disc.id}: build() must return a keras.Model")
    check_model(config.disc.name, model)
    return model


def _shape(config: RunConfig) -> tuple[int, int, int]:
    return (config.settings.size, config.settings.size, 1)


def _adam(lr: float, beta1: float, model: keras.Model) -> keras.optimizers.Optimizer:
    optimizer = keras.optimizers.Adam(lr, beta_1=beta1)
    optimizer.build(model.trainable_variables)
    return optimizer


def update_average(
    strategy: tf.distribute.Strategy,
    average: keras.Model,
    model: keras.Model,
    decay: tf.Tensor,
) -> None:
    """Move the average towards the model; moving statistics are copied.

    Called outside of the replicas. ``decay`` is a scalar tensor.
    """

    def follow(a: tf.Variable, v: tf.Variable) -> None:
        a.assign(v + tf.cast(decay, a.dtype) * (a - v))

    learnt = {id(v) for v in model.trainable_variables}
    for a, v in zip(average.variables, model.variables, strict=True):
        update = follow if id(v) in learnt else _copy
        strategy.extended.update(a.value, update, args=(v.value,))


def _copy(a: tf.Variable, v: tf.Variable) -> None:
    a.assign(v)


def ema_decay(limit: float, step: int) -> float:
    """Warm-up of the average: ``min(limit, (1 + t) / (10 + t))`` at step t."""
    return min(limit, (1 + step) / (10 + step))
