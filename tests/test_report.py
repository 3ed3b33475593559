"""``zoo report``: one file that holds everything of real runs and asks the network for nothing."""

import base64
import io
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

import zoo
from zoo import registry
from zoo.cli import main
from zoo.evaluation.contestants import find_contestant
from zoo.evaluation.evaluate import evaluate_under
from zoo.report.judged import validation_protocol
from zoo.runs import open_run

TINY: dict[str, Any] = {
    "gen": "unet:depth=2,width=8",
    "disc": "none",
    "loss": ["ink_bce"],
    "size": 16,
    "batch_size": 2,
    "checkpoint_every": 2,
    "eager": True,
    "workers": 0,
}


class Page(HTMLParser):
    """Texts of the cells, pictures, and whatever would be fetched."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.pictures: dict[str, list[bytes]] = {}
        self.fetched: list[str] = []
        self.rows: list[list[str]] = []
        self._cell = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        source = given.get("src", given.get("href", ""))
        if source.startswith("data:image/"):
            data = base64.b64decode(source.partition(",")[2])
            self.pictures.setdefault(given["alt"], []).append(data)
        elif source or tag in ("script", "link", "iframe"):
            self.fetched.append(f"{tag} {source}")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._cell = True

    def handle_endtag(self, tag: str) -> None:
        self._cell = self._cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("runs")
    # A name that would break a page that does not escape it.
    one, two = folder / "a<b>&one", folder / "two"
    zoo.train(steps=4, out=one, **TINY)
    zoo.train(steps=2, lr=0.001, out=two, **TINY)
    return one, two


def report(*args: str | Path) -> Result:
    return CliRunner().invoke(main, ["-q", "report", *map(str, args)])


def test_a_run_alone(runs: tuple[Path, Path]) -> None:
    one, _ = runs
    said = report(one, "--drawings", "4")
    assert (said.exit_code, said.stdout) == (0, f"{one / 'report.html'}\n"), said.stderr
    page = Page(one / "report.html")
    assert page.fetched == []
    assert {"step 2", "step 4"} <= page.pictures.keys()
    for step in (2, 4):
        assert page.pictures[f"step {step}"] == [
            (one / "samples" / f"step-{step:06d}.png").read_bytes()
        ]
    assert len(page.pictures["curve"]) == 3  # ink_f1, hole_bce, ink_bce
    assert all(b"<svg" in curve for curve in page.pictures["curve"])
    (worst,) = page.pictures["the drawings that it completed worst"]
    assert Image.open(io.BytesIO(worst)).width > 600
    rows = {row[0]: row[1:] for row in page.rows}
    assert rows["state"] == ["finished"]
    assert rows["gen.depth"] == ["2"]
    assert rows["sketch-zoo"] == [zoo.__version__]
    gen = open_run(one).config().gen
    generator = registry.build("generator", gen.id, gen.options, (16, 16, 1))
    assert rows["generator's parameters"] == [f"{generator.count_params():,}"]


def test_scores_are_those_of_an_evaluation(runs: tuple[Path, Path], tmp_path: Path) -> None:
    one, _ = runs
    report(one, "--drawings", "4", "-o", tmp_path / "r.html")
    rows = {row[0]: row[1:] for row in Page(tmp_path / "r.html").rows}
    protocol = validation_protocol(open_run(one).config(), 4)
    for label, who in ((one.name, str(one)), ("telea", "telea"), ("nearest", "nearest")):
        place = tmp_path / who.strip("/").replace("/", "-")
        results = evaluate_under(protocol, find_contestant(who), out=place)
        assert rows[label][0] == f"{results.mean('ink_f1'):.3f}"


def test_two_runs_side_by_side(runs: tuple[Path, Path], tmp_path: Path) -> None:
    one, two = runs
    assert report(one, two, "--drawings", "0", "-o", tmp_path / "r.html").exit_code == 0
    text = (tmp_path / "r.html").read_text()
    page = Page(tmp_path / "r.html")
    assert ["", one.name, two.name] in page.rows
    assert ["steps", "4", "2"] in page.rows
    assert text.index("Where they differ") < text.index("<td>lr</td>") < text.index("Everything")
    assert text.index("Everything") < text.index("<td>flip</td>")
    assert "not measured: no drawings were asked for" in text
    assert len(page.pictures["curve"]) == 3


def test_what_is_missing_is_said(runs: tuple[Path, Path], tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    shutil.copy(runs[1] / "config.toml", bare)
    assert report(bare).exit_code == 0
    text = (bare / "report.html").read_text()
    assert "not measured: it has no model yet" in text
    assert "no samples yet" in text
    gone = tmp_path / "gone"
    shutil.copytree(runs[1], gone)
    config = (gone / "config.toml").read_text()
    (gone / "config.toml").write_text(
        config.replace('name = "sketch-zoo/doodles"', 'name = "sketch-zoo/folder"\npath = "away"')
    )
    assert report(gone).exit_code == 0
    assert "not measured: " in (gone / "report.html").read_text()


def test_wrong_use_is_told_in_a_line(runs: tuple[Path, Path], tmp_path: Path) -> None:
    twice = report(runs[0], runs[0], "--drawings", "0", "-o", tmp_path / "r.html")
    assert (twice.exit_code, twice.stderr) == (
        2,
        "Error: a run stands twice: name each once\n",
    )
    assert report(tmp_path).exit_code == 2
    assert not (tmp_path / "r.html").exists()
