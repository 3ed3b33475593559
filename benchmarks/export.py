"""How large is each format of ``zoo export``, and how fast is it in its own runtime?

    python benchmarks/export.py [fast-64 best-128 …]

Each model in each format and precision, beside the model itself without its decoding, in turns, on
batches of 8 doodles with a hole; medians. Sizes are those on disk.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import zoo
from zoo.cli.export import FORMATS
from zoo.data.doodles import build
from zoo.data.options import DoodlesOptions
from zoo.quiet import import_tensorflow
from zoo.sketch.strokes import default_pen, fit_strokes, rasterise

tf = import_tensorflow()

from zoo.export.write import export  # noqa: E402

BATCH, ROUNDS = 8, 15
Inputs = dict[str, np.ndarray]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("models", nargs="*", default=["fast-64", "best-128", "best-256"])
    print("| model | format | weights | MB | images/s | beside the model | difference |")
    print("|---|---|---|--:|--:|--:|--:|")
    for name in parser.parse_args().models:
        compare(name)


def compare(name: str) -> None:
    """Print the lines of a model."""
    model = zoo.load(name)
    inputs = drawings(model)
    ways: dict[tuple[str, str], Callable[[], Any]] = {("zoo", "float32"): run_model(model, inputs)}
    facts = {}
    with tempfile.TemporaryDirectory() as folder:
        for format_ in FORMATS:
            for half in (False, True):
                kind = "float16" if half else "float32"
                path = Path(folder, f"{format_}-{kind}")
                written = export(name, format_, path, float16=half)
                facts[format_, kind] = (f"{written.bytes / 1e6:.1f}", f"{written.difference:.0e}")
                ways[format_, kind] = RUNTIMES[format_](path, inputs)
        seconds: dict[tuple[str, str], list[float]] = {way: [] for way in ways}
        for turn in range(ROUNDS + 1):
            for way, complete in ways.items():
                started = time.perf_counter()
                complete()
                if turn:
                    seconds[way].append(time.perf_counter() - started)
    speeds = {way: BATCH / statistics.median(times) for way, times in seconds.items()}
    for (format_, kind), speed in speeds.items():
        size, difference = facts.get((format_, kind), ("", ""))
        ratio = speed / speeds["zoo", "float32"]
        print(
            f"| `{name}` | {format_} | {kind} | {size} | {speed:.0f} | {ratio:.2f} | {difference} |"
        )


def drawings(model: Any) -> Inputs:
    """A batch as an exported graph takes it."""
    side = model.manifest.size
    doodles = build(DoodlesOptions(count=BATCH))
    strokes = [doodles[i].strokes or () for i in range(BATCH)]
    ink = [
        rasterise(fit_strokes(each, side, side, side / 16), side, side, default_pen(side))
        for each in strokes
    ]
    image = np.stack(ink)[..., None].astype(np.float32)
    mask = np.zeros_like(image)
    mask[:, side // 3 : side // 2, side // 3 : 2 * side // 3] = 1
    return {"image": image, "mask": mask}


def run_model(model: Any, inputs: Inputs) -> Callable[[], Any]:
    """The model itself."""
    return lambda: model.predict(inputs["image"], inputs["mask"], range(BATCH))


def run_savedmodel(path: Path, inputs: Inputs) -> Callable[[], Any]:
    """In TensorFlow."""
    serve = tf.saved_model.load(str(path)).signatures["serving_default"]
    shapes = {name: spec.shape for name, spec in serve.structured_input_signature[1].items()}
    given = {name: tf.constant(value) for name, value in with_noise(inputs, shapes).items()}
    return lambda: serve(**given)["completed"].numpy()


def run_onnx(path: Path, inputs: Inputs) -> Callable[[], Any]:
    """In ONNX Runtime."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    given = with_noise(inputs, {known.name: known.shape for known in session.get_inputs()})
    return lambda: session.run(["completed"], given)


def run_litert(path: Path, inputs: Inputs) -> Callable[[], Any]:
    """In LiteRT, on both cores."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(path), num_threads=2)
    runner = interpreter.get_signature_runner("serving_default")
    shapes = {name: known["shape"] for name, known in runner.get_input_details().items()}
    given = with_noise(inputs, shapes)
    return lambda: runner(**given)["completed"]


RUNTIMES = {"savedmodel": run_savedmodel, "onnx": run_onnx, "litert": run_litert}


def with_noise(inputs: Inputs, shapes: dict[str, Any]) -> Inputs:
    """The inputs that a graph has."""
    if "noise" not in shapes:
        return inputs
    shape = (BATCH, *(int(side) for side in list(shapes["noise"])[1:]))
    return inputs | {"noise": np.random.default_rng(0).standard_normal(shape, np.float32)}


if __name__ == "__main__":
    main()
