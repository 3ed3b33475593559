"""A shipped model is made from scratch by one command, which goes on where it was cut short."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import zoo
from zoo.files import digest

ROOT = Path(__file__).parents[1]
TINY = ("steps=2", "batch_size=2", "warmup=1", "eager=true", "jit=false", "workers=0")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> tuple[Path, list[str]]:
    folder = tmp_path_factory.mktemp("models")
    (folder / "package").mkdir()
    (folder / "package" / "models.json").write_text("[]")
    words = [sys.executable, str(ROOT / "benchmarks" / "models" / "make.py"), "fast-64"]
    words += ["--data-root", str(shared_data), "--count", "9", "--work", str(folder / "work")]
    words += ["--package", str(folder / "package"), *(w for e in TINY for w in ("--set", e))]
    done = subprocess.run(words, capture_output=True, text=True, env=os.environ, check=False)
    assert done.returncode == 0, done.stderr
    return folder, words


def test_the_bundle_completes_and_its_card_has_the_scores(made: tuple[Path, list[str]]) -> None:
    bundle = made[0] / "package" / "bundles" / "fast-64"
    assert zoo.load(bundle).manifest.size == 64
    card = (bundle / "card.md").read_text()
    score = json.loads(
        (made[0] / "work" / "results" / "P64" / "fast-64" / "summary.json").read_text()
    )
    assert f"| **fast-64** | {score['means']['ink_f1']['mean']:.3f} (" in card
    assert "| training | 2 steps of 2 drawings |" in card
    assert "Commons Attribution 4.0" in card
    assert str(made[0]) not in card
    assert {path.name for path in bundle.glob("*.png")} == {
        "typical.png",
        "best.png",
        "worst.png",
        "curves.png",
    }


def test_the_index_names_it(made: tuple[Path, list[str]]) -> None:
    (entry,) = json.loads((made[0] / "package" / "models.json").read_text())
    assert (entry["name"], entry["size"]) == ("fast-64", 64)
    assert digest(made[0] / "package" / "bundles" / "fast-64" / "manifest.json") == entry["sha256"]


def test_started_again_it_keeps_the_training(made: tuple[Path, list[str]]) -> None:
    folder, words = made
    log = (folder / "work" / "fast-64" / "1" / "metrics.jsonl").read_text()
    before = (folder / "package" / "models.json").read_text()
    subprocess.run(words, capture_output=True, check=True)
    assert (folder / "work" / "fast-64" / "1" / "metrics.jsonl").read_text() == log
    assert (folder / "package" / "models.json").read_text() == before
