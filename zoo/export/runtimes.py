"""The formats: what writes each, what runs it, and how far that may be from the original."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import keras

Format = Literal["savedmodel", "onnx", "litert"]

# The largest difference of ink that a float32 export may show.
TOLERANCE = 1e-4

_PACKAGES: dict[Format, tuple[str, ...]] = {
    "savedmodel": (),
    "onnx": ("tf2onnx", "onnx", "onnxruntime"),
    "litert": ("ai_edge_litert",),
}


def what_is_missing(format: Format) -> str:  # noqa: A002
    """Why a format cannot be written here and how to install what it needs; empty if it can."""
    missing = [name for name in _PACKAGES[format] if find_spec(name) is None]
    if not missing:
        return ""
    return (
        f"{format} needs packages that are not installed ({', '.join(missing)}): "
        f"pip install 'sketch-zoo[{format}]'"
    )


def write_and_compare(
    generator: "keras.Model",
    format: Format,  # noqa: A002
    path: Path,
    inputs: Mapping[str, np.ndarray],
    *,
    float16: bool = False,
) -> float:
    """Write a generator's graph and run it in its own runtime.

    Args:
        generator: A trained generator.
        format: What to write.
        path: File or folder.
        inputs: Of the graph (``zoo.export.graph``), but ``noise`` is drawn here.
        float16: Store weights as float16.

    Returns:
        The largest difference of its composite from the original's.

    Raises:
        Exception: The generator has an operation that the format lacks; of what class is up to the
            converter.
    """
    from zoo.export.graph import make_graph
    from zoo.inference import draw_noise, make_predict

    count, side = inputs["image"].shape[:2]
    graph = make_graph(generator, side, float16=float16)
    given = dict(inputs)
    if "noise" in graph.signature:
        shape = tuple(graph.signature["noise"].shape[1:])
        given["noise"] = np.stack([draw_noise(shape, seed) for seed in range(count)])
    runtime = import_module(f"zoo.export.{format}")
    runtime.write(graph, path)
    ink = make_predict(generator)(inputs["image"], inputs["mask"], range(count))
    expected = np.where(inputs["mask"] > 0, ink, inputs["image"])
    return float(np.abs(runtime.run(path, given) - expected).max())
