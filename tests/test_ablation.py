"""The ablation: rows go on where they were killed, and the page says what the results say."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from zoo.cli.train import command as train_command
from zoo.config import RunConfig, resolve
from zoo.evaluation.protocol import load_protocol

ROOT = Path(__file__).parents[1]
PLAN = """
protocol = "PROTOCOL"
three = ["plain"]

[base]
small = '''
--gen shuffle:width=8,width_max=8,depth=1,blend=1,norm=none --disc none --size 32
--batch-size 4 --steps STEPS --checkpoint-every EVERY --workers 0 --no-jit'''

[[group]]
title = "Small"
about = "Nothing is learnt in so few steps."
base = "small"
against = "plain"
[group.rows]
plain = ""
l1 = "--loss l1"
hot = "--loss ink_bce:weight=1e38 --lr 1"
"""


@pytest.fixture(scope="module")
def made() -> Iterator[SimpleNamespace]:
    """The modules of ``benchmarks/ablation``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT)
        from benchmarks.ablation import page, plan, results, run, scores

        yield SimpleNamespace(page=page, plan=plan, results=results, run=run, scores=scores)


@pytest.fixture(scope="module")
def the_plan(made: SimpleNamespace) -> Any:
    return made.plan.read_plan(ROOT / "benchmarks" / "ablation" / "rows.toml")


def write_plan(folder: Path, protocol: str = "P64", steps: int = 4, every: int = 2) -> Path:
    path, text = folder / "rows.toml", PLAN.replace("PROTOCOL", protocol)
    path.write_text(text.replace("STEPS", str(steps)).replace("EVERY", str(every)))
    return path


def result(made: SimpleNamespace, row: Any, seed: int, score: float, **changes: Any) -> Any:
    values = {
        "row": row.name,
        "seed": seed,
        "command": row.command(seed),
        "steps": 4,
        "best_step": 2,
        "cpu_seconds": 30.0,
        "cpu_steps": 4,
        "parameters": 1000,
        "means": dict.fromkeys(made.page._COLUMNS, 0.5) | {"ink_f1": score},
        "identity": {},
    }
    return made.results.Result(**{**values, **changes})


def config_of(row: Any, data: Path | str = "DATA") -> RunConfig:
    """What the command of a row trains with seed 2."""
    words = row.train(2, str(data))[1:]
    # A command keeps the names of its help flag from its first context: those of the program.
    names = ["-h", "--help"]
    with train_command.make_context("train", words, help_option_names=names) as context:
        flags = {k: v for k, v in context.params.items() if v not in (None, ())}
    flags = {k: list(v) if isinstance(v, tuple) else v for k, v in flags.items()}
    preset, file, edits = (flags.pop(k, None) for k in ("preset", "config", "edits"))
    flags.pop("dry_run")
    return resolve(flags, preset=preset, file=file, edits=edits or ())


def test_every_row_is_a_run_of_equal_steps(the_plan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    protocol = load_protocol(the_plan.protocol)
    seen = set()
    for name, row in the_plan.rows.items():
        config = config_of(row)
        settings = config.settings
        assert settings.steps == (160 if name == "as-published" else 2000), name
        assert (settings.size, settings.batch_size, settings.seed) == (protocol.size, 16, 2), name
        for part in config.mask:
            for key, value in protocol.mask[part.id].items():
                assert part.table()[key] == pytest.approx(value, abs=1e-4), (name, part.id, key)
        seen.add(config.to_toml())
    assert len(seen) == len(the_plan.rows), "two rows train the same"


def test_repaired_has_every_repair(the_plan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    rows = the_plan.rows
    repairs = ("fillrate-on-output", "context-of-ink", "composited", "noise-to-the-middle")
    alone = [word for name in repairs for word in rows[name].adds]
    assert sorted(alone) == sorted(rows["repaired"].adds)
    taught, repaired = config_of(rows["repaired-ink_bce"]), config_of(rows["repaired"])
    assert (taught.gen, taught.disc) == (repaired.gen, repaired.disc)
    assert taught.settings == repaired.settings
    added = set(taught.loss) ^ set(repaired.loss)
    assert {part.name for part in added} == {"ink_bce"}


def test_all_rows_come_once_before_any_comes_again(made: SimpleNamespace, tmp_path: Path) -> None:
    plan = made.plan.read_plan(write_plan(tmp_path))
    jobs = [(row.name, seed) for row, seed in plan.jobs()]
    assert jobs == [("plain", 0), ("l1", 0), ("hot", 0), ("plain", 1), ("plain", 2)]
    (tmp_path / "rows.toml").write_text(PLAN.replace('three = ["plain"]', 'three = ["plane"]'))
    with pytest.raises(ValueError, match="no row plane"):
        made.plan.read_plan(tmp_path / "rows.toml")


def test_the_page_says_what_the_results_say(made: SimpleNamespace, tmp_path: Path) -> None:
    plan = made.plan.read_plan(write_plan(tmp_path))
    plain, hot = plan.rows["plain"], plan.rows["hot"]
    results = tmp_path / "results"
    text = "{l1 - plain} of {plain}, {plain:recall}, {floor:full}"

    def render() -> str:
        page: str = made.page.render(plan, results, text, tmp_path / "page.md")
        return page

    assert render().count("*not run yet*") >= 5
    for seed, score in enumerate((0.5, 0.6, 0.7)):
        made.results.write_result(results, result(made, plain, seed, score))
    made.results.write_result(results, result(made, plan.rows["l1"], 0, 0.4))
    blown = result(made, hot, 0, 0.0, means={}, cpu_steps=0, failed="loss term became nan")
    made.results.write_result(results, blown)
    page = render()
    # 2 * sqrt(0.1² / 3 + 0.1² / 1): the spread is of the three seeds of the same base.
    assert "−0.200 ± 0.231 of 0.600 ± 0.100, 0.500 ± 0.000, 0.439" in page
    (line,) = [line for line in page.splitlines() if line.startswith("| l1 |")]
    assert "−0.200 ± 0.231 (plain)" in line
    assert "| 1/1 |" in line
    assert "| 0.5 |" in line
    assert "loss term became nan" in page
    with pytest.raises(ValueError, match="no row plainer"):
        made.page.render(plan, results, "{plainer}", tmp_path / "page.md")


def test_results_of_another_command_do_not_count(made: SimpleNamespace, tmp_path: Path) -> None:
    row = made.plan.read_plan(write_plan(tmp_path)).rows["plain"]
    made.results.write_result(tmp_path, result(made, row, 0, 0.5))
    assert made.results.read_result(tmp_path, row, 0).means["ink_f1"] == 0.5
    other = made.plan.read_plan(write_plan(tmp_path, steps=6)).rows["plain"]
    assert made.results.read_result(tmp_path, other, 0) is None


def test_what_was_killed_counts_for_the_steps_that_it_lost(made: SimpleNamespace) -> None:
    row = SimpleNamespace(name="x", command=lambda seed: "")
    whole = result(made, row, 0, 0.5)
    assert whole.cpu_minutes == 0.5
    assert result(made, row, 0, 0.5, cpu_steps=1).cpu_minutes == 2.0
    assert result(made, row, 0, 0.5, cpu_steps=0).cpu_minutes is None


def test_the_page_is_what_the_results_say(made: SimpleNamespace) -> None:
    page = (ROOT / "docs" / "ablation.md").read_text(encoding="utf-8")
    assert page == made.page.ablation(), "run python -m benchmarks.ablation.page"


@pytest.fixture(scope="module")
def world(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of few drawings, and a protocol of few of them."""
    import gzip

    folder = tmp_path_factory.mktemp("world")
    (folder / "quickdraw").mkdir()
    with gzip.open(shared_data / "quickdraw" / "cat.ndjson.gz", "rt") as lines:
        few = [line for line, _ in zip(lines, range(60), strict=False)]
    (folder / "quickdraw" / "cat.ndjson").write_text("".join(few))
    protocol = (ROOT / "zoo" / "evaluation" / "protocols" / "P64.toml").read_text()
    for old, new in (("P64", "few"), ("count = 1000", "count = 4"), ("size = 64", "size = 32")):
        protocol = protocol.replace(old, new)
    kept = [line for line in protocol.splitlines() if not line.startswith("drawings")]
    (folder / "few.toml").write_text("\n".join(kept))
    return folder


def runner(world: Path, plan: Path, place: Path, *words: str) -> list[str]:
    return [
        *(sys.executable, "-m", "benchmarks.ablation.run", "--plan", str(plan)),
        *("--data-root", str(world), "--work", str(place / "work")),
        *("--results", str(place / "results"), *words),
    ]


def run(words: list[str]) -> str:
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_killed_row_goes_on(made: SimpleNamespace, world: Path, tmp_path: Path) -> None:
    plan = write_plan(tmp_path, str(world / "few.toml"), steps=600, every=20)
    plan.write_text(plan.read_text().replace('three = ["plain"]', ""))
    words = runner(world, plan, tmp_path / "killed", "--only", "plain")
    process = subprocess.Popen(words, cwd=ROOT, start_new_session=True)
    folder = tmp_path / "killed" / "work" / "plain-0"
    deadline = time.monotonic() + 120
    while not any((folder / "plain" / "checkpoints").glob("*/*")):
        assert time.monotonic() < deadline, "no checkpoint"
        time.sleep(0.05)
    # Training outlives the runner, and nobody else begins it.
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert "runs elsewhere" in run(words)
    os.killpg(process.pid, signal.SIGKILL)
    step = json.loads((folder / "plain" / "status").read_text())["step"]
    assert 0 < step < 600
    run(words)
    assert "$ zoo resume" in (folder / "log.txt").read_text()
    run(runner(world, plan, tmp_path / "whole", "--only", "plain"))
    row = made.plan.read_plan(plan).rows["plain"]
    results = [
        made.results.read_result(tmp_path / name / "results", row, 0)
        for name in ("killed", "whole")
    ]
    assert results[0].means == results[1].means
    assert results[0].best_step == results[1].best_step
    assert results[0].cpu_steps == 600 - step
    assert results[1].cpu_steps == 600
    assert results[1].cpu_minutes > 0
    strips = [tmp_path / name / "results" / "plain.png" for name in ("killed", "whole")]
    assert strips[0].read_bytes() == strips[1].read_bytes()
    assert Image.open(strips[0]).height == 32
    # What is finished is not run again.
    before = (folder / "log.txt").read_text()
    assert run(words) == ""
    assert (folder / "log.txt").read_text() == before


@pytest.mark.slow
def test_a_row_that_blows_up_is_a_result(
    made: SimpleNamespace, world: Path, tmp_path: Path
) -> None:
    plan = write_plan(tmp_path, str(world / "few.toml"))
    words = runner(world, plan, tmp_path, "--only", "hot", "l1")
    told = run(words).splitlines()
    assert "loss term" in told[0]
    assert told[1].startswith("l1 0: ink_f1")
    assert run(words) == ""
    rows = made.plan.read_plan(plan).rows
    assert made.results.read_result(tmp_path / "results", rows["hot"], 0).failed
    assert (tmp_path / "results" / "l1.png").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("file", ["ablation/rows.toml", "leaderboard.toml"])
def test_every_row_trains(
    made: SimpleNamespace, file: str, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step of each, with all terms that ever count: none dies after hours."""
    import keras

    from zoo.training.run import open_source
    from zoo.training.setup import make_trainer

    monkeypatch.chdir(ROOT)
    for name, row in made.plan.read_plan(ROOT / "benchmarks" / file).rows.items():
        config = config_of(row, world).with_settings(batch_size=2, eager=True, workers=0)
        last = config.settings.steps - 1
        trainer = make_trainer(config, open_source(config))
        weights = {t.label: t.weight_at(last - last % t.keys.every) for t in trainer.terms}
        values = trainer.step(trainer.train.batch(0), weights, 1.0, 0.9)
        assert set(values) == {t.label for t in trainer.terms}, name
        assert all(np.isfinite(float(value)) for value in values.values()), name
        keras.backend.clear_session()
