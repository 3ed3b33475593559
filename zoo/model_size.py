"""How large a Keras model is: parameters, multiply-adds, activations."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zoo.quiet import import_tensorflow

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class LayerSize:
    """One line of the layer table.

    Attributes:
        name: Name of the layer.
        type: Its class.
        output_shape: Shapes of its outputs without the batch axis.
        parameters: Numbers of its weights, trainable and not.
        multiply_adds: Of its matrix products and convolutions, for one image.
    """

    name: str
    type: str
    output_shape: tuple[tuple[int | None, ...], ...]
    parameters: int
    multiply_adds: int


def parameter_count(model: "keras.Model") -> int:
    """How many numbers the weights hold, trainable and not."""
    return sum(math.prod(weight.shape) for weight in model.weights)


def activation_bytes(model: "keras.Model", batch: int) -> int:
    """Bytes of the outputs of all layers for a batch: what a training step keeps, roughly.

    Args:
        model: A functional model with a fixed image size.
        batch: How many images.
    """
    tensors = {id(t): t for layer in _leaves(model) for t in _outputs(layer)}
    sizes = import_tensorflow().as_dtype
    per_image: int = sum(
        math.prod(d or 1 for d in t.shape[1:]) * int(sizes(t.dtype).size) for t in tensors.values()
    )
    return batch * per_image


def multiply_adds(model: "keras.Model") -> int:
    """Multiply-adds of the matrix products and convolutions for one image."""
    return sum(count for _, count in _traced(model))


def layer_sizes(model: "keras.Model") -> list[LayerSize]:
    """The layer table of a functional model, nested models unfolded.

    Multiply-adds of operations that no layer owns are listed last, under ``(other)``.
    """
    layers = list(_leaves(model))
    counts: Counter[int] = Counter()
    for name, count in _traced(model):
        owners = re.findall(rf"{_MARK}(\d+)", name)
        counts[int(owners[-1]) if owners else -1] += count
    rows = [
        LayerSize(
            layer.name,
            type(layer).__name__,
            tuple(tuple(t.shape[1:]) for t in _outputs(layer)),
            parameter_count(layer),
            counts[i],
        )
        for i, layer in enumerate(layers)
    ]
    if counts[-1]:
        rows.append(LayerSize("(other)", "", (), 0, counts[-1]))
    return rows


def _leaves(model: Any) -> list[Any]:
    found: dict[int, Any] = {}
    for layer in model.layers:
        # A functional or sequential model inside counts as its own layers.
        inner = _leaves(layer) if getattr(layer, "layers", None) else [layer]
        found |= {id(leaf): leaf for leaf in inner}
    return list(found.values())


def _outputs(layer: Any) -> list[Any]:
    import keras

    return list(keras.tree.flatten(layer.output))


def _traced(model: Any) -> list[tuple[str, int]]:
    """Name and multiply-adds of each counted operation of one forward pass with batch 1."""
    tf = import_tensorflow()
    import keras

    inputs = keras.tree.map_structure(
        lambda t: tf.TensorSpec((1, *t.shape[1:]), t.dtype), model.input
    )
    function = tf.function(lambda x: model(x, training=False), autograph=False)
    eager = tf.config.functions_run_eagerly()
    # Keras wraps some convolutions in a function of their own: this draws them into the graph.
    tf.config.run_functions_eagerly(True)
    try:
        with _marked_layers(tf, _leaves(model)):
            graph = function.get_concrete_function(inputs).graph
    finally:
        tf.config.run_functions_eagerly(eager)
    return [(op.name, _COUNTS[op.type](op)) for op in graph.get_operations() if op.type in _COUNTS]


@contextmanager
def _marked_layers(tf: Any, layers: Iterable[Any]) -> Iterator[None]:
    # Keras' own scopes carry the layer's name, but made unique: conv_1 may be conv's second call.
    calls = [(layer, layer.call) for layer in layers]

    def marked(i: int, call: Callable[..., Any]) -> Callable[..., Any]:
        def inside(*args: Any, **kwargs: Any) -> Any:
            with tf.name_scope(f"{_MARK}{i}"):
                return call(*args, **kwargs)

        return inside

    for i, (layer, call) in enumerate(calls):
        object.__setattr__(layer, "call", marked(i, call))
    try:
        yield
    finally:
        for layer, _ in calls:
            object.__delattr__(layer, "call")


def _size(shape: Any) -> int:
    return int(math.prod(shape))


def _convolution(op: Any) -> int:
    return _size(op.outputs[0].shape) * _size(op.inputs[1].shape[:3])


def _depthwise(op: Any) -> int:
    return _size(op.outputs[0].shape) * _size(op.inputs[1].shape[:2])


def _transposed_convolution(op: Any) -> int:
    # Every pixel of the input is spread through the whole kernel into every output channel.
    return _size(op.inputs[2].shape) * _size(op.inputs[1].shape[:3])


def _matrix_product(op: Any) -> int:
    transposed = op.get_attr("transpose_a" if op.type == "MatMul" else "adj_x")
    return _size(op.outputs[0].shape) * int(op.inputs[0].shape[-2 if transposed else -1])


def _einsum(op: Any) -> int:
    sides = op.get_attr("equation").decode().partition("->")[0].split(",")
    lengths = {
        axis: int(length)
        for side, tensor in zip(sides, op.inputs, strict=True)
        for axis, length in zip(side, tensor.shape, strict=True)
    }
    return math.prod(lengths.values())


_MARK = "zoo_layer_"
_COUNTS: Mapping[str, Callable[[Any], int]] = {
    "Conv2D": _convolution,
    "DepthwiseConv2dNative": _depthwise,
    "Conv2DBackpropInput": _transposed_convolution,
    "MatMul": _matrix_product,
    "BatchMatMulV2": _matrix_product,
    "Einsum": _einsum,
}
