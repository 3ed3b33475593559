"""A trained model is evaluated as floors are: size, threshold, noise and files."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import zoo
from zoo.bundles import write_bundle
from zoo.config import resolve
from zoo.errors import UsageError
from zoo.evaluation.results import Results
from zoo.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402

from zoo.training.state import build_generator  # noqa: E402

COUNT, THRESHOLD = 12, 0.35


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained model that takes noise, its doubts spread over (0, 1)."""
    keras.utils.set_random_seed(0)
    config = resolve({"size": 64, "gen": "unet:depth=2,width=8,noise=middle", "disc": "none"})
    model = build_generator(config)
    model.set_weights([3 * weight for weight in model.get_weights()])
    path = tmp_path_factory.mktemp("models") / "mine"
    write_bundle(path, model, config.gen, 64, 0, "")
    manifest = path / "manifest.json"
    told = json.loads(manifest.read_text()) | {"decoding": {"threshold": THRESHOLD}}
    manifest.write_text(json.dumps(told))
    return path


@pytest.fixture
def drawings(shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return f"quickdraw:path={shared_data / 'quickdraw' / 'airplane.ndjson.gz'}"


def measure(model: str | Path, data: str, **more: Any) -> Results:
    return zoo.evaluate(model, data=data, split="all", count=COUNT, **more)


def test_a_model(bundle: Path, drawings: str) -> None:
    from zoo.bundles import load_generator, read_manifest
    from zoo.model_size import parameter_count

    ours = measure(bundle, drawings, save_predictions=True, metrics=["diversity"])
    assert ours.protocol.name.startswith("P64+")
    assert ours.path.name == "mine"
    model = load_generator(bundle, read_manifest(bundle))
    assert ours.summary["parameters"] == parameter_count(model)
    assert ours.summary["threshold"] == THRESHOLD
    assert ours.summary["kind"] == "model"
    assert ours.mean("diversity") > 0.001
    assert ours.mean("best_ink_f1") >= ours.mean("mean_ink_f1")
    floor = measure("blank", drawings, size=64)
    assert floor.summary["holes"] == ours.summary["holes"]
    assert floor.summary["protocol_hash"] == ours.summary["protocol_hash"]
    one_by_one = measure(bundle, drawings, out="one", batch_size=1, metrics=["diversity"])
    for row, other in zip(ours.rows, one_by_one.rows, strict=True):
        assert other.values["hole_l1"] == pytest.approx(row.values["hole_l1"], abs=1e-4)
        assert other.values["diversity"] == pytest.approx(row.values["diversity"], abs=1e-4)
    files = measure(ours.predictions, drawings, size=64, out="files")
    assert files.summary["threshold"] == THRESHOLD
    for row, other in zip(ours.rows, files.rows, strict=True):
        # A file holds whole 255ths.
        assert other.values["hole_l1"] == pytest.approx(row.values["hole_l1"], abs=0.51 / 255)
        assert other.values["ssim"] == pytest.approx(row.values["ssim"], abs=0.02)
    assert files.mean("ink_f1") == pytest.approx(ours.mean("ink_f1"), abs=0.03)
    assert np.std([row.values["hole_l1"] for row in ours.rows]) > 0


def test_a_model_of_another_size_is_refused(bundle: Path, drawings: str) -> None:
    with pytest.raises(UsageError, match=r"64x64, .* P128 has 128x128: use --protocol P64"):
        zoo.evaluate(bundle, protocol="P128")
    with pytest.raises(UsageError, match="use --protocol P64"):
        measure(bundle, drawings, size=96)
