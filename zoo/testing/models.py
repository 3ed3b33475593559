"""What the checks of generators and discriminators ask of a Keras model."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol

import keras
import numpy as np
import tensorflow as tf

from zoo.errors import ZooError
from zoo.testing.check import ConformanceError, Subject, require

Inputs = dict[str, tf.Tensor]
Forward = Callable[..., Sequence[tf.Tensor]]

# The smallest side that core trains at, and the one that checks run at.
SMALLEST, SIDE = 16, 32

_RANDOM_OP = re.compile(r"Random|Multinomial|TruncatedNormal|Rng(Read|Skip)|Bernoulli|Dropout")
_DEAD = 1e-7  # of the largest gradient: what rounding leaves of a weight that cancels out


class Network(Protocol):
    """How models of a kind are made, fed and read: its ``zoo.testing.checks.KIND.model``."""

    def new_model(self, subject: Subject, height: int, width: int, seed: int = 0) -> keras.Model:
        """A new model for drawings of that size."""
        ...

    def side(self, subject: Subject) -> int:
        """The side of the squares that checks run at."""
        ...

    def square(self, subject: Subject) -> keras.Model:
        """A new model of that side."""
        ...

    def inputs_for(self, model: keras.Model, batch: int = 2, seed: int = 0) -> Inputs:
        """Random drawings and holes, as core passes them."""
        ...

    def outputs(self, model: keras.Model, inputs: Inputs, *, training: bool = False) -> list[Any]:
        """All tensors that come out."""
        ...


def network_of(subject: Subject) -> Network:
    """How the models of a subject's kind are made, fed and read."""
    module: Any = import_module(f"zoo.testing.checks.{subject.spec.kind}.model")
    return module


@contextmanager
def square_model(subject: Subject, *, shake: bool = False) -> Iterator[keras.Model]:
    """The model at its small square size; its variables are put back afterwards.

    Args:
        subject: A generator or discriminator.
        shake: Change its weights a little at random, see ``shaken``.
    """
    model = subject.once(network_of(subject).square)
    before = [variable.numpy() for variable in model.variables]
    try:
        yield shaken(model) if shake else model
    finally:
        for variable, value in zip(model.variables, before, strict=True):
            variable.assign(value)


def build_model(subject: Subject, height: int, width: int, seed: int = 0) -> keras.Model:
    """A new model with the initial weights of a seed."""
    keras.utils.set_random_seed(seed)
    model = subject.build((height, width, 1))
    require(
        isinstance(model, keras.Model),
        f"build returned a {type(model).__name__}: return a keras.Model",
    )
    return model


def random_inputs(model: keras.Model, batch: int, seed: int, *, masked: bool) -> Inputs:
    """Random lines, a random box as hole, and noise, as far as the model has these inputs.

    Args:
        model: With inputs of ``image``, ``mask`` and ``noise``.
        batch: How many examples.
        seed: Of the numbers.
        masked: Empty the hole, as core does for generators.
    """
    rng = np.random.default_rng(seed)
    shapes = {name: (batch, *tensor.shape[1:]) for name, tensor in model.input.items()}
    height, width = next(shapes[name][1:3] for name in ("image", "mask") if name in shapes)
    ink, mask = (np.zeros((batch, height, width, 1)) for _ in range(2))
    for drawing, hole in zip(ink, mask, strict=True):
        drawing[rng.integers(height, size=4)] = 1
        drawing[:, rng.integers(width, size=4)] = rng.uniform(0.3, 1, (height, 4, 1))
        top, left = rng.integers(height // 2), rng.integers(width // 2)
        hole[top : top + height // 2, left : left + width // 2] = 1
    values = {"image": ink * (1 - mask) if masked else ink, "mask": mask}
    if "noise" in shapes:
        values["noise"] = rng.standard_normal(shapes["noise"])
    return {name: tf.constant(values[name], keras.config.floatx()) for name in shapes}


def require_finite(tensors: Sequence[Any], when: str) -> None:
    """Raise ``ConformanceError`` if a tensor has a value that is not finite."""
    for tensor in tensors:
        bad = int(np.size(tensor) - np.count_nonzero(np.isfinite(tensor)))
        require(not bad, f"{bad} of its outputs are not finite {when}")


def shaken(model: keras.Model) -> keras.Model:
    """The model after a small random change of all that it learns.

    A gate that starts at zero would hide what is behind it, and a loaded model that lost a weight
    would look like a new one.
    """
    rng = np.random.default_rng(5)
    for weight in model.trainable_weights:
        weight.assign_add(0.05 * rng.standard_normal(weight.shape))
    return model


def dead_weights(model: keras.Model, forward: Forward, batches: Sequence[Inputs]) -> list[str]:
    """Weights that get no gradient from any of the batches.

    Args:
        model: Its trainable weights are looked at.
        forward: From inputs to outputs, in training.
        batches: Inputs.

    Raises:
        ConformanceError: A gradient is not finite.
    """
    weights = model.trainable_weights
    alive: set[str] = set()
    for number, inputs in enumerate(batches):
        rng = np.random.default_rng(number)
        with tf.GradientTape() as tape:
            outputs = forward(inputs)
        # Random factors: nothing cancels out by symmetry.
        factors = [tf.constant(rng.standard_normal(y.shape), y.dtype) for y in outputs]
        gradients = tape.gradient(outputs, [w.value for w in weights], factors)
        largest = [0.0 if g is None else float(tf.reduce_max(tf.abs(g))) for g in gradients]
        for weight, size in zip(weights, largest, strict=True):
            require(np.isfinite(size), f"the gradient of {weight.path} is not finite")
        alive |= {
            w.path for w, size in zip(weights, largest, strict=True) if size > _DEAD * max(largest)
        }
    return [w.path for w in weights if w.path not in alive]


def make_training(
    model: keras.Model, losses: Callable[[], Sequence[tf.Tensor]], rate: float
) -> Callable[[], tf.Tensor]:
    """A compiled step of Adam on the sum of scalar losses, which returns them as (n,)."""
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(model.trainable_variables)
    weights = model.trainable_weights

    def step() -> tf.Tensor:
        with tf.GradientTape() as tape:
            values = tf.stack(losses())
        gradients = tape.gradient(values, [w.value for w in weights])
        pairs = [(g, w) for g, w in zip(gradients, weights, strict=True) if g is not None]
        optimizer.apply([g for g, _ in pairs], [w for _, w in pairs])
        return values

    compiled: Callable[[], tf.Tensor] = tf.function(step, autograph=False)
    return compiled


def layers_of(model: keras.Model) -> Iterator[keras.layers.Layer]:
    """Every layer, those inside of layers too."""
    yield from model._flatten_layers(include_self=False)


def seed_generators(model: keras.Model) -> list[str]:
    """Layers that own a ``SeedGenerator``."""
    return [
        layer.name
        for layer in layers_of(model)
        if any(isinstance(v, keras.random.SeedGenerator) for v in vars(layer).values())
    ]


def unsynchronised(model: keras.Model) -> list[str]:
    """Batch normalisations whose statistics are those of one replica only."""
    return [
        layer.name
        for layer in layers_of(model)
        if isinstance(layer, keras.layers.BatchNormalization) and not layer.synchronized
    ]


def random_ops(model: keras.Model, inputs: Inputs, *, training: bool) -> list[str]:
    """Types of the random operations of a pass, those in nested functions too."""
    traced = tf.function(lambda x: model(x, training=training), autograph=False)
    graph = traced.get_concrete_function(inputs).graph.as_graph_def()
    nodes = [*graph.node, *(node for f in graph.library.function for node in f.node_def)]
    return sorted({node.op for node in nodes if _RANDOM_OP.search(node.op)})


def count_traces(model: keras.Model, batches: Sequence[Inputs]) -> int:
    """How often a ``tf.function`` around the model is traced for these batches."""
    traces = 0

    def call(inputs: Inputs) -> Any:
        nonlocal traces
        traces += 1
        return model(inputs, training=True)

    compiled = tf.function(call, autograph=False)
    for inputs in batches:
        compiled(inputs)
    return traces


def moved(model: keras.Model, call: Callable[[], Any]) -> list[str]:
    """Names of the variables that a call changes."""
    before = [variable.numpy() for variable in model.variables]
    call()
    return [
        variable.path
        for variable, value in zip(model.variables, before, strict=True)
        if not np.array_equal(variable.numpy(), value)
    ]


def differs(name: str, a: Sequence[Any], b: Sequence[Any], tolerance: float) -> str:
    """Where two sequences of tensors differ by more than a tolerance, in words, or nothing."""
    for x, y in zip(a, b, strict=True):
        gap = float(np.max(np.abs(np.asarray(x, float) - np.asarray(y, float)), initial=0))
        if not gap <= tolerance * (1 + float(np.max(np.abs(x), initial=0))):
            return f"{name} by {gap:.2g}"
    return ""


def refusal(build: Callable[[], Any]) -> str:
    """The message with which building is refused, empty if it is not.

    Raises:
        ConformanceError: It is refused by something else than a ``ZooError`` of one line.
    """
    try:
        build()
    except ZooError as error:
        require("\n" not in str(error), f"its error has several lines: {error}")
        return str(error)
    except Exception as error:
        text = f"{type(error).__name__}: {error}"
        raise ConformanceError(f"refused without a ZooError of one line: {text}") from error
    return ""
