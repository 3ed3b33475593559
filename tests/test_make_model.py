"""A shipped model is made from scratch by one command, which goes on where it was cut short."""

import json
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

import zoo
from zoo.bundles import find_bundle
from zoo.config import resolve
from zoo.evaluation.protocol import change, load_protocol
from zoo.evaluation.results import Row
from zoo.files import digest
from zoo.runs import open_run

SCRIPTS = Path(__file__).parents[1] / "benchmarks" / "models"
TINY = (
    "steps=2", "batch_size=2", "warmup=1", "eager=true", "jit=false", "bfloat16=false", "workers=0",
)  # fmt: skip
PICTURES = {"typical.png", "best.png", "worst.png", "curves.png"}

RECIPE = """
size = 16
steps = 1
batch_size = 2
workers = 0
eager = true
gen = "unet:depth=2,width=8"
disc = "none"
loss = ["ink_bce"]
"""


@pytest.fixture(scope="module", autouse=True)
def scripts() -> Iterator[None]:
    sys.path.insert(0, str(SCRIPTS))
    yield
    sys.path.remove(str(SCRIPTS))


def make(folder: Path, data: Path) -> Path:
    script: Any = import_module("make")
    place = script.Place(data, folder / "work", folder / "package")
    bundle: Path = script.make("fast-64", place, TINY, 9)
    return bundle


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    folder = tmp_path_factory.mktemp("models")
    (folder / "package").mkdir()
    (folder / "package" / "models.json").write_text("[]")
    make(folder, shared_data)
    return folder


def test_the_card_has_the_scores_of_the_bundle(folder: Path) -> None:
    bundle = folder / "package" / "bundles" / "fast-64"
    manifest = zoo.load(bundle).manifest
    card = (bundle / "card.md").read_text()
    (results,) = (folder / "work" / "results" / "P64+count=9").glob(
        "fast-64-*[0-9a-f]/summary.json"
    )
    said = json.loads(results.read_text())["means"]["ink_f1"]
    mean, low, high = (said[key] for key in ("mean", "low", "high"))
    assert f"| **fast-64** | {mean:.3f} ({low:.3f} to {high:.3f}) |" in card
    assert manifest.scores["P64+count=9"] == pytest.approx((mean, low, high), abs=1e-4)
    for words in (
        "\n| navier_stokes |",
        "steps: 2 of 2 + 2 of 2 + 2 of 2 drawings",
        "Commons Attribution\n4.0",
        "Of 8 completions of a drawing",
        f"{manifest.decoding.words}; chosen on validation drawings",
    ):
        assert words in card
    assert str(folder) not in card
    assert {path.name for path in bundle.glob("*.png")} == PICTURES
    assert manifest.files.keys() > PICTURES


def test_the_index_names_it(folder: Path) -> None:
    (entry,) = json.loads((folder / "package" / "models.json").read_text())
    assert (entry["name"], entry["size"], "fast" in entry["tags"]) == ("fast-64", 64, True)
    assert digest(folder / "package" / "bundles" / "fast-64" / "manifest.json") == entry["sha256"]


def test_started_again_it_keeps_what_is_done(folder: Path, shared_data: Path) -> None:
    def stamps() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in (folder / "work").glob("*/**/*.json*")}

    before, index = stamps(), (folder / "package" / "models.json").read_text()
    assert any(path.name == "metrics.jsonl" for path in before)
    make(folder, shared_data)
    drafts = folder / "work" / "drafts"
    assert {path for path, stamp in stamps().items() if stamp != before[path]} <= {
        *drafts.rglob("*")
    }
    assert (folder / "package" / "models.json").read_text() == index


def test_a_recipe_starts_from_a_shipped_model(
    tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe: Any = import_module("recipe")
    monkeypatch.setattr(recipe, "RECIPES", tmp_path)
    (tmp_path / "large").mkdir()
    about = 'summary = ""\ntags = []\nprotocols = []\nstory = ""\ninit = "fast-64"\n'
    (tmp_path / "large" / "about.toml").write_text(about)
    text = RECIPE.replace("unet:depth=2,width=8", "unet")
    for name, lr in (("1", 1e-4), ("2", 1e-5)):
        (tmp_path / "large" / f"{name}.toml").write_text(f"lr = {lr}\n{text}")
    large, work = recipe.load_recipe("large"), tmp_path / "work"
    runs = recipe.train_recipe(large, shared_data, work)
    assert [run.path.relative_to(work).as_posix() for run in runs] == ["large/1", "large/2"]
    starts = [run.config().settings.init for run in runs]
    assert starts == [str(find_bundle("fast-64").resolve()), str(runs[0].best)]
    assert [run.config().settings.lr for run in runs] == [1e-4, 1e-5]
    with pytest.raises(SystemExit, match=r"large/1 was made by another recipe: ema is .*, .* 0.5"):
        recipe.train_recipe(large, shared_data, work, ["ema=0.5"])


def test_beside_several_answers_stands_the_same_network_without_noise(
    folder: Path, shared_data: Path
) -> None:
    recipe, script = import_module("recipe"), cast(Any, import_module("diversity"))
    work = folder / "work"
    bundle = script.without_noise(recipe.load_recipe("fast-64"), shared_data, work, TINY)
    with_noise, alone = (
        open_run(work / name / "2").config() for name in ("fast-64", "fast-64-without-noise")
    )
    said = {part.id: part.table() | {"weight": part.keys.weight} for part in with_noise.loss}
    one_answer = {part.id: part.table() | {"weight": part.keys.weight} for part in alone.loss}
    assert said.pop("sketch-zoo-losses/modeseek")
    best = said.pop("sketch-zoo-losses/best_of_two")
    dice = one_answer.pop("sketch-zoo-losses/blurred_dice")
    assert (best["of"], dice["weight"]) == ("blurred_dice", best["weight"])
    assert one_answer == said
    assert alone.gen.table() == with_noise.gen.table() | {"noise": "none"}
    protocol = change(load_protocol("P64"), count=4)
    scores, apart = script.score(bundle, protocol, shared_data, 3)
    assert scores.shape == (4, 3)
    assert np.ptp(scores, axis=1).max() == apart == 0


def test_the_best_of_several_is_told_beside_their_mean() -> None:
    script: Any = import_module("diversity")
    model = np.tile(np.linspace(0.5, 0.7, 8), (3, 8))
    model[:, 60] = 0.9
    lines = script.report(model, 0.0123, np.full((3, 1), 0.61)).splitlines()
    assert lines[:4] == [
        "| one completion, mean of 8 | 0.600 | |",
        "| the best of 8 | 0.700 | +0.100 (+0.100 to +0.100) |",
        "| the best of 64 | 0.900 | +0.300 (+0.300 to +0.300) |",
        "| trained without noise | 0.610 | +0.010 (+0.010 to +0.010) |",
    ]
    assert "0.0123" in lines[-1]


def test_every_recipe_is_whole() -> None:
    recipe: Any = import_module("recipe")
    names = recipe.recipe_names()
    assert {"fast-64", "best-128", "best-256"} <= {*names}
    for name in names:
        about = recipe.load_recipe(name)
        assert about.trainings
        config = resolve(file=about.trainings[-1])
        assert config.settings.size == load_protocol(about.protocols[0]).size
        assert not about.init or about.init in names
        assert (SCRIPTS.parents[1] / "plugins" / config.gen.name).is_dir()


def test_which_drawings_are_shown() -> None:
    pictures: Any = import_module("pictures")
    rows = [Row(f"{i:02}", "", 0.1 + 0.01 * (i % 20), {"ink_f1": i / 100}) for i in range(100)]
    chosen = {kind: [row.key for row in rows] for kind, rows in pictures.choose_rows(rows).items()}
    assert chosen["worst"] == ["00", "01", "02", "03", "04", "05"]
    assert chosen["typical"] == ["47", "48", "49", "50", "51", "52"]
    # Hardly anything was hidden of 80 to 89.
    assert chosen["best"] == ["99", "98", "97", "96", "95", "94"]
    assert [row.key for row in pictures.choose_rows(rows[:95])["best"]][:6] == [
        "94", "93", "92", "91", "90", "79",
    ]  # fmt: skip
    assert all(len(shown) == 3 for shown in pictures.choose_rows(rows[:3]).values())
