"""The step and the context that loss terms read, with small models made here."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from zoo.contracts.loss import over_maps
from zoo.errors import PluginError
from zoo.quiet import import_tensorflow
from zoo.settings import Settings

from .small import BATCH, STRATEGY, batch, d_real, l1, make_state, term, weighted

tf = import_tensorflow()

from zoo.training.objective import WeightedTerm, weights_at  # noqa: E402
from zoo.training.state import TrainState, ema_decay  # noqa: E402
from zoo.training.step import make_step  # noqa: E402


def one_step(
    state: TrainState, *terms: WeightedTerm, at: int = 0, jit: bool = False, **settings: Any
) -> dict[str, float]:
    step = make_step(state, terms, Settings(**settings), STRATEGY, jit=jit)
    given = {k: v for k, v in batch().items() if k != "noise" or "noise" in state.generator.input}
    values = step(given, weights_at(terms, at), 0.25, 0.5)
    return {label: float(value) for label, value in values.items()}


def test_reading_an_undeclared_field_names_the_term_and_the_field() -> None:
    sly = term(l1, "ink", "mask", name="sly")
    with pytest.raises(PluginError, match='loss term sly reads "target" without declaring it'):
        one_step(make_state(), weighted(sly))


def test_a_term_must_return_one_value_per_example() -> None:
    scalar = term(lambda c: tf.reduce_mean(c.ink), "ink", name="scalar")
    with pytest.raises(PluginError, match="loss term scalar returned shape"):
        one_step(make_state(), weighted(scalar))


def test_the_value_is_the_mean_over_the_batch_and_unweighted() -> None:
    state = make_state()
    b = batch()
    image = b["target"] * (1 - b["mask"])
    logits = state.generator(
        {"image": image, "mask": b["mask"], "noise": b["noise"]}, training=True
    )
    expected = np.mean(np.abs(tf.sigmoid(logits) - b["target"]) * b["mask"])
    state = make_state()
    values = one_step(state, weighted(term(l1, "ink", "target", "mask"), weight=7))
    assert values["g/t"] == pytest.approx(expected, rel=1e-5)


def test_composite_keeps_the_visible_part_and_image_has_no_ink_in_the_hole() -> None:
    def leak(c: Any) -> Any:
        outside = tf.reduce_sum(tf.abs(c.composite - c.target) * (1 - c.mask), (1, 2, 3))
        inside = tf.reduce_sum(tf.abs(c.image) * c.mask, (1, 2, 3))
        return outside + inside + 0 * tf.reduce_sum(c.ink, (1, 2, 3))

    values = one_step(
        make_state(), weighted(term(leak, "composite", "target", "mask", "image", "ink"))
    )
    assert values["g/t"] == 0


@pytest.mark.parametrize("jit", [False, True])
def test_the_generators_side_leaves_the_critic_alone(jit: bool) -> None:
    def fool(c: Any) -> Any:
        return over_maps(lambda m: tf.nn.softplus(-m), c.d_fake.logits) + d_real(c)

    state = make_state(norm=True)
    before = [v.numpy().copy() for v in state.critic.variables]
    generator_before = [v.numpy().copy() for v in state.generator.trainable_variables]
    one_step(state, weighted(term(fool, "d_fake", "d_real")), jit=jit)
    after = [v.numpy() for v in state.critic.variables]
    assert all((a == b).all() for a, b in zip(before, after, strict=True))
    moved = [
        (a != v.numpy()).any()
        for a, v in zip(generator_before, state.generator.trainable_variables, strict=True)
    ]
    assert any(moved)


def test_the_critics_side_moves_its_statistics_and_not_the_generator() -> None:
    def real_from_fake(c: Any) -> Any:
        return d_real(c) + over_maps(tf.nn.softplus, c.d_fake.logits)

    state = make_state(norm=True)
    learnt = [v.numpy().copy() for v in state.generator.trainable_variables]
    statistics = [v.numpy().copy() for v in state.critic.non_trainable_variables]
    one_step(state, weighted(term(real_from_fake, "d_real", "d_fake", side="discriminator")))
    now = [v.numpy() for v in state.generator.trainable_variables]
    assert all((a == b).all() for a, b in zip(learnt, now, strict=True))
    moved = [v.numpy() for v in state.critic.non_trainable_variables]
    assert all((a != b).any() for a, b in zip(statistics, moved, strict=True))


@pytest.mark.parametrize("at", ["real", "fake", "mix"])
@pytest.mark.parametrize("jit", [False, True])
def test_d_gradient_is_the_gradient_of_the_summed_mean_logits(at: str, jit: bool) -> None:
    seen: dict[str, Any] = {}

    def penalty(c: Any) -> Any:
        gradient = c.d_gradient(at)
        return tf.reduce_sum(gradient**2, (1, 2, 3))

    state = make_state()
    weights = state.critic.get_weights()
    b = batch()
    image = b["target"] * (1 - b["mask"])
    logits = state.generator(
        {"image": image, "mask": b["mask"], "noise": b["noise"]}, training=True
    )
    fake = image + tf.sigmoid(logits) * b["mask"]
    point = {
        "real": tf.constant(b["target"]),
        "fake": fake,
        "mix": b["mix"] * b["target"] + (1 - b["mix"]) * fake,
    }[at]
    total = 0.0
    for i in range(BATCH):
        with tf.GradientTape() as tape:
            one = tf.identity(point[i : i + 1])
            tape.watch(one)
            score = tf.add_n([tf.reduce_mean(m) for m in state.critic({"image": one})["logits"]])
        total += float(tf.reduce_sum(tape.gradient(score, one) ** 2))
    seen["expected"] = total / BATCH
    state = make_state()
    state.critic.set_weights(weights)
    value = one_step(state, weighted(term(penalty, "d_gradient", side="discriminator")), jit=jit)[
        "d/t"
    ]
    assert value == pytest.approx(seen["expected"], rel=1e-4)
    # The penalty is differentiated once more: the critic's kernels follow it.
    assert any((a != b).any() for a, b in zip(weights, state.critic.get_weights(), strict=True))


def test_second_is_another_noise_draw_of_the_same_drawing() -> None:
    def apart(c: Any) -> Any:
        return tf.reduce_mean(tf.abs(c.second.composite - c.composite), (1, 2, 3))

    both = weighted(term(apart, "second", "composite"))
    assert one_step(make_state(), both)["g/t"] > 0


def test_stages_count_with_their_weight() -> None:
    once = weighted(term(l1, "ink", "target", "mask"))
    staged = weighted(term(l1, "ink", "target", "mask", per_stage=True))
    final = one_step(make_state(stages=True), once)["g/t"]
    half = one_step(make_state(stages=True), staged, stage_weight=0.5)["g/t"]
    full = one_step(make_state(stages=True), staged, stage_weight=1)["g/t"]
    assert half > final
    assert full - final == pytest.approx(2 * (half - final), rel=1e-4)


def test_raw_critic_judges_the_whole_drawing_of_the_generator() -> None:
    def features(c: Any) -> Any:
        return tf.reduce_sum(c.d_fake.features[0], (1, 2, 3))

    raw = one_step(make_state(), weighted(term(features, "d_fake")), critic_sees="raw")
    composite = one_step(make_state(), weighted(term(features, "d_fake")))
    assert raw["g/t"] != pytest.approx(composite["g/t"], rel=1e-3)


def test_weight_start_ramp_and_every() -> None:
    t = term(l1, "ink")
    ramped = weighted(t, weight=4, start=10, ramp=4)
    assert [ramped.weight_at(s) for s in (9, 10, 11, 13, 99)] == [0, 1, 2, 4, 4]
    lazy = weighted(t, weight=2, every=4)
    assert [lazy.weight_at(s) for s in range(6)] == [8, 0, 0, 0, 8, 0]
    critic = term(l1, "ink", side="discriminator", adversarial=True)
    assert weighted(critic, weight=0.1, start=50).weight_at(0) == 1
    late = weighted(critic, weight=0.1, start=50, d_start=5)
    assert [late.weight_at(s) for s in (0, 4, 5, 6, 50)] == [0, 0, 1, 1, 1]
    assert weights_at([ramped, lazy], 1) == {}


def test_a_step_without_any_term_moves_only_the_average() -> None:
    state = make_state()
    before = [v.numpy().copy() for v in state.generator.trainable_variables]
    late = weighted(term(l1, "ink", "target", "mask"), start=5)
    assert one_step(state, late, at=0) == {}
    now = [v.numpy() for v in state.generator.trainable_variables]
    assert all((a == b).all() for a, b in zip(before, now, strict=True))


def test_the_average_follows_with_its_decay_and_copies_statistics() -> None:
    state = make_state()
    before = [v.numpy().copy() for v in state.average.trainable_variables] or [
        v.numpy().copy() for v in state.average.variables
    ]
    one_step(state, weighted(term(l1, "ink", "target", "mask")))
    for old, a, v in zip(before, state.average.variables, state.generator.variables, strict=False):
        if "moving" in v.path:
            np.testing.assert_array_equal(a.numpy(), v.numpy())
        else:
            np.testing.assert_allclose(a.numpy(), (old + v.numpy()) / 2, rtol=1e-5, atol=1e-7)
    assert [ema_decay(0.999, t) for t in (0, 10, 10**6)] == [0.1, 0.55, 0.999]


MIRRORED = """
import sys
import numpy as np
from zoo.quiet import import_tensorflow
tf = import_tensorflow()
import keras
keras.config.set_floatx("float64")
cpus = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpus[0], [tf.config.LogicalDeviceConfiguration()] * 2)
from zoo.config import resolve
from zoo.data.examples import Randomness, make_examples, open_source
from zoo.training.objective import make_terms, weights_at
from zoo.training.state import ema_decay, make_state
from zoo.training.step import make_step

config = resolve({
    "gen": "unet:depth=2,width=8,norm=batch", "disc": "convdense:width=4,dense=8,norm=batch",
    "loss": ["ink_bce", "bce:weight=0.1"], "data": "doodles:count=60", "size": 16,
    "batch_size": 8, "clip": 0.5, **eval(sys.argv[1]),
})
results = []
for strategy in (
    tf.distribute.OneDeviceStrategy("/CPU:0"),
    tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]),
):
    state = make_state(config, strategy)
    terms = make_terms(config)
    step = make_step(state, terms, config.settings, strategy, jit=False)
    examples = make_examples(config, open_source(config), "train", Randomness(state.noise_shape))
    k = config.settings.n_critic
    for i in range(10):
        *ahead, batch = [examples.batch(number) for number in range(i * k, (i + 1) * k)]
        values = step(batch, weights_at(terms, i), i / 10, ema_decay(0.9, i), ahead)
    models = (state.generator, state.critic, state.average)
    weights = np.concatenate([v.numpy().ravel() for m in models for v in m.variables])
    results.append((weights, {k: float(v) for k, v in values.items()}))
(one, losses), (two, mirrored) = results
assert one.dtype == np.float64 and one.size > 1000
print(strategy.num_replicas_in_sync, np.abs(one - two).max(),
      max(abs(losses[k] - mirrored[k]) for k in losses))
"""


@pytest.mark.parametrize(
    "changes",
    [{}, {"disc": "patch:width=4,depth=2,norm=batch,spectral=true", "n_critic": 2}],
    ids=["plain", "spectral"],
)
def test_two_replicas_equal_one_within_1e_12_in_float64(changes: dict[str, Any]) -> None:
    words = [sys.executable, "-c", MIRRORED, repr(changes)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    replicas, weights, losses = done.stdout.split()[-3:]
    assert int(replicas) == 2
    assert float(weights) < 1e-12
    assert float(losses) < 1e-12
