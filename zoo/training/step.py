"""One training step: the discriminator's side first, then the generator's, then the average."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import keras
import tensorflow as tf

from zoo.contracts.generator import split_output
from zoo.contracts.loss import Drawing, Judgement, Side
from zoo.errors import PluginError
from zoo.settings import Settings
from zoo.training.bfloat16 import in_bfloat16
from zoo.training.context import (
    Context,
    View,
    judge,
    make_drawing,
    still,
    still_judgement,
)
from zoo.training.objective import WeightedTerm
from zoo.training.state import TrainState, update_average

Tensor = Any
Values = dict[str, Tensor]
Batch = Mapping[str, Any]


class Step(Protocol):
    """One step: ``n_critic`` of the discriminator, one of the generator, one of the average."""

    def __call__(
        self,
        batch: Batch,
        weights: Mapping[str, float],
        progress: float,
        decay: float,
        ahead: Sequence[Batch] = (),
    ) -> Values:
        """Train.

        Args:
            batch: What both sides train on, (B, …) arrays.
            weights: Label -> factor of the terms that count at this step.
            progress: From 0 to 1.
            decay: Of the average.
            ahead: Batches that the discriminator trains on before, alone.

        Returns:
            Each term's mean over the global batch, or batches, unweighted.
        """
        ...


def make_step(
    state: TrainState,
    terms: Sequence[WeightedTerm],
    settings: Settings,
    strategy: tf.distribute.Strategy,
    *,
    jit: bool,
) -> Step:
    """Compile the step, which updates ``state``.

    One graph per set of terms that count, so that lazy ones cost nothing, and one for the
    discriminator's steps ahead.
    """
    graphs: dict[tuple[bool, tuple[str, ...]], Callable[..., Values]] = {}
    dtype = keras.config.floatx()

    def compile_for(labels: tuple[str, ...], *, alone: bool) -> Callable[..., Values]:
        counted = [t for t in terms if t.label in labels]
        train = _train_critic_alone if alone else _train_on

        def on_replica(batch: Values, weights: Tensor, progress: Tensor) -> Values:
            factors = dict(zip(labels, tf.unstack(weights), strict=True))
            return train(state, settings, counted, batch, factors, progress)

        def graph(batch: Values, weights: Tensor, progress: Tensor, decay: Tensor) -> Values:
            values = strategy.run(on_replica, args=(batch, weights, progress))
            if not alone:
                update_average(strategy, state.average, state.generator, decay)
            return {
                label: strategy.reduce(tf.distribute.ReduceOp.SUM, value, axis=None)
                for label, value in values.items()
            }

        if settings.eager:
            return graph
        compiled: Callable[..., Values] = tf.function(graph, jit_compile=jit)
        return in_bfloat16(compiled) if settings.bfloat16 else compiled

    def run(
        batch: Batch, weights: Mapping[str, float], progress: float, decay: float, *, alone: bool
    ) -> Values:
        key = (alone, tuple(weights))
        if key not in graphs:
            graphs[key] = compile_for(tuple(weights), alone=alone)
        return graphs[key](
            _distribute(batch, strategy, dtype),
            tf.constant(list(weights.values()), dtype),
            tf.constant(progress, dtype),
            tf.constant(decay, dtype),
        )

    def step(
        batch: Batch,
        weights: Mapping[str, float],
        progress: float,
        decay: float,
        ahead: Sequence[Batch] = (),
    ) -> Values:
        judging = {t.label for t in terms if t.term.side == "discriminator"}
        critics = {label: weight for label, weight in weights.items() if label in judging}
        earlier = [run(b, critics, progress, decay, alone=True) for b in ahead if critics]
        values = run(batch, weights, progress, decay, alone=False)
        if not earlier:
            return values
        every = [*earlier, values]
        means = {label: tf.add_n([v[label] for v in every]) / len(every) for label in critics}
        return values | means

    return step


def _distribute(batch: Batch, strategy: tf.distribute.Strategy, dtype: str) -> Values:
    """Give each replica its share of the batch."""
    count = strategy.num_replicas_in_sync
    if count == 1:
        return {name: tf.constant(array, dtype) for name, array in batch.items()}

    def share(context: Any) -> Values:
        i = context.replica_id_in_sync_group
        return {
            name: tf.constant(array[i * len(array) // count : (i + 1) * len(array) // count], dtype)
            for name, array in batch.items()
        }

    values: Values = strategy.experimental_distribute_values_from_function(share)
    return values


def _train_on(
    state: TrainState,
    settings: Settings,
    terms: Sequence[WeightedTerm],
    batch: Values,
    factors: Values,
    progress: Tensor,
) -> Values:
    """Train on one replica's share of the batch; return its part of each term's mean."""
    with tf.GradientTape() as tape:
        drawing, stages = _draw(state.generator, batch, batch.get("noise"))
        values: Values = {}
        if any(t.term.side == "discriminator" for t in terms):
            with tape.stop_recording():
                values |= _train_critic(
                    state, settings, terms, batch, factors, progress, still(drawing)
                )
        context = _context(state, settings, batch, drawing, progress, generator_side=True)
        own = _values(context, stages, terms, "generator", settings)
        loss = _total(own, factors)
    _update(state.g_optimizer, tape, loss, state.generator.trainable_variables, settings.clip)
    return values | own


def _train_critic_alone(
    state: TrainState,
    settings: Settings,
    terms: Sequence[WeightedTerm],
    batch: Values,
    factors: Values,
    progress: Tensor,
) -> Values:
    """Train the discriminator on one replica's share of a batch of its own."""
    drawing, _ = _draw(state.generator, batch, batch.get("noise"))
    return _train_critic(state, settings, terms, batch, factors, progress, still(drawing))


def _train_critic(
    state: TrainState,
    settings: Settings,
    terms: Sequence[WeightedTerm],
    batch: Values,
    factors: Values,
    progress: Tensor,
    drawing: Drawing,
) -> Values:
    assert state.critic is not None
    with tf.GradientTape() as tape:
        context = _context(state, settings, batch, drawing, progress, generator_side=False)
        values = _values(context, (), terms, "discriminator", settings)
        loss = _total(values, factors)
    _update(state.d_optimizer, tape, loss, state.critic.trainable_variables, settings.clip)
    for layer in state.critic._flatten_layers():
        if hasattr(layer, "after_step"):
            layer.after_step()
    return values


def _draw(generator: keras.Model, batch: Values, noise: Tensor) -> tuple[Drawing, tuple[Any, ...]]:
    target, mask = batch["target"], batch["mask"]
    image = target * (1 - mask)
    inputs = {"image": image, "mask": mask, "noise": noise}
    output = generator({key: inputs[key] for key in generator.input}, training=True)
    logits, stages = split_output(output)
    return make_drawing(logits, noise, image, mask), stages


def _context(
    state: TrainState,
    settings: Settings,
    batch: Values,
    drawing: Drawing,
    progress: Tensor,
    *,
    generator_side: bool,
) -> Context:
    def draw_second() -> Drawing:
        second, _ = _draw(state.generator, batch, batch["noise_b"])
        return second if generator_side else still(second)

    def look(image: Tensor, *, moves: bool) -> Judgement:
        return judge(state.critic, image, batch["mask"], moves=moves)

    def look_real(image: Tensor) -> Judgement:
        judgement = look(image, moves=not generator_side)
        return still_judgement(judgement) if generator_side else judgement

    return Context(
        batch,
        drawing,
        progress,
        judge_real=look_real,
        judge_fake=lambda image: look(image, moves=not generator_side),
        judge_again=lambda image: look(image, moves=False),
        draw_second=draw_second,
        critic_sees=settings.critic_sees,
    )


def _values(
    context: Context,
    stages: Sequence[Tensor],
    terms: Sequence[WeightedTerm],
    side: Side,
    settings: Settings,
) -> Values:
    """Each term's mean over the global batch, as far as this replica contributes to it."""
    replicas = tf.distribute.get_replica_context().num_replicas_in_sync
    values = {}
    for t in terms:
        if t.term.side != side:
            continue
        value = _per_example(t, context)
        if t.term.per_stage:
            for logits in stages:
                value += settings.stage_weight * _per_example(t, context.at_stage(logits))
        values[t.label] = tf.reduce_mean(value) / replicas
    return values


def _per_example(t: WeightedTerm, context: Context) -> Tensor:
    value = t.term.call(View(context, t.term))
    size = context.target.shape[0]
    if value.shape != (size,):
        raise PluginError(
            f"loss term {t.term.name} returned shape {tuple(value.shape)}: "
            f"it must be one value per example, ({size},)"
        )
    return value


def _total(values: Values, factors: Values) -> Tensor:
    """The weighted sum; a constant where no term counts at this step."""
    weighted = [factors[label] * value for label, value in values.items()]
    return tf.add_n(weighted) if weighted else tf.constant(0.0, keras.config.floatx())


def _update(
    optimizer: Any, tape: tf.GradientTape, loss: Tensor, variables: list[Any], clip: float | None
) -> None:
    gradients = tape.gradient(loss, [v.value for v in variables])
    pairs = [(g, v) for g, v in zip(gradients, variables, strict=True) if g is not None]
    if not pairs:
        return
    gradients = [g for g, _ in pairs]
    if clip is not None:
        # Reduce first: clipping each replica's gradient gives another result than one device.
        replicas = tf.distribute.get_replica_context()
        reduced = replicas.all_reduce(tf.distribute.ReduceOp.SUM, gradients)
        clipped, _ = tf.clip_by_global_norm(reduced, clip)
        # The optimizer adds up the replicas' gradients once more.
        gradients = [g / replicas.num_replicas_in_sync for g in clipped]
    optimizer.apply(gradients, [v for _, v in pairs])
