"""ONNX: a file, for ONNX Runtime and browsers."""

from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from zoo.export.graph import OUTPUT, Graph

_OPSET = 18
# Below so many numbers float16 saves nothing.
_LARGE = 256


def write(graph: Graph, path: Path) -> None:
    """Write the file."""
    import onnx
    import tf2onnx

    def complete(*inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        return graph.function(**dict(zip(graph.signature, inputs, strict=True)))

    made, _ = tf2onnx.convert.from_function(
        tf.function(complete, autograph=False),
        input_signature=[*graph.signature.values()],
        opset=_OPSET,
        custom_op_handlers={"Erfc": (_erfc, [])},
    )
    if graph.float16:
        _halve(made)
    onnx.save(made, path)


def run(path: Path, inputs: dict[str, np.ndarray]) -> np.ndarray:
    """Complete a batch with what was written, in ONNX Runtime."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (completed,) = session.run([OUTPUT], inputs)
    return np.asarray(completed)


def _erfc(context: Any, node: Any, name: str, args: Any) -> None:
    """1 - erf: ONNX has no erfc, which TensorFlow's exact GELU is made of."""
    (given,), (output,) = node.input, node.output
    shape, dtype = context.get_shape(output), context.get_dtype(output)
    context.remove_node(name)
    erf = context.make_node("Erf", [given])
    one = context.make_const(f"{name}_one", np.array(1, np.float32))
    context.make_node(
        "Sub", [one.output[0], erf.output[0]], name=name, outputs=[output], shapes=[shape],
        dtypes=[dtype],
    )  # fmt: skip


def _halve(model: Any) -> None:
    """Store large constants as float16, cast where they are used: what is computed is float32."""
    import onnx

    graph, casts = model.graph, []
    for constant in [c for c in graph.initializer if c.data_type == onnx.TensorProto.FLOAT]:
        values = onnx.numpy_helper.to_array(constant)
        if values.size < _LARGE:
            continue
        stored = onnx.numpy_helper.from_array(values.astype(np.float16), f"{constant.name}_float16")
        to = onnx.TensorProto.FLOAT
        casts.append(onnx.helper.make_node("Cast", [stored.name], [constant.name], to=to))
        graph.initializer.remove(constant)
        graph.initializer.append(stored)
    for cast in casts:
        graph.node.insert(0, cast)
