"""``sketch-zoo-models`` as a user has it: a wheel in a clean environment."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hatchling.builders.wheel import WheelBuilder

from zoo.bundles import publish_bundle, write_bundle
from zoo.config import resolve
from zoo.files import digest
from zoo.quiet import import_tensorflow

SOURCE = Path(__file__).parents[2] / "plugins" / "models"
ENABLED = ("models", "shuffle")


@pytest.fixture(scope="module")
def environment(
    new_environment: Callable[[], Any], tmp_path_factory: pytest.TempPathFactory
) -> Any:
    """The package with one more bundle, untrained, installed."""
    import_tensorflow()
    from zoo.training.state import build_generator

    folder = tmp_path_factory.mktemp("models")
    package = Path(shutil.copytree(SOURCE, folder / "source")) / "zoo_models"
    config = resolve({"size": 32, "gen": "shuffle:width=8", "disc": "none"})
    write_bundle(folder / "best", build_generator(config), config.gen, 32, 1, "# tiny-32\n")
    bundle = package / "bundles" / "tiny-32"
    publish_bundle(
        folder / "best", bundle, {"worst.png": b"picture"}, scores={"P32": (0.5, 0.4, 1)}
    )
    models = json.loads((package / "models.json").read_text())
    entry = {"name": "tiny-32", "summary": "Untrained", "size": 32, "tags": ["tiny"]}
    models.append({**entry, "sha256": digest(bundle / "manifest.json")})
    (package / "models.json").write_text(json.dumps(models))
    (wheel,) = WheelBuilder(str(folder / "source")).build(directory=str(folder))
    environment = new_environment()
    environment.install(Path(wheel))
    return environment


def test_it_is_listed_without_reading_a_bundle(environment: Any) -> None:
    done = environment.zoo("list", "models", "--json", enable=ENABLED, ZOO_STRICT="1")
    assert done.returncode == 0, done.stderr
    listed = {model["name"]: model for model in json.loads(done.stdout)}
    shipped = json.loads((SOURCE / "zoo_models" / "models.json").read_text())
    assert {*listed} == {"tiny-32", *(model["name"] for model in shipped)}
    assert listed["tiny-32"]["id"] == "sketch-zoo-models/tiny-32"
    assert listed["tiny-32"]["tags"] == ["tiny"]


def test_info_says_the_essentials(environment: Any) -> None:
    text = environment.zoo("info", "tiny-32", enable=ENABLED).stdout
    for words in (
        "sketch-zoo-shuffle/shuffle",
        "width=8",
        "P32=0.5",
        "ink from 0.5 on",
        "# tiny-32",
    ):
        assert words in text
    data = json.loads(environment.zoo("info", "tiny-32", "--json", enable=ENABLED).stdout)
    assert data["bundle"]["parameters"] > 1000
    assert data["card"] == "# tiny-32\n"


def test_it_completes_a_drawing(environment: Any) -> None:
    drawing = np.full((40, 60, 3), 255, np.uint8)
    drawing[18:20] = 0
    cv2.imwrite(str(environment.root / "sketch.png"), drawing)
    words = (
        "complete",
        "sketch.png",
        "--hole",
        "20,10,20,20",
        "--model",
        "tiny-32",
        "-o",
        "done.png",
    )
    done = environment.zoo(*words, enable=ENABLED)
    assert done.returncode == 0, done.stderr
    completed = cv2.imread(str(environment.root / "done.png"))
    assert (completed[:, :20] == drawing[:, :20]).all()


@pytest.mark.parametrize("name", ["manifest.json", "generator.weights.h5", "worst.png"])
def test_a_changed_file_is_an_error_of_one_line(environment: Any, name: str) -> None:
    file = environment.packages / "zoo_models" / "bundles" / "tiny-32" / name
    before = file.read_bytes()
    file.write_bytes(before.replace(before[-4:], b"evil"))
    try:
        for words in (("info", "tiny-32"), ("evaluate", "tiny-32", "--data", "doodles:count=9")):
            done = environment.zoo(*words, enable=ENABLED)
            assert done.returncode == 1, words
            (line,) = done.stderr.splitlines()
            assert f"{name} is damaged" in line
            assert "sha256 is not" in line
    finally:
        file.write_bytes(before)


def test_without_its_generator_the_error_says_what_to_install(environment: Any) -> None:
    done = environment.zoo("evaluate", "tiny-32", "--data", "doodles:count=9", enable=("models",))
    assert done.returncode != 0
    assert "sketch-zoo-shuffle" in done.stderr.splitlines()[-1]
