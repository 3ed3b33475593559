"""Train and evaluate the rows of a comparison, one after another; what is finished is skipped.

    python -m benchmarks.ablation.run --data-root DATA [--only NAME …] [--minutes M]

From the root of the repository. Stop it in any way at any time and start it again: a row that was
cut short goes on from its last checkpoint. Two of these may run side by side, on rows of their own.
With --list nothing is run.
"""

import argparse
import fcntl
import json
import os
import resource
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.ablation.plan import Plan, Row, read_plan
from benchmarks.ablation.results import (
    TRUTH,
    Result,
    read_result,
    shown_cases,
    write_result,
    write_strip,
    write_truth,
)
from zoo.files import write_file

HERE = Path(__file__).parent
_DIVERGED = "loss term "


class FailedError(Exception):
    """A command of the zoo ended with an error."""


@dataclass(frozen=True)
class Runner:
    """Where things are.

    Attributes:
        plan: The rows.
        results: Folder of the JSON files.
        work: Folder of runs and evaluations.
        data_root: Folder that holds ``quickdraw``.
    """

    plan: Plan
    results: Path
    work: Path
    data_root: Path

    def result(self, row: Row, seed: int) -> Result | None:
        """What a row came to, or None if it is still to be run."""
        return read_result(self.results, row, seed)

    def folder(self, row: Row, seed: int) -> Path:
        """Where a row is worked on."""
        return self.work / f"{row.name}-{seed}"

    def run(self, row: Row, seed: int) -> bool:
        """Run a row from where it stands to its end.

        Returns:
            False if another process has it.

        Raises:
            FailedError: A command failed; the row can be tried again.
        """
        folder = self.folder(row, seed)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            if self.result(row, seed) is None:
                zoo = _Zoo(folder / "log.txt", lock.fileno())
                failed = _train(self, row, seed, zoo)
                summary, seconds = ({}, 0.0) if failed else _evaluate(self, row, seed, zoo)
                self._finish(row, seed, summary, seconds, failed)
        return True

    def _finish(
        self, row: Row, seed: int, summary: dict[str, Any], seconds: float, failed: str | None
    ) -> None:
        folder = self.folder(row, seed)
        cost = folder / "cost.jsonl"
        lines = cost.read_text().splitlines() if cost.is_file() else []
        spent = [json.loads(line) for line in lines]
        manifest = folder / row.name / "best" / "manifest.json"
        if summary and seed == 0:
            cases = shown_cases(self.plan.protocol, self.data_root)
            write_truth(self.results / TRUTH, cases)
            predictions = folder / "results" / "predictions"
            write_strip(self.results / f"{row.name}.png", cases, predictions)
        keys = ("protocol_hash", "holes", "zoo_version")
        result = Result(
            row=row.name,
            seed=seed,
            command=row.command(seed),
            steps=_status(folder / row.name)["steps"],
            best_step=json.loads(manifest.read_text())["step"] if summary else 0,
            cpu_seconds=round(sum(part["cpu_seconds"] for part in spent), 1),
            cpu_steps=sum(part["steps"] for part in spent),
            parameters=summary.get("parameters", 0),
            means={name: said["mean"] for name, said in summary.get("means", {}).items()},
            identity={key: summary[key] for key in keys if key in summary},
            evaluation_cpu_seconds=round(seconds, 1),
            failed=failed,
        )
        write_result(self.results, result)


@dataclass(frozen=True)
class _Zoo:
    """Runs commands of the zoo. They hold the row's lock, even if this process is killed."""

    log: Path
    lock: int

    def __call__(self, words: Sequence[str]) -> tuple[int, float]:
        """Run to the end; the exit status and the CPU seconds of all its processes."""
        before = _cpu_of_children()
        with self.log.open("a") as log:
            print("$ zoo", shlex.join(words), file=log, flush=True)
            done = subprocess.run(
                [sys.executable, "-m", "zoo", *words],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                pass_fds=(self.lock,),
            )
        return done.returncode, _cpu_of_children() - before

    def last_line(self) -> str:
        """The last that was said."""
        return self.log.read_text(errors="replace").strip().rpartition("\n")[2]


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _train(runner: Runner, row: Row, seed: int, zoo: _Zoo) -> str | None:
    """Train to the last step; why it could not if the losses blew up."""
    folder, command = runner.folder(row, seed), row.command(seed)
    run, cost, asked = folder / row.name, folder / "cost.jsonl", folder / "command.txt"
    if not asked.is_file() or asked.read_text() != command:
        for place in (run, folder / "results"):
            shutil.rmtree(place, ignore_errors=True)
        cost.unlink(missing_ok=True)
        write_file(asked, command)
    while (status := _status(run)).get("state") != "finished":
        words = ["resume", str(run)]
        if not status:
            shutil.rmtree(run, ignore_errors=True)
            data = str(runner.data_root.resolve())
            words = [*row.train(seed, data), "--out", str(run)]
        code, seconds = zoo(words)
        done = _status(run).get("step", 0) - status.get("step", 0)
        with cost.open("a") as lines:
            print(json.dumps({"steps": done, "cpu_seconds": seconds}), file=lines)
        said = zoo.last_line()
        if code and _DIVERGED in said:
            return said
        if code:
            raise FailedError(f"{row.name}, seed {seed}: {said} (see {zoo.log})")
    return None


def _status(run: Path) -> dict[str, Any]:
    """How far a run is; empty if it has not begun."""
    with suppress(OSError, ValueError):
        status: dict[str, Any] = json.loads((run / "status").read_text())
        return status
    return {}


def _evaluate(runner: Runner, row: Row, seed: int, zoo: _Zoo) -> tuple[dict[str, Any], float]:
    folder = runner.folder(row, seed)
    words = ["--quiet", "evaluate", str(folder / row.name), "--protocol", runner.plan.protocol]
    words += ["--data-root", str(runner.data_root), "--save-predictions"]
    words += ["--out", str(folder / "results")]
    for metric in row.metrics:
        words += ["--metric", metric]
    code, seconds = zoo(words)
    if code:
        raise FailedError(f"{row.name}, seed {seed}: {zoo.last_line()} (see {zoo.log})")
    summary: dict[str, Any] = json.loads((folder / "results" / "summary.json").read_text())
    return summary, seconds


def run_all(runner: Runner, only: Sequence[str], minutes: float | None) -> int:
    """Run what is not finished; start no row after so many minutes.

    Args:
        runner: What to run.
        only: Names of rows, in the order in which to run them; empty: all.
        minutes: None: until all are finished.

    Returns:
        How many rows failed.
    """
    begun, failures = time.monotonic(), 0
    places = {name: place for place, name in enumerate(only)}
    jobs = [job for job in runner.plan.jobs() if not only or job[0].name in places]
    for row, seed in sorted(jobs, key=lambda job: (job[1], places.get(job[0].name, 0))):
        if minutes is not None and time.monotonic() - begun >= 60 * minutes:
            break
        if runner.result(row, seed) is not None:
            continue
        try:
            mine = runner.run(row, seed)
        except FailedError as error:
            failures += 1
            print(error, file=sys.stderr, flush=True)
            continue
        result = runner.result(row, seed)
        print(_line(row, seed, result) if mine else f"{row.name} {seed}: runs elsewhere")
        sys.stdout.flush()
    return failures


def _line(row: Row, seed: int, result: Result | None) -> str:
    if result is None:
        return f"{row.name} {seed}: to be run"
    said = result.failed or f"ink_f1 {result.means.get('ink_f1', 0):.3f}"
    return f"{row.name} {seed}: {said}, {result.cpu_minutes or 0:.1f} CPU minutes"


def arguments(description: str | None) -> argparse.ArgumentParser:
    """The flags that every comparison has."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--data-root", type=Path, default=os.environ.get("ZOO_DATA"))
    parser.add_argument("--only", nargs="+", default=(), metavar="NAME", help="rows, in order")
    parser.add_argument("--minutes", type=float, help="start no row after so many minutes")
    parser.add_argument("--list", action="store_true", help="say how far each row is")
    return parser


def start(runner: Runner, given: argparse.Namespace) -> int:
    """Do what the flags say; the exit status."""
    if unknown := set(given.only) - set(runner.plan.rows):
        raise SystemExit(f"no row {min(unknown)}: {', '.join(runner.plan.rows)}")
    if given.list:
        for row, seed in runner.plan.jobs():
            print(_line(row, seed, runner.result(row, seed)))
        return 0
    if not runner.data_root.is_dir():
        raise SystemExit(f"--data-root {runner.data_root}: no such folder")
    return 1 if run_all(runner, given.only, given.minutes) else 0


def main() -> int:
    """The command."""
    parser = arguments(__doc__)
    parser.add_argument("--plan", type=Path, default=HERE / "rows.toml")
    parser.add_argument("--results", type=Path, default=Path("docs/results/ablation"))
    parser.add_argument("--work", type=Path, default=Path("runs/ablation"))
    given = parser.parse_args()
    root = Path(given.data_root or "../shared/data")
    return start(Runner(read_plan(given.plan), given.results, given.work, root), given)


if __name__ == "__main__":
    raise SystemExit(main())
