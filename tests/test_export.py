"""``zoo export``: what other runtimes do with a model, run in those runtimes."""

import json
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import zoo
from zoo import registry
from zoo.bundles import (
    find_bundle,
    load_generator,
    parameters_of,
    read_manifest,
    write_bundle,
)
from zoo.cli import main
from zoo.cli.export import FORMATS
from zoo.config import parse_component
from zoo.evaluation.protocol import load_protocol
from zoo.evaluation.task import Case, open_task
from zoo.export.runtimes import write_and_compare
from zoo.export.write import export

# Every generator of the zoo, small, with the parts that are hard to export.
GENERATORS = {
    "unet": "unet:depth=2,width=8",
    "funnel-pooling": "funnel:depth=2,width=8,middle_width=8,blend=1,scaling=pooling",
    "funnel": "funnel:depth=2,width=8,middle_width=8,blend=1",
    "shuffle": "shuffle:width=8,width_max=16,norm=none,attention=1,fine=4",
    "shuffle-none": "shuffle:width=8,width_max=16,noise=none",
    "gated": "gated:width=8",
    "cascade": "cascade:width=8",
    "fourier": "fourier:width=8",
    "attention": "attention:width=16",
}
SIZE = 32


def make_bundle(path: Path, expression: str, size: int = SIZE) -> Path:
    """A bundle of a generator whose weights are random, biases too: all of them matter."""
    part = parse_component("generator", expression)
    model = registry.build("generator", part.id, part.options, (size, size, 1))
    rng = np.random.default_rng(0)
    for weight in model.weights:
        noise = 0.05 * rng.standard_normal(weight.shape).astype(np.float32)
        # Variances stay positive.
        weight.assign(weight.numpy() + (abs(noise) if "variance" in weight.path else noise))
    write_bundle(path, model, part, size, 1, "# random\n")
    return path


def run_zoo(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_bundle(tmp_path_factory.mktemp("bundle") / "shuffle", GENERATORS["shuffle"])


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", GENERATORS)
def test_every_generator_is_exported_and_agrees(name: str, format_: str, tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / name, GENERATORS[name])
    image, mask = (np.zeros((1, SIZE, SIZE, 1), np.float32) + value for value in (0, 1))
    ink = zoo.load(bundle).predict(image, mask, [0])
    assert np.ptp(ink) > 0.01, "nothing to compare: its ink is all the same"
    written = export(bundle, format_, tmp_path / "out")
    assert written.difference <= 1e-4
    assert written.bytes > 1000


@pytest.mark.parametrize("format_", FORMATS)
def test_a_shipped_model_agrees_on_drawings_by_people(
    format_: Any, shared_data: Path, tmp_path: Path
) -> None:
    task = open_task(load_protocol("P64"), root=shared_data)
    cases = list(islice((case for case in task.cases() if isinstance(case, Case)), 8))
    inputs = {
        "image": np.stack([case.masked for case in cases])[..., None],
        "mask": np.stack([case.mask for case in cases])[..., None],
    }
    place = find_bundle("fast-64")
    generator = load_generator(place, read_manifest(place))
    assert write_and_compare(generator, format_, tmp_path / "out", inputs) <= 1e-4


@pytest.mark.parametrize("format_", FORMATS)
def test_any_batch_any_mask_and_what_the_hole_hides_is_not_seen(
    bundle: Path, format_: str, tmp_path: Path
) -> None:
    export(bundle, format_, tmp_path / "out")
    runtime: Any = import_module(f"zoo.export.{format_}")
    rng = np.random.default_rng(1)
    inputs = {
        "image": rng.random((3, SIZE, SIZE, 1), np.float32),
        "mask": (rng.random((3, SIZE, SIZE, 1)) < 0.4).astype(np.float32),
        "noise": rng.standard_normal((3, 2, 2, 8), np.float32),
    }
    completed = runtime.run(tmp_path / "out", inputs)
    visible = inputs["mask"] == 0
    np.testing.assert_array_equal(completed[visible], inputs["image"][visible])
    assert completed.min() >= 0
    assert completed.max() <= 1
    betrayed = inputs | {"image": np.where(visible, inputs["image"], 1 - inputs["image"])}
    np.testing.assert_array_equal(runtime.run(tmp_path / "out", betrayed), completed)
    alone = runtime.run(tmp_path / "out", {name: value[:1] for name, value in inputs.items()})
    np.testing.assert_allclose(alone, completed[:1], atol=1e-5)
    other = runtime.run(tmp_path / "out", inputs | {"noise": -inputs["noise"]})
    assert np.abs(other - completed).max() > 1e-4


@pytest.mark.parametrize("format_", FORMATS)
def test_float16_halves_it(bundle: Path, format_: str, tmp_path: Path) -> None:
    words = ("-q", "export", bundle, "--format", format_, "--size", 48, "--json")
    full, half = (
        json.loads(run_zoo(*words, "-o", tmp_path / name, *more).stdout)
        for name, more in (("full", ()), ("half", ("--float16",)))
    )
    assert (full["size"], full["float16"], half["float16"]) == (48, False, True)
    assert full["difference"] <= 1e-4
    assert half["difference"] <= 0.02
    # Two bytes less for each weight; the graph beside them is as large.
    assert full["bytes"] - half["bytes"] > 1.7 * parameters_of(bundle)


def test_what_cannot_be_written_leaves_nothing(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*words: object, code: int) -> str:
        result = run_zoo("export", *words)
        assert result.exit_code == code, result.output
        return result.stderr

    out = tmp_path / "out.onnx"
    words = (bundle, "--format", "onnx", "-o", out)
    assert "is not a multiple of" in refused(*words, "--size", 50, code=2)
    with monkeypatch.context() as patched:
        patched.setattr("zoo.export.write.TOLERANCE", -1.0)
        assert "its ink differs by" in refused(*words, code=1)
    with monkeypatch.context() as patched:
        patched.setattr("zoo.export.runtimes.find_spec", lambda name: None)
        assert refused(*words, code=2) == (
            "Error: --format onnx needs packages that are not installed (tf2onnx, onnx, "
            "onnxruntime): pip install 'sketch-zoo[onnx]'\n"
        )
    assert [*tmp_path.iterdir()] == []
    out.write_text("mine")
    assert f"{out} exists: choose another --out" in refused(*words, code=2)
    assert out.read_text() == "mine"
