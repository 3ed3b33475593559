"""``zoo runs``: what is listed of real runs, and what is removed only when that was said."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import zoo
from zoo.cli import main
from zoo.runs import open_run

STEPS = 3


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """``runs`` with a finished run and, a folder further down, one that has just begun."""
    monkeypatch.chdir(tmp_path)
    zoo.train(
        gen="unet:depth=2,width=8",
        disc="none",
        loss=["ink_bce"],
        size=16,
        batch_size=2,
        steps=STEPS,
        checkpoint_every=2,
        eager=True,
        workers=0,
        out=Path("runs/001-one"),
    )
    other = Path("runs/old/002-two")
    other.mkdir(parents=True)
    (other / "config.toml").write_bytes(Path("runs/001-one/config.toml").read_bytes())
    open_run(other).write_status("running", 0, STEPS)
    (tmp_path / "runs" / "notes").mkdir()
    return tmp_path / "runs"


def run(*args: str, answer: str = "") -> Result:
    return CliRunner().invoke(main, ["runs", *args], input=answer)


def test_they_are_listed_with_their_scores_and_sizes(runs: Path) -> None:
    (one, two) = json.loads(run("--json").stdout)
    logged = [r for r in open_run(runs / "001-one").log_records() if "ink_f1" in r]
    assert one["best_score"] == max(record["ink_f1"] for record in logged)
    assert one["best_step"] in {record["step"] for record in logged}
    files = [path for path in (runs / "001-one").rglob("*") if path.is_file()]
    assert one["bytes"] >= sum(path.stat().st_size for path in files) > 10_000
    assert (one["path"], one["state"], one["step"], one["steps"]) == (
        "runs/001-one",
        "finished",
        STEPS,
        STEPS,
    )
    assert (two["path"], two["state"], two["best_score"]) == ("runs/old/002-two", "running", None)
    head, first, second = run().stdout.splitlines()
    assert head.split()[:3] == ["run", "state", "step"]
    assert first.split()[:4] == [
        "runs/001-one",
        "finished",
        f"{STEPS}/{STEPS}",
        f"{one['best_score']:.4f}",
    ]
    assert second.split()[:3] == ["runs/old/002-two", "running", f"0/{STEPS}"]


def test_a_damaged_run_is_listed_all_the_same(runs: Path) -> None:
    (runs / "001-one" / "status").write_text("{")
    (runs / "001-one" / "metrics.jsonl").write_text('{"step": 1}\nnot json\n[1]\n')
    one, two = json.loads(run("--json").stdout)
    assert (one["state"], one["best_score"], two["state"]) == ("damaged", None, "running")


def test_removing_asks_first(runs: Path) -> None:
    said = run("rm", "runs/001-one", answer="n\n")
    assert said.exit_code == 1
    assert "finished" in said.stderr
    assert (runs / "001-one" / "best" / "manifest.json").is_file()
    said = run("rm", "runs/001-one", answer="y\n")
    assert (said.exit_code, said.stdout) == (0, "removed runs/001-one\n")
    assert {path.name for path in runs.iterdir()} == {"old", "notes"}


def test_nothing_is_removed_where_one_is_no_run(runs: Path) -> None:
    said = run("rm", "--yes", "runs/001-one", "runs/notes")
    assert said.exit_code == 2
    assert said.stderr == "Error: runs/notes is not a run directory: it has no config.toml\n"
    assert (runs / "001-one").is_dir()
    assert run("rm", "--yes", "runs/001-one", "runs/old/002-two", "runs/001-one").exit_code == 0
    assert [*run("--json").stdout.split()] == ["[]"]


def test_wrong_use_is_told_in_a_line(runs: Path) -> None:
    assert "no such folder" in run("--in", "elsewhere").stderr
    (runs.parent / "empty").mkdir()
    assert run("--in", "empty").stdout.startswith("no runs in empty: start one: zoo train")
