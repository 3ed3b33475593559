"""What ``zoo new`` writes: built, installed, listed, checked, trained with, uninstalled."""

import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hatchling.builders.wheel import WheelBuilder
from PIL import Image

ROOT = Path(__file__).parents[2]
# Kind -> name of the new component.
NEW = {
    "generator": "halo",
    "discriminator": "stern",
    "loss": "gentle",
    "mask": "egg",
    "source": "shapes",
    "metric": "overlap",
}
DISTS = [f"zoo-{name}" for name in NEW.values()]


def _wheel(folder: Path) -> Path:
    (wheel,) = WheelBuilder(str(folder)).build(directory=str(folder / "dist"))
    return Path(wheel)


def _done(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _test(environment: Any, folder: Path) -> None:
    """Run the tests that a package carries."""
    command = [environment.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert " passed" in _done(done)


def _listed(environment: Any) -> set[tuple[str, str]]:
    found = json.loads(_done(environment.zoo("list", "--json", ZOO_STRICT="1")))
    return {(c["kind"], c["id"]) for c in found if not c["id"].startswith("sketch-zoo")}


@pytest.fixture(scope="module")
def wheels(new_environment: Callable[[], Any]) -> list[Path]:
    """A wheel of a new package of each kind, as it was written."""
    environment = new_environment()
    for kind, name in NEW.items():
        _done(environment.zoo("new", kind, name))
    return [_wheel(environment.root / dist) for dist in DISTS]


@pytest.fixture(scope="module")
def environment(new_environment: Callable[[], Any], wheels: list[Path]) -> Any:
    """All of them installed beside core."""
    environment = new_environment()
    environment.install(*wheels)
    return environment


@pytest.fixture(scope="module")
def run(environment: Any) -> Path:
    """Five steps with all of them that a training uses."""
    done = environment.zoo(
        "train", "--gen", "halo:width=4", "--disc", "stern:width=4", "--mask", "egg",
        "--loss", "gentle", "--loss", "bce:weight=0.01", "--data", "shapes:count=80",
        "--size", "32", "--batch-size", "2", "--steps", "5", "--workers", "0", "--eager",
        "-o", "run", enable=("losses",),
    )  # fmt: skip
    _done(done)
    return Path(environment.root / "run")


def test_the_wheel_of_core_holds_the_templates(tmp_path: Path) -> None:
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if name.endswith(".tmpl")}
    templates = (ROOT / "zoo" / "scaffold" / "templates").rglob("*.tmpl")
    assert shipped == {path.relative_to(ROOT).as_posix() for path in templates} != set()


def test_they_are_listed_and_gone_once_uninstalled(
    new_environment: Callable[[], Any], wheels: list[Path]
) -> None:
    environment = new_environment()
    environment.install(*wheels)
    left = {(kind, f"zoo-{name}/{name}") for kind, name in NEW.items()}
    assert _listed(environment) == left
    for kind, name in NEW.items():
        environment.pip("uninstall", "--yes", f"zoo-{name}")
        left.remove((kind, f"zoo-{name}/{name}"))
        assert _listed(environment) == left


def test_they_conform(environment: Any) -> None:
    results = json.loads(_done(environment.zoo("check", *DISTS, "--json", ZOO_STRICT="1")))
    assert {(r["kind"], r["subject"]) for r in results} == {*NEW.items()}
    assert {r["outcome"] for r in results} <= {"passed", "skipped"}


def test_their_own_tests_pass(environment: Any, wheels: list[Path]) -> None:
    _test(environment, wheels[DISTS.index("zoo-egg")].parents[1])


def test_they_train_and_score(environment: Any, run: Path) -> None:
    status = json.loads((run / "status").read_text())
    assert (status["state"], status["step"]) == ("finished", 5)
    log = [json.loads(line) for line in (run / "metrics.jsonl").open()]
    losses = [record for record in log if "g/gentle" in record]
    assert losses[-1]["step"] == 5
    assert np.isfinite([losses[-1][name] for name in ("g/gentle", "g/bce", "d/bce")]).all()
    done = environment.zoo(
        "evaluate", "run", "--data", "shapes:count=80", "--split", "test", "--size", "32",
        "--count", "4", "--mask", "egg", "--metric", "overlap", "--json",
    )  # fmt: skip
    assert "overlap" in json.loads(_done(done))["scores"]


def test_a_model_is_installed_used_and_uninstalled(
    new_environment: Callable[[], Any], wheels: list[Path], run: Path
) -> None:
    environment = new_environment()
    environment.install(wheels[DISTS.index("zoo-halo")])
    _done(environment.zoo("new", "model", str(run), "first"))
    environment.install(_wheel(environment.root / "zoo-first"))
    assert ("model", "zoo-first/first") in _listed(environment)
    assert "ink_f1, validation" in _done(environment.zoo("info", "first"))
    _test(environment, environment.root / "zoo-first")

    drawing = np.full((40, 56), 255, np.uint8)
    drawing[20] = 0
    Image.fromarray(drawing).save(environment.root / "sketch.png")
    ask = ("complete", "sketch.png", "--hole", "16,8,24,24", "-o")
    _done(environment.zoo(*ask, "own.png", "--model", str(run)))
    _done(environment.zoo(*ask, "installed.png", "--model", "first"))
    own, installed = (
        np.asarray(Image.open(environment.root / f"{name}.png")).astype(int)
        for name in ("own", "installed")
    )
    assert installed.shape == (40, 56)
    # The package's weights are float16.
    assert (abs(installed - own) > 2).mean() < 0.01

    weights = environment.packages / "zoo_first" / "bundle" / "generator.weights.h5"
    weights.write_bytes(weights.read_bytes()[:-1])
    damaged = environment.zoo(*ask, "damaged.png", "--model", "first")
    assert damaged.returncode == 1
    assert "generator.weights.h5 is damaged, its sha256" in damaged.stderr

    environment.pip("uninstall", "--yes", "zoo-first")
    assert _listed(environment) == {("generator", "zoo-halo/halo")}
    gone = environment.zoo(*ask, "gone.png", "--model", "first")
    assert gone.returncode == 2
    assert 'No run, bundle or model "first".' in gone.stderr
