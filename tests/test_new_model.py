"""``zoo new model``: a bundle becomes a package that cannot be damaged unnoticed."""

import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from click.testing import CliRunner
from hatchling.builders.wheel import WheelBuilder

import zoo
from zoo.cli import main
from zoo.errors import RunError, UsageError
from zoo.files import digest
from zoo.scaffold.model import new_model

CARD = "# unet at 64x64\n\nUse it: `zoo complete --model THIS_FOLDER`\n"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run directory with a bundle; whether its weights fit is not looked at."""
    best = tmp_path / "run" / "best"
    best.mkdir(parents=True)
    (best.parent / "config.toml").write_text("")
    with h5py.File(best / "generator.weights.h5", "w") as weights:
        weights["00000"] = np.linspace(-1, 1, 1000, dtype=np.float32)
    (best / "card.md").write_text(CARD)
    manifest = {
        "generator": "sketch-zoo-unet/unet",
        "plugin_version": "0.1.0",
        "options": {"depth": 2},
        "size": 64,
        "step": 70,
        "threshold": 0.4,
        "files": {name: digest(best / name) for name in ("generator.weights.h5", "card.md")},
        "zoo_version": zoo.__version__,
        "format": 1,
    }
    (best / "manifest.json").write_text(json.dumps(manifest))
    return best.parent


def spec_of(package: Path) -> Any:
    (module,) = package.glob("zoo_*")
    namespace: dict[str, Any] = {}
    exec((module / "__init__.py").read_text(), namespace)
    (spec,) = namespace["zoo_models"]()
    return spec


def test_the_package_holds_the_bundle(run: Path, tmp_path: Path) -> None:
    package = new_model(run, None, tmp_path / "out").path
    spec = spec_of(package)
    assert (spec.name, spec.size, spec.path) == ("unet-64", 64, "zoo_unet_64:bundle")
    assert spec.summary == "unet at 64x64, step 70"
    bundle = package / "zoo_unet_64" / "bundle"
    assert spec.sha256 == digest(bundle / "manifest.json")
    assert (bundle / "card.md").read_text() == CARD
    with h5py.File(bundle / "generator.weights.h5") as weights:
        half = np.linspace(-1, 1, 1000, dtype=np.float32).astype(np.float16)
        np.testing.assert_array_equal(weights["00000"], half, strict=True)
    readme = (package / "README.md").read_text()
    assert "Use it: `zoo complete --model unet-64`" in readme
    assert "licence of the drawings" in readme


def test_it_depends_on_what_its_generator_needs(run: Path, tmp_path: Path) -> None:
    package = new_model(run / "best", "owl", tmp_path / "out").path
    project = tomllib.loads((package / "pyproject.toml").read_text())["project"]
    assert project["name"] == "zoo-owl"
    assert project["entry-points"]["zoo.plugins"] == {"owl": "zoo_owl"}
    assert project["dependencies"] == ["sketch-zoo>=0.1.0,<0.2", "sketch-zoo-unet>=0.1.0,<0.2"]
    # Package indexes refuse it until the drawings' licence is named.
    assert project["classifiers"] == ["Private :: Do Not Upload"]
    assert "license" not in project


def test_the_wheel_holds_the_bundle_though_git_ignores_weights(run: Path, tmp_path: Path) -> None:
    package = new_model(run, "owl", tmp_path / "out").path
    with (package / ".gitignore").open("a") as ignored:
        ignored.write("*.h5\n")
    (wheel,) = WheelBuilder(str(package)).build(directory=str(tmp_path / "dist"))
    with zipfile.ZipFile(wheel) as archive:
        for file in (package / "zoo_owl" / "bundle").iterdir():
            assert archive.read(f"zoo_owl/bundle/{file.name}") == file.read_bytes()


def test_ruff_has_no_complaint(run: Path, tmp_path: Path) -> None:
    package = new_model(run, None, tmp_path / "out").path
    for words in (["check"], ["format", "--check"]):
        command = [sys.executable, "-m", "ruff", *words, "--no-cache", package]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


def test_a_damaged_bundle_is_not_packed(run: Path, tmp_path: Path) -> None:
    (run / "best" / "generator.weights.h5").write_bytes(b"weighty")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(RunError, match=r"weights\.h5 is damaged, its sha256 is not the manifest's"):
        new_model(run, None, tmp_path / "out")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"generator": "zoo-gone/owl"}, "pip install zoo-gone"),
        ({"options": {"no_such": 1}}, "no_such"),
    ],
)
def test_a_model_that_could_not_be_rebuilt_is_not_packed(
    run: Path, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    file = run / "best" / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))
    with pytest.raises(UsageError, match=said):
        new_model(run, None, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, ["new", "model", "run"])
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "zoo-unet-64",
        "next:",
        "  pip install -e zoo-unet-64",
        "  zoo list models",
        "  zoo complete sketch.png --mask hole.png --model unet-64",
    ]
    again = CliRunner().invoke(main, ["new", "model", "run"])
    assert again.exit_code == 2
    assert "zoo-unet-64 exists" in again.stderr
    nothing = CliRunner().invoke(main, ["new", "model", "walk"])
    assert nothing.exit_code == 2
    assert 'No run, bundle or model "walk"' in nothing.stderr
