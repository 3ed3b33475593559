"""The leaderboard's pages: every generator is on it, and both say what was measured."""

import csv
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from zoo.registry import list_components

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def board() -> Iterator[ModuleType]:
    """``benchmarks/leaderboard.py``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        from benchmarks import leaderboard

        yield leaderboard


def test_every_generator_is_on_it_with_equal_steps(board: ModuleType) -> None:
    rows = board.read_plan(board.PLAN).rows
    ours = [c for c in list_components("generator") if c.plugin.dist.startswith("sketch-zoo-")]
    assert ours
    for component in ours:
        assert rows[component.spec.name].adds == ("--gen", component.spec.name)
    assert len({row.base for row in rows.values()}) == 1


def test_the_pages_are_what_the_results_say(board: ModuleType) -> None:
    page = (ROOT / "docs" / "leaderboard.md").read_text(encoding="utf-8")
    assert page == board.leaderboard_page(board.read_plan(board.PLAN), board.RESULTS)
    choice = (ROOT / "docs" / "choose.md").read_text(encoding="utf-8")
    entries = board.read_entries(board.RESULTS / "leaderboard.csv")
    assert choice == board.choose_page(entries), "run python -m benchmarks.leaderboard --pages"


def test_the_choice_is_drawn_from_the_scores(board: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "leaderboard.csv"
    columns = ["name", "kind", "ink_f1", board.COST, "parameters", "images_per_s", "below_full"]
    rows = [
        ("slow", "model", 0.7, 60, 10, 5, False),
        ("good", "model", 0.6, 20, 10, 5, False),
        ("worse", "model", 0.5, 30, 10, 5, False),
        ("full", "floor", 0.4, "", 0, 5, False),
        ("bad", "model", 0.3, 10, 10, 5, True),
    ]
    with file.open("w") as stream:
        csv.writer(stream).writerows([columns, *rows])
    entries = board.read_entries(file)
    assert [entry.name for entry in entries] == ["slow", "good", "worse", "bad"]
    page = board.choose_page(entries)
    verdicts = {
        line.split("|")[1].strip(" `"): line.split("|")[-2].strip()
        for line in page.splitlines()
        if line.startswith("| `")
    }
    assert verdicts["slow"] == verdicts["good"] == "nothing is better and cheaper"
    assert verdicts["worse"] == "`good` is better and cheaper"
    assert verdicts["bad"] == "worse than filling the hole with ink"
    assert "`slow` scores best, 0.700 for 60 CPU minutes" in page
