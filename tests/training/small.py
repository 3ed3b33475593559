"""Small models, terms and batches for tests of the step."""

from collections.abc import Callable
from typing import Any

import numpy as np

from zoo.contracts.loss import LossTerm, over_maps
from zoo.options import LossKeys
from zoo.quiet import import_tensorflow

tf = import_tensorflow()
import keras  # noqa: E402

from zoo.training.objective import WeightedTerm  # noqa: E402
from zoo.training.state import TrainState  # noqa: E402

SIZE, BATCH = 8, 4
STRATEGY = tf.distribute.OneDeviceStrategy("/CPU:0")


def generator(*, stages: bool = False, noise: bool = True) -> keras.Model:
    keras.utils.set_random_seed(0)
    inputs = {name: keras.Input((SIZE, SIZE, 1), name=name) for name in ("image", "mask")}
    if noise:
        inputs["noise"] = keras.Input((SIZE, SIZE, 2), name="noise")
    x = keras.layers.Concatenate()(list(inputs.values()))
    early = keras.layers.Conv2D(1, 3, padding="same")(x)
    x = keras.layers.BatchNormalization(synchronized=True)(
        keras.layers.Conv2D(4, 3, padding="same")(x)
    )
    logits = keras.layers.Conv2D(1, 3, padding="same")(keras.layers.LeakyReLU()(x))
    return keras.Model(inputs, {"logits": logits, "stages": [early]} if stages else logits)


def critic(*, norm: bool = False) -> keras.Model:
    keras.utils.set_random_seed(1)
    image = keras.Input((SIZE, SIZE, 1), name="image")
    x = keras.layers.Conv2D(4, 3, 2, padding="same")(image)
    if norm:
        x = keras.layers.BatchNormalization(synchronized=True)(x)
    x = keras.layers.LeakyReLU()(x)
    one = keras.layers.Dense(1)(keras.layers.Flatten()(x))
    return keras.Model(
        {"image": image}, {"logits": [one, keras.layers.Conv2D(1, 1)(x)], "features": [x]}
    )


def make_state(**how: Any) -> TrainState:
    norm = how.pop("norm", False)
    g, d = generator(**how), critic(norm=norm)
    average = generator(**how)
    average.set_weights(g.get_weights())
    optimizers = []
    for model in (g, d):
        optimizer = keras.optimizers.SGD(0.1)
        optimizer.build(model.trainable_variables)
        optimizers.append(optimizer)
    return TrainState(g, average, d, *optimizers)


def weighted(term: LossTerm, **keys: Any) -> WeightedTerm:
    return WeightedTerm(f"{term.side[0]}/{term.name}", "test/x", term, LossKeys(**keys))


def term(call: Callable[[Any], Any], *reads: str, **how: Any) -> LossTerm:
    return LossTerm(
        name=how.pop("name", "t"), side=how.pop("side", "generator"), reads=reads, call=call, **how
    )


def l1(c: Any) -> Any:
    return tf.reduce_mean(tf.abs(c.ink - c.target) * c.mask, (1, 2, 3))


def d_real(c: Any) -> Any:
    return over_maps(lambda m: tf.nn.softplus(-m), c.d_real.logits)


def batch(seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    mask = np.zeros((BATCH, SIZE, SIZE, 1), np.float32)
    mask[:, 2:6, 1:5] = 1
    target = (rng.random((BATCH, SIZE, SIZE, 1)) > 0.8).astype(np.float32)
    noise = rng.standard_normal((2, BATCH, SIZE, SIZE, 2)).astype(np.float32)
    mix = rng.random((BATCH, 1, 1, 1)).astype(np.float32)
    return {"target": target, "mask": mask, "noise": noise[0], "noise_b": noise[1], "mix": mix}
