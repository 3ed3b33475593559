"""A plugin by somebody who knows only the documentation: installed, checked, trained, scored."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilder

SOURCE = Path(__file__).parents[1] / "stranger"
KINDS = {"generator", "discriminator", "loss", "mask", "source", "metric", "completer", "preset"}


@pytest.fixture(scope="module")
def environment(
    new_environment: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory
) -> Any:
    environment = new_environment()
    folder = tmp_path_factory.mktemp("stranger")
    (wheel,) = WheelBuilder(str(SOURCE)).build(directory=str(folder))
    environment.install(Path(wheel))
    return environment


def test_every_kind_is_listed(environment: Any) -> None:
    listed = json.loads(environment.zoo("list", "--json", ZOO_STRICT="1").stdout)
    assert {c["kind"] for c in listed if c["plugin"].startswith("zoo-stranger:")} == KINDS


def test_it_conforms(environment: Any) -> None:
    done = environment.zoo("check", "zoo-stranger", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads(done.stdout)
    assert {r["kind"] for r in results} == KINDS - {"preset"}
    assert {r["outcome"] for r in results} <= {"passed", "skipped"}


def test_it_trains_and_is_scored_beside_its_own_floor(environment: Any) -> None:
    done = environment.zoo(
        "train", "--preset", "stranger", "-o", "run", "--eager", "--workers", "0",
        enable=("losses",),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    log = [json.loads(line) for line in (environment.root / "run" / "metrics.jsonl").open()]
    assert {"g/edges", "g/restless", "g/bce", "d/bce"} <= log[0].keys()
    for who in ("run", "average"):
        done = environment.zoo(
            "evaluate", who, "--data", "spirals", "--split", "all", "--count", "20", "--size", "32",
            "--mask", "stripe", "--metric", "overlap",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "overlap" in done.stdout


def test_its_command_runs_beside_the_built_in_ones(environment: Any) -> None:
    assert environment.zoo("count", "mask").stdout.strip().isdigit()
    done = environment.zoo("count", "masks")
    assert done.returncode == 2
    assert done.stderr.startswith('Error: no kind "masks": choose one of ')
