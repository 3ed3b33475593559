"""What a user sees of a training: a bar on a terminal, lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

# Called after every log interval with the step and its record.
Report = Callable[[int, Mapping[str, Any]], None]

_SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def progress(first: int, steps: int, *, quiet: bool) -> Iterator[Report]:
    """Show progress from step ``first`` to ``steps`` on stderr."""
    if quiet:
        yield lambda step, record: None
    elif sys.stderr.isatty():
        with _bar(first, steps) as report:
            yield report
    else:
        yield _lines(first, steps)


@contextmanager
def _bar(first: int, steps: int) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn as TimeLeft,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.fields[losses]}"),
        TimeLeft(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("compiling", total=steps, completed=first, losses="")

        def report(step: int, record: Mapping[str, Any]) -> None:
            bar.update(task, description="training", completed=step, losses=summary(record))

        yield report


def _lines(first: int, steps: int) -> Report:
    started, last = time.monotonic(), 0.0
    print(f"step {first}/{steps}: compiling", file=sys.stderr)

    def report(step: int, record: Mapping[str, Any]) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _SECONDS_BETWEEN_LINES and step < steps:
            return
        last = now
        left = (now - started) / max(1, step - first) * (steps - step)
        minutes, seconds = divmod(round(left), 60)
        print(
            f"step {step}/{steps}  {summary(record)}  {minutes}:{seconds:02d} left",
            file=sys.stderr,
            flush=True,
        )

    return report


def summary(record: Mapping[str, Any]) -> str:
    """Losses and speed of a log record in a few words."""
    losses = [f"{key} {value:.3g}" for key, value in record.items() if "/" in key]
    return "  ".join([*losses, f"{record['images_per_s']:.0f} images/s"])
