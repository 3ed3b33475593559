"""``zoo report``: gather what runs left behind, measure their models, write the page."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from zoo.bundles import parameters_of
from zoo.errors import RunError, UsageError, ZooError
from zoo.files import write_file
from zoo.report.curves import curve_names, draw_curve
from zoo.report.judged import Judged, judge_run
from zoo.report.page import Column, make_page
from zoo.run_summary import summarise_run
from zoo.runs import Run

# Pictures through time: the first, the last, and some between.
_SAMPLES = 8


def write_report(runs: Sequence[Run], path: Path, count: int, *, quiet: bool) -> None:
    """Write a self-contained HTML file about some runs.

    Args:
        runs: At least one.
        path: The file.
        count: Validation drawings on which models and floors are measured; 0: none.
        quiet: Show no progress.

    Raises:
        UsageError: A run stands twice.
        RunError: The file cannot be written.
    """
    labels = _labels(runs)
    logs = {label: run.log_records() for label, run in labels.items()}
    with TemporaryDirectory() as folder:
        columns = [
            _column(label, run, _judge(run, count, Path(folder) / str(number), quiet=quiet))
            for number, (label, run) in enumerate(labels.items())
        ]
    curves = [draw_curve(name, logs) for name in curve_names([*logs.values()])]
    try:
        write_file(path, make_page(columns, curves))
    except OSError as error:
        raise RunError(f"{path}: cannot be written: {error.strerror or error}") from None


def _labels(runs: Sequence[Run]) -> dict[str, Run]:
    """The runs by the shortest ends of their paths that tell them apart."""
    parts = [run.path.resolve().parts for run in runs]
    if len({*parts}) < len(parts):
        raise UsageError("a run stands twice: name each once")
    for length in range(1, max(map(len, parts)) + 1):
        labels = ["/".join(path[-length:]) for path in parts]
        if len({*labels}) == len(labels):
            break
    return dict(zip(labels, runs, strict=True))


def _judge(run: Run, count: int, folder: Path, *, quiet: bool) -> Judged | str:
    if not count:
        return "not measured: no drawings were asked for"
    if not (run.best / "manifest.json").is_file():
        return "not measured: it has no model yet"
    try:
        return judge_run(run, count, folder, quiet=quiet)
    except ZooError as error:
        return f"not measured: {error}"


def _column(label: str, run: Run, judged: Judged | str) -> Column:
    return Column(
        label,
        _facts(run),
        dict(_flat(_read_toml(run.path / "config.toml"))),
        _versions(run.path / "plugins.txt"),
        _samples(run),
        judged,
    )


def _facts(run: Run) -> dict[str, str]:
    summary = summarise_run(run)
    facts = {"state": summary.state, "step": f"{summary.step} of {summary.steps}"}
    if summary.best_score is not None:
        facts["best validation ink_f1"] = f"{summary.best_score:.4f} at step {summary.best_step}"
    speeds = [r["images_per_s"] for r in run.log_records() if "images_per_s" in r]
    if speeds:
        facts["images/s, median"] = f"{sorted(speeds)[len(speeds) // 2]:.1f}"
    if (run.best / "manifest.json").is_file():
        facts["generator's parameters"] = f"{parameters_of(run.best):,}"
    return facts | {"on disk": f"{summary.bytes / 1e6:,.1f} MB"}


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RunError(f"{path}: is damaged: {error}") from None


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(value)


def _versions(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return dict(line.split(maxsplit=1) for line in lines if " " in line)


def _samples(run: Run) -> dict[int, bytes]:
    found = {
        int(match[1]): path
        for path in sorted(run.samples.glob("step-*.png"))
        if (match := re.fullmatch(r"step-(\d+)\.png", path.name))
    }
    steps = sorted(found)
    last = len(steps) - 1
    places = range(min(_SAMPLES, len(steps)))
    chosen = {steps[round(i * last / max(1, len(places) - 1))] for i in places}
    return {step: found[step].read_bytes() for step in sorted(chosen)}
