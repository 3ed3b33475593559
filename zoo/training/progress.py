"""What a user sees of a training: a bar on a terminal, lines elsewhere."""

import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

# Called after every log interval with the step and its record.
Report = Callable[[int, Mapping[str, Any]], None]

_SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def progress(first: int, steps: int, minutes: float | None, *, quiet: bool) -> Iterator[Report]:
    """Show progress on stderr.

    Args:
        first: The step to start from.
        steps: The last step.
        minutes: Time after which training stops by itself, or None.
        quiet: Show nothing.
    """
    started = time.monotonic()

    def left(step: int) -> str:
        passed = time.monotonic() - started
        by_steps = passed / max(1, step - first) * (steps - step)
        by_clock = math.inf if minutes is None else max(0.0, 60 * minutes - passed)
        whole, seconds = divmod(round(min(by_steps, by_clock)), 60)
        return f"{whole}:{seconds:02d} left"

    if quiet:
        yield lambda step, record: None
    elif sys.stderr.isatty():
        with _bar(first, steps, left) as report:
            yield report
    else:
        yield _lines(first, steps, left)


@contextmanager
def _bar(first: int, steps: int, left: Callable[[int], str]) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.fields[text]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("compiling", total=steps, completed=first, text="")

        def report(step: int, record: Mapping[str, Any]) -> None:
            text = f"{summary(record)}  {left(step)}"
            bar.update(task, description="training", completed=step, text=text)

        yield report


def _lines(first: int, steps: int, left: Callable[[int], str]) -> Report:
    last = 0.0
    if first < steps:
        print(f"step {first}/{steps}: compiling", file=sys.stderr, flush=True)

    def report(step: int, record: Mapping[str, Any]) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _SECONDS_BETWEEN_LINES and step < steps:
            return
        last = now
        print(f"step {step}/{steps}  {summary(record)}  {left(step)}", file=sys.stderr, flush=True)

    return report


def summary(record: Mapping[str, Any]) -> str:
    """Losses and speed of a log record in a few words."""
    losses = [f"{key} {value:.3g}" for key, value in record.items() if "/" in key]
    return "  ".join([*losses, f"{record['images_per_s']:.0f} images/s"])
