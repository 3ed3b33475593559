"""What every generator and every discriminator must do, because both are functions with weights."""

import random
from collections.abc import Callable, Container

import keras
import numpy as np

from zoo.testing.check import Subject, check, require
from zoo.testing.models import (
    count_traces,
    differs,
    moved,
    network_of,
    random_ops,
    seed_generators,
    square_model,
    unsynchronised,
)
from zoo.testing.state import changed_since, snapshot

_EQUAL = 1e-4


def _network_check(call: Callable[[Subject], None]) -> Callable[[Subject], None]:
    return check("generator")(check("discriminator")(call))


@_network_check
def same_seed_same_weights(subject: Subject) -> None:
    """Two models built after the same seed have the same weights."""
    again = network_of(subject).square(subject)
    with square_model(subject) as model:
        unlike = [
            a.path
            for a, b in zip(model.weights, again.weights, strict=True)
            if not np.array_equal(a.numpy(), b.numpy())
        ]
    require(not unlike, f"the same seed gives other {', '.join(unlike)}: use Keras' initialisers")


@_network_check
def examples_are_independent(subject: Subject) -> None:
    """At inference one example of a batch does not influence another."""
    network = network_of(subject)
    with square_model(subject, shake=True) as model:
        inputs = network.inputs_for(model, 3)
        together = network.outputs(model, inputs)
        for i in range(3):
            alone = network.outputs(model, {name: x[i : i + 1] for name, x in inputs.items()})
            gap = differs("it differs", alone, [x[i : i + 1] for x in together], _EQUAL)
            require(not gap, f"example {i} alone and in a batch of 3: {gap}")


@_network_check
def traced_once_per_shape(subject: Subject) -> None:
    """A ``tf.function`` around it is traced once for each shape of a batch."""
    network = network_of(subject)
    model = network.square(subject)
    traces = count_traces(model, [network.inputs_for(model, seed=seed) for seed in range(3)])
    require(
        traces == 1, f"traced {traces} times for 3 batches of one shape: create variables in build"
    )


@_network_check
def draws_no_random_numbers(subject: Subject) -> None:
    """No pass draws random numbers, neither in the graph nor in Python."""
    network = network_of(subject)
    with square_model(subject) as model:
        inputs = network.inputs_for(model)
        for training in (False, True):
            found = random_ops(model, inputs, training=training)
            require(not found, f"it has {', '.join(found)}: what is random is an input, noise")
        first, second = (network.outputs(model, inputs) for _ in range(2))
        gap = differs("two passes differ", first, second, 0)
        require(not gap, f"{gap} for the same inputs: what is random is an input, noise")


@_network_check
def owns_no_seed_generator(subject: Subject) -> None:
    """No layer owns a ``SeedGenerator``: it repeats itself on every replica."""
    with square_model(subject) as model:
        owners = seed_generators(model)
    require(not owners, f"{', '.join(owners)} owns a SeedGenerator: leave Dropout and the like out")


@_network_check
def batch_statistics_are_synchronised(subject: Subject) -> None:
    """Batch normalisation takes its statistics over all replicas."""
    with square_model(subject) as model:
        found = unsynchronised(model)
    require(not found, f'{", ".join(found)} is not synchronized: zoo.layers.normalise("batch")')


@_network_check
def a_pass_moves_statistics_only(subject: Subject) -> None:
    """Inference changes no variable, a training pass none that is learnt."""
    with square_model(subject) as model:
        inputs = network_of(subject).inputs_for(model)
        changed = moved(model, lambda: model(inputs, training=False))
        require(not changed, f"inference changes {', '.join(changed)}")
        learnt = {weight.path for weight in model.trainable_weights}
        changed = [p for p in moved(model, lambda: model(inputs, training=True)) if p in learnt]
        require(not changed, f"a training pass changes {', '.join(changed)}, which is learnt")


@_network_check
def leaves_global_state_alone(subject: Subject) -> None:
    """Seeds, Keras' and NumPy's settings, devices and the environment stay what they are."""
    network = network_of(subject)
    size = network.side(subject)
    drawn = []
    for seed in (1, 2):
        keras.utils.set_random_seed(seed)
        before = snapshot()
        model = subject.build((size, size, 1))
        # Initialisers draw from the global seeds, but must not set them.
        _unchanged(before, ignored={"random", "numpy.random"}, when="building")
        drawn.append((random.random(), np.random.random()))
        before = snapshot()
        inputs = network.inputs_for(model)
        for training in (False, True):
            network.outputs(model, inputs, training=training)
        _unchanged(before, when="a pass")
    for name, first, second in zip(("random", "numpy.random"), *drawn, strict=True):
        require(first != second, f"building seeds {name}: leave seeds to core")


def _unchanged(before: dict[str, object], *, when: str, ignored: Container[str] = ()) -> None:
    changed = [name for name in changed_since(before) if name not in ignored]
    require(not changed, f"{when} changes {', '.join(changed)}")
