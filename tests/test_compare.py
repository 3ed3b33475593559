"""``zoo compare``: differences drawing by drawing, and a sheet of the largest."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import zoo
from zoo.cli import main
from zoo.errors import DataError, UsageError
from zoo.evaluation.compare import compare, write_sheet
from zoo.evaluation.results import Results, read_results

SMALL: dict[str, Any] = {"size": 64, "count": 12, "split": "all"}


@pytest.fixture(scope="module")
def data(shared_data: Path) -> str:
    return f"quickdraw:path={shared_data / 'quickdraw' / 'airplane.ndjson.gz'}"


@pytest.fixture(scope="module")
def both(data: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, Results]:
    place = tmp_path_factory.mktemp("results")
    one, two = (
        zoo.evaluate(name, data=data, out=place / name, save_predictions=True, **SMALL)
        for name in ("telea", "full")
    )
    return one, two


def test_paired_differences(both: tuple[Results, Results]) -> None:
    one, two = both
    differences = {d.column: d for d in compare(one, two)}
    assert list(differences) == ["ink_f1", "chamfer", "hole_bce", "hole_l1", "ssim"]
    for column, d in differences.items():
        gaps = [
            a.values[column] - b.values[column] for a, b in zip(one.rows, two.rows, strict=True)
        ]
        assert d.mean == pytest.approx(np.mean(gaps))
        assert d.low <= d.mean <= d.high
        assert d.wins + d.ties + d.losses == len(gaps)
        better = sum(gap > 0 if d.higher_is_better else gap < 0 for gap in gaps)
        assert d.wins == better
    # All ink is far from the truth.
    assert differences["hole_l1"].wins == len(one.rows)
    for back in compare(two, one):
        d = differences[back.column]
        assert back.mean == pytest.approx(-d.mean)
        assert (back.wins, back.ties, back.losses) == (d.losses, d.ties, d.wins)
    for same in compare(one, one):
        assert (same.mean, same.low, same.high) == (0, 0, 0)
        assert same.ties == len(one.rows)


def test_the_sheet_shows_the_largest_differences(
    both: tuple[Results, Results], tmp_path: Path
) -> None:
    one, two = both
    write_sheet(tmp_path / "3.png", one, two, count=3)
    write_sheet(tmp_path / "1.png", one, two, count=1)
    three, single = (np.asarray(Image.open(tmp_path / name)) for name in ("3.png", "1.png"))
    assert three.shape[0] > single.shape[0]
    assert three.shape[1] > single.shape[1]
    # The first block of both is the drawing of the largest difference.
    height, width = (side - 18 for side in single.shape[:2])
    assert np.array_equal(three[:height, :width], single[:height, :width])
    # Its second panel has a tinted hole, and its last one, all ink, a black one.
    panel = (width - 18 - 3 * 6) // 4
    panels = [single[18 + 20 : height, 18 + k * (panel + 6) :][:, :panel] for k in range(4)]
    tint = np.array([255, 226, 190])
    hole = (panels[1] == tint).all(axis=-1)
    assert hole.any()
    assert not panels[3][hole].any()
    assert not (panels[0] == tint).all(axis=-1).any()


def test_the_command(
    both: tuple[Results, Results], tmp_path: Path, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = CliRunner()
    words = ["compare", *(str(results.path) for results in both)]
    monkeypatch.chdir(tmp_path)
    told = runner.invoke(main, words)
    assert told.exit_code == 0, told.output
    assert "telea minus full" in told.stdout
    assert "sheet: telea-full.png" in told.stdout
    assert Path("telea-full.png").exists()
    told = runner.invoke(main, [*words, "--json", "--data", data])
    assert json.loads(told.stdout)[0]["column"] == "ink_f1"
    bare = Path(shutil.copytree(both[0].path, "bare"))
    shutil.rmtree(bare / "predictions")
    told = runner.invoke(main, ["compare", "bare", str(both[1].path)])
    assert told.exit_code == 0
    assert "no sheet: bare has no predictions: evaluate again with --save-" in told.stderr
    told = runner.invoke(main, ["compare", "bare", str(both[1].path), "-o", "x.png"])
    assert told.exit_code == 2
    told = runner.invoke(main, ["compare", "nothing", "bare"])
    assert (told.exit_code, "nothing holds no results" in told.output) == (2, True)


def test_other_protocols_are_refused(
    both: tuple[Results, Results], data: str, tmp_path: Path
) -> None:
    other = zoo.evaluate("full", data=data, out=tmp_path / "o", **{**SMALL, "seed": 1})
    with pytest.raises(UsageError, match="different protocols"):
        compare(both[0], other)
    with pytest.raises(UsageError, match="different protocols"):
        write_sheet(tmp_path / "x.png", both[0], other)


def test_holes_that_have_changed_are_noticed(both: tuple[Results, Results], tmp_path: Path) -> None:
    """As they would with another version of the zoo."""
    copies = []
    for results in both:
        path = Path(shutil.copytree(results.path, tmp_path / results.name))
        table = path / "images.csv"
        head, *lines = table.read_text().splitlines()
        cells = [line.split(",") for line in lines]
        moved = [",".join([*c[:2], str(float(c[2]) / 2), *c[3:]]) for c in cells]
        table.write_text("\n".join([head, *moved]) + "\n")
        copies.append(read_results(path))
    with pytest.raises(DataError, match="has another hole by now"):
        write_sheet(tmp_path / "x.png", *copies)
