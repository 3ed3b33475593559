"""Several steps of the discriminator in one step."""

import json
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from zoo.config import resolve
from zoo.contracts.loss import over_maps
from zoo.data.examples import Examples, Randomness, make_examples, open_source
from zoo.quiet import import_tensorflow
from zoo.settings import Settings

from .conftest import assert_equal, kill_when, zoo
from .small import SIZE, STRATEGY, batch, d_real, l1, make_state, term, weighted

tf = import_tensorflow()
import keras  # noqa: E402

from zoo.training.objective import weights_at  # noqa: E402
from zoo.training.state import TrainState  # noqa: E402
from zoo.training.step import make_step  # noqa: E402


def tell_apart(c: Any) -> Any:
    return d_real(c) + over_maps(tf.nn.softplus, c.d_fake.logits)


def fool(c: Any) -> Any:
    return over_maps(lambda m: tf.nn.softplus(-m), c.d_fake.logits)


TERMS = (
    weighted(term(l1, "ink", "target", "mask", name="l1")),
    weighted(term(fool, "d_fake", adversarial=True)),
    weighted(term(tell_apart, "d_real", "d_fake", side="discriminator", adversarial=True)),
)


def weights(state: TrainState) -> list[np.ndarray]:
    assert state.critic is not None
    return [v.numpy() for v in (*state.generator.trainable_variables, *state.critic.variables)]


@pytest.mark.parametrize("jit", [False, True], ids=["plain", "jit"])
def test_batches_ahead_are_steps_of_the_discriminator_alone(jit: bool) -> None:
    state, by_hand = make_state(norm=True), make_state(norm=True)
    step = make_step(state, TERMS, Settings(), STRATEGY, jit=jit)
    values = step(batch(2), weights_at(TERMS, 0), 0.5, 0.5, [batch(0), batch(1)])

    step = make_step(by_hand, TERMS, Settings(), STRATEGY, jit=jit)
    alone = {"d/t": 1.0}
    losses = [step(batch(i), alone, 0.5, 0.5)["d/t"] for i in (0, 1)]
    last = step(batch(2), weights_at(TERMS, 0), 0.5, 0.5)
    for one, other in zip(weights(state), weights(by_hand), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)
    assert float(values["d/t"]) == pytest.approx(np.mean([*losses, last["d/t"]]), rel=1e-5)
    assert float(values["g/l1"]) == pytest.approx(float(last["g/l1"]), rel=1e-5)


class Counter(keras.layers.Layer):
    """Counts its calls of ``after_step``."""

    def build(self, input_shape: Any) -> None:
        self.calls = self.add_weight(name="calls", initializer="zeros", trainable=False)

    def call(self, x: Any) -> Any:
        return x

    def after_step(self) -> None:
        self.calls.assign_add(1.0)


class Outer(keras.layers.Layer):
    """Has the counter inside."""

    def __init__(self) -> None:
        super().__init__()
        self.counter = Counter()

    def call(self, x: Any) -> Any:
        return self.counter(x)


def counting() -> tuple[TrainState, Counter, Counter]:
    inner, outer = Counter(), Outer()
    image = keras.Input((SIZE, SIZE, 1), name="image")
    nested_image = keras.Input((SIZE, SIZE, 1))
    nested = keras.Model(nested_image, inner(nested_image))
    logits = keras.layers.Conv2D(1, 3)(outer(nested(image)))
    critic = keras.Model({"image": image}, {"logits": [logits], "features": []})
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.build(critic.trainable_variables)
    state = replace(make_state(), critic=critic, d_optimizer=optimizer)
    return state, inner, outer.counter


@pytest.mark.parametrize("jit", [False, True], ids=["plain", "jit"])
def test_after_step_reaches_nested_layers_once_after_each_step_of_the_critic(jit: bool) -> None:
    state, *counters = counting()
    step = make_step(state, TERMS, Settings(), STRATEGY, jit=jit)

    def counted() -> list[float]:
        return [float(c.calls.numpy()) for c in counters]

    step(batch(), weights_at(TERMS, 0), 0.0, 0.5)
    assert counted() == [1, 1]
    step(batch(), weights_at(TERMS, 1), 0.0, 0.5, [batch(1), batch(2)])
    assert counted() == [4, 4]
    # The generator alone: the critic judges, and stays as it is.
    step(batch(), {"g/t": 1.0, "g/l1": 1.0}, 0.0, 0.5, [batch(1)])
    assert counted() == [4, 4]


def examples(**settings: Any) -> Examples:
    config = resolve(
        {"gen": "unet", "disc": "convdense", "data": "doodles:count=60", "size": 16, **settings}
    )
    return make_examples(config, open_source(config), "train", Randomness())


def test_a_step_takes_n_critic_batches() -> None:
    one, three = examples(batch_size=4), examples(batch_size=4, n_critic=3)
    np.testing.assert_array_equal(one.batch(5)["target"], three.batch(5)["target"])
    drawings = len(one.indices)
    assert one.steps_per_epoch() == -(-drawings // 4)
    assert three.steps_per_epoch() == -(-drawings // 12)


def test_progress_is_that_of_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []
    given = examples(n_critic=2, steps=4)
    monkeypatch.setattr(Examples, "_stack", lambda self, _, progress: seen.append(progress) or {})
    for number in range(8):
        given.packed(number)
    assert seen == [0, 0, 0.25, 0.25, 0.5, 0.5, 0.75, 0.75]


def test_killed_and_resumed_is_undisturbed(forty: Path, tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    words = (
        "train", "--gen", "unet:depth=2,width=8", "--disc", "patch:width=4,depth=2,spectral=true",
        "--data", f"quickdraw:path={forty}", "--size", 32, "--batch-size", 4, "--n-critic", 3,
        "--steps", 12, "--checkpoint-every", 6, "--workers", 2, "--no-jit", "--device", "cpu",
        "--loss", "ink_bce:ramp=8", "--loss", "bce:weight=0.1,start=4",
    )  # fmt: skip
    zoo(*words, "-o", whole)
    wanted = (killed / "checkpoints/step-00000006").exists
    assert kill_when((*words, "-o", killed), wanted) == -signal.SIGKILL
    zoo("resume", killed)
    assert_equal(whole, killed, 12)
    logged = [json.loads(line) for line in (killed / "metrics.jsonl").open()]
    assert {"g/ink_bce", "g/bce", "d/bce"} <= logged[-2].keys()
