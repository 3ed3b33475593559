"""``zoo leaderboard``: only what is comparable, floors always among it."""

import csv
import json
import shutil
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from matplotlib.text import Text
from PIL import Image

import zoo
from zoo.cli import main
from zoo.evaluation.chart import chart
from zoo.evaluation.contestants import floors
from zoo.evaluation.leaderboard import rank as rank_results
from zoo.evaluation.results import read_results

SMALL: dict[str, Any] = {"size": 64, "count": 12, "split": "all"}


@pytest.fixture(scope="module")
def data(shared_data: Path) -> str:
    return f"quickdraw:path={shared_data / 'quickdraw' / 'airplane.ndjson.gz'}"


@pytest.fixture(scope="module")
def measured(data: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a floor and of a made-up model, which are the full floor's."""
    place = tmp_path_factory.mktemp("results")
    zoo.evaluate("telea", data=data, out=place / "telea", **SMALL)
    zoo.evaluate("full", data=data, out=place / "mine", save_predictions=True, **SMALL)
    edit(place / "mine", name="mine", kind="model", id="x", parameters=1_200_000)
    return place


@pytest.fixture
def results(measured: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(measured, tmp_path / "results"))


def edit(results: Path, **changes: Any) -> None:
    file = results / "summary.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def rank(*words: object) -> Result:
    return CliRunner().invoke(main, ["leaderboard", *map(str, words), "-o", "board"])


def test_a_leaderboard_has_every_floor(results: Path) -> None:
    told = rank(results)
    assert told.exit_code == 0, told.output
    with Path("board/leaderboard.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert {row["name"] for row in rows} == {"mine", *floors()}
    assert [row["rank"] for row in rows] == [str(i + 1) for i in range(len(rows))]
    scores = [float(row["ink_f1"]) for row in rows]
    assert scores == sorted(scores, reverse=True)
    for row in rows:
        assert float(row["ink_f1_low"]) <= float(row["ink_f1"]) <= float(row["ink_f1_high"])
        folder = results / row["name"]
        made = read_results(folder if folder.exists() else Path("board/floors") / row["name"])
        assert float(row["ink_f1"]) == made.mean("ink_f1")
        assert int(row["parameters"]) == made.summary["parameters"]
    page = Path("board/leaderboard.md").read_text()
    lines = [line for line in page.splitlines() if line.startswith("|")]
    assert len(lines) == 2 + len(rows)
    assert len({line.count("|") for line in lines}) == 1
    assert "| *blank* † |" in page
    assert "| mine |" in page
    assert "chamfer ↓" in page
    picture = Image.open("board/leaderboard.png")
    assert picture.size[0] >= 1000
    assert len(set(picture.convert("L").resize((200, 100)).tobytes())) > 10
    # A second time floors are read, not evaluated.
    before = Path("board/floors/blank/summary.json").stat().st_mtime_ns
    again = rank(results, "--json")
    assert Path("board/floors/blank/summary.json").stat().st_mtime_ns == before
    assert [row["name"] for row in json.loads(again.stdout)] == [row["name"] for row in rows]


def test_rows_below_full_are_marked_and_columns_added(results: Path) -> None:
    Path("costs.json").write_text(json.dumps({"mine": {"CPU min": 2.5, "steps": 4}}))
    told = rank(results, "--extra", "costs.json")
    assert told.exit_code == 0, told.output
    with Path("board/leaderboard.csv").open() as stream:
        rows = {row["name"]: row for row in csv.DictReader(stream)}
    full = float(rows["full"]["ink_f1"])
    below = {name for name, row in rows.items() if float(row["ink_f1"]) < full}
    assert "blank" in below
    assert {name for name, row in rows.items() if row["below_full"] == "True"} == below
    assert (rows["mine"]["CPU min"], rows["blank"]["CPU min"]) == ("2.5", "")
    page = Path("board/leaderboard.md").read_text()
    lines = [line for line in page.splitlines() if line.startswith("|")]
    assert {line.split("|")[2].strip(" *†") for line in lines if "†" in line} == below
    (mine,) = [line for line in lines if "| mine |" in line]
    assert mine.endswith("| 2.5 | 4 |")
    assert "† below `full`" in page
    assert "† below full" in told.stdout
    Path("costs.json").write_text('["mine"]')
    told = rank(results, "--extra", "costs.json")
    assert told.exit_code == 2
    assert "costs.json: not {" in told.output


def test_names_of_near_points_do_not_cover_each_other(results: Path) -> None:
    near = []
    for number in range(6):
        folder = Path(shutil.copytree(results / "mine", results / f"near-{number}"))
        edit(folder, name=f"near-{number}", parameters=1_200_000 + number)
        near.append(read_results(folder))
    drawn = chart(rank_results(near))
    drawn.draw_without_rendering()
    names = [text for axes in drawn.axes for text in axes.texts]
    assert len(names) == 2 * len(near)
    boxes = [Text.get_window_extent(name) for name in names]
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)


def test_other_protocols_and_holes_are_not_mixed(results: Path, data: str) -> None:
    zoo.evaluate("blank", data=data, out=results / "other", **{**SMALL, "count": 11})
    told = rank(results)
    assert told.exit_code == 2
    (line,) = told.output.splitlines()
    assert "measured under different protocols" in line
    assert str(results / "other") in line
    shutil.rmtree(results / "other")
    edit(results / "mine", holes="0" * 64)
    told = rank(results)
    assert told.exit_code == 2
    assert "measured on different holes" in told.output
    assert not Path("board").exists()


def test_floors_that_cannot_be_evaluated_are_named(results: Path) -> None:
    protocol = json.loads((results / "mine" / "summary.json").read_text())["protocol"]
    protocol["data"]["path"] = "quickdraw"
    for name in ("mine", "telea"):
        edit(results / name, protocol=protocol)
    told = CliRunner().invoke(
        main, ["leaderboard", str(results), "-o", "board"], env={"ZOO_DATA": ""}
    )
    assert told.exit_code == 0
    missing = [line for line in told.stderr.splitlines() if "is missing" in line]
    assert len(missing) == len(floors()) - 1
    assert all("zoo evaluate" in line and "--data-root" in line for line in missing)
    assert "mine" in told.stdout


def test_what_is_no_result(results: Path) -> None:
    told = rank(results / "mine" / "predictions")
    assert told.exit_code == 2
    assert "holds no results" in told.output
    (results / "mine" / "summary.json").write_text("{}")
    told = rank(results)
    assert told.exit_code == 1
    assert "mine: damaged results" in told.output
