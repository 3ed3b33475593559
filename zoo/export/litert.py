"""LiteRT (once TensorFlow Lite): a file, for telephones and small machines."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import tensorflow as tf

from zoo.export.graph import OUTPUT, Graph


def write(graph: Graph, path: Path) -> None:
    """Write the file, of built-in operations only: it runs where there is no TensorFlow."""
    with TemporaryDirectory() as folder:
        tf.saved_model.save(graph.module, folder, signatures=graph.function)
        converter = tf.lite.TFLiteConverter.from_saved_model(folder)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS]
        if graph.float16:
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
            converter.target_spec.supported_types = [tf.float16]
        path.write_bytes(converter.convert())


def run(path: Path, inputs: dict[str, np.ndarray]) -> np.ndarray:
    """Complete a batch with what was written, in LiteRT."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(path))
    known = interpreter.get_signature_list()["serving_default"]
    runner = interpreter.get_signature_runner("serving_default")
    assert sorted(known["inputs"]) == sorted(inputs)
    return np.asarray(runner(**inputs)[OUTPUT])
