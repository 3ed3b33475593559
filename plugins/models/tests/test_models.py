"""The shipped models are whole, small, described, and draw."""

import json
import re
import tomllib
from pathlib import Path

import h5py
import numpy as np
import pytest
import zoo_models
from packaging.requirements import Requirement

import zoo

PACKAGE = Path(zoo_models.__file__).parent
SPECS = {spec.name: spec for spec in zoo_models.zoo_models()}
DEPENDENCIES = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())["project"][
    "dependencies"
]
EVERY = pytest.mark.parametrize("name", SPECS)


def test_what_is_shipped() -> None:
    assert {*SPECS} >= {"fast-64", "best-128", "best-256"}
    assert {path.name for path in (PACKAGE / "bundles").iterdir()} == {*SPECS}


def test_they_take_at_most_25_mb() -> None:
    assert sum(path.stat().st_size for path in PACKAGE.rglob("*") if path.is_file()) <= 25e6


@EVERY
def test_its_generator_is_depended_on(name: str) -> None:
    manifest = json.loads((PACKAGE / "bundles" / name / "manifest.json").read_text())
    dist, version = manifest["generator"].partition("/")[0], manifest["plugin_version"]
    (requirement,) = (r for r in map(Requirement, DEPENDENCIES) if r.name == dist)
    assert version in requirement.specifier


@EVERY
def test_it_was_measured(name: str) -> None:
    """Under the protocol of its size, above every floor of its card."""
    bundle = PACKAGE / "bundles" / name
    scores = json.loads((bundle / "manifest.json").read_text())["scores"]
    protocol = f"P{SPECS[name].size}"
    card = (bundle / "card.md").read_text(encoding="utf-8")
    floors = [float(x) for x in re.findall(r"^\| [a-z_]+ \| (\d\.\d+) \(", card, re.MULTILINE)]
    assert len(floors) >= 5
    assert scores[protocol][0] > max(floors)


@EVERY
def test_weights_are_float16(name: str) -> None:
    with h5py.File(PACKAGE / "bundles" / name / "generator.weights.h5") as file:
        assert {file[number].dtype for number in file} == {np.dtype(np.float16)}


@EVERY
def test_the_card_says_what_a_person_wants_to_know(name: str) -> None:
    bundle = PACKAGE / "bundles" / name
    card = (bundle / "card.md").read_text(encoding="utf-8")
    for heading in ("Scores", "What it draws", "Limits", "Data and licence", "How it was made"):
        assert f"\n## {heading}\n" in card
    for floor in ("blank", "full", "telea", "navier_stokes", "nearest"):
        assert f"\n| {floor} |" in card
    files = json.loads((bundle / "manifest.json").read_text())["files"]
    for picture in ("typical.png", "best.png", "worst.png", "curves.png"):
        assert f"]({picture})" in card
        assert picture in files


@EVERY
def test_it_continues_a_line(name: str) -> None:
    """A line that enters the hole on one side leaves it on the other."""
    size = SPECS[name].size
    pen, middle = max(1, round(size / 64)), size // 2
    drawing = np.zeros((size, size), np.float32)
    drawing[middle : middle + pen, size // 8 : -size // 8] = 1
    mask = np.zeros_like(drawing)
    mask[3 * size // 8 : 5 * size // 8, 3 * size // 8 : 5 * size // 8] = 1
    completed = zoo.load(f"sketch-zoo-models/{name}").complete(drawing * (1 - mask), mask)
    across = completed[:, 3 * size // 8 : 5 * size // 8]
    near = across[middle - 2 * pen : middle + 3 * pen]
    assert (near.max(axis=0) > 0.5).mean() > 0.9
    assert across.sum() < 1.5 * near.sum()
