"""What it must not do: draw random numbers, change anything behind the others' backs."""

import random

import keras
import numpy as np

from zoo.testing.check import Subject, check, require
from zoo.testing.checks.generator.model import inputs_for, new_model, outputs, side, square_model
from zoo.testing.models import (
    count_traces,
    differs,
    moved,
    random_ops,
    seed_generators,
    unsynchronised,
)
from zoo.testing.state import snapshot


@check("generator")
def traced_once_per_shape(subject: Subject) -> None:
    """A ``tf.function`` around it is traced once for each shape of a batch."""
    model = new_model(subject, side(subject), side(subject))
    batches = [inputs_for(model, seed=seed) for seed in range(3)]
    traces = count_traces(model, batches)
    require(
        traces == 1, f"traced {traces} times for 3 batches of one shape: create variables in build"
    )


@check("generator")
def draws_no_random_numbers(subject: Subject) -> None:
    """No pass draws random numbers, neither in the graph nor in Python: noise is an input."""
    with square_model(subject) as model:
        inputs = inputs_for(model)
        for training in (False, True):
            found = random_ops(model, inputs, training=training)
            require(not found, f"it has {', '.join(found)}: take what is random from noise")
        first, second = (outputs(model, inputs) for _ in range(2))
        gap = differs("two passes differ", first, second, 0)
        require(not gap, f"{gap} for the same inputs: take what is random from noise")


@check("generator")
def owns_no_seed_generator(subject: Subject) -> None:
    """No layer owns a ``SeedGenerator``: it repeats itself on every replica."""
    with square_model(subject) as model:
        owners = seed_generators(model)
    require(not owners, f"{', '.join(owners)} owns a SeedGenerator: take noise as an input")


@check("generator")
def batch_statistics_are_synchronised(subject: Subject) -> None:
    """Batch normalisation takes its statistics over all replicas."""
    with square_model(subject) as model:
        found = unsynchronised(model)
    require(not found, f'{", ".join(found)} is not synchronized: zoo.layers.normalise("batch")')


@check("generator")
def a_pass_moves_statistics_only(subject: Subject) -> None:
    """Inference changes no variable, a training pass none that is learnt."""
    with square_model(subject) as model:
        inputs = inputs_for(model)
        changed = moved(model, lambda: model(inputs, training=False))
        require(not changed, f"inference changes {', '.join(changed)}")
        learnt = {weight.path for weight in model.trainable_weights}
        changed = [p for p in moved(model, lambda: model(inputs, training=True)) if p in learnt]
        require(not changed, f"a training pass changes {', '.join(changed)}, which is learnt")


@check("generator")
def leaves_global_state_alone(subject: Subject) -> None:
    """Seeds, Keras' and NumPy's settings, devices and the environment stay what they are."""
    size = side(subject)
    drawn = []
    for seed in (1, 2):
        keras.utils.set_random_seed(seed)
        before = snapshot()
        model = subject.build((size, size, 1))
        # Initialisers draw from the global seeds, but must not set them.
        _unchanged(before, ignored={"random", "numpy.random"}, when="building")
        drawn.append((random.random(), np.random.random()))
        before = snapshot()
        inputs = inputs_for(model)
        for training in (False, True):
            outputs(model, inputs, training=training)
        _unchanged(before, when="a pass")
    for name, first, second in zip(("random", "numpy.random"), *drawn, strict=True):
        require(first != second, f"building seeds {name}: leave seeds to core")


def _unchanged(before: dict[str, object], *, when: str, ignored: set[str] | None = None) -> None:
    after = snapshot()
    changed = [
        name
        for name, value in before.items()
        if name not in (ignored or ()) and repr(after[name]) != repr(value)
    ]
    require(not changed, f"{when} changes {', '.join(changed)}")
