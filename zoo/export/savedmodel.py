"""TensorFlow's SavedModel: a folder, for TensorFlow Serving and everything else of TensorFlow."""

from pathlib import Path

import numpy as np
import tensorflow as tf

from zoo.export.graph import OUTPUT, Graph


def write(graph: Graph, path: Path) -> None:
    """Write the folder; its signature is ``serving_default``."""
    tf.saved_model.save(graph.module, str(path), signatures=graph.function)


def run(path: Path, inputs: dict[str, np.ndarray]) -> np.ndarray:
    """Complete a batch with what was written."""
    serve = tf.saved_model.load(str(path)).signatures["serving_default"]
    return serve(**{name: tf.constant(value) for name, value in inputs.items()})[OUTPUT].numpy()
