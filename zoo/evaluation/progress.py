"""How far an evaluation is: a bar on a terminal, lines elsewhere."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

_SECONDS_BETWEEN_LINES = 10.0


def shown(items: Iterable[T], total: int, what: str, *, quiet: bool) -> Iterator[T]:
    """The items, counted on stderr as they are taken.

    Args:
        items: Anything.
        total: How many there are.
        what: Shown before the bar.
        quiet: Show nothing.
    """
    if quiet:
        yield from items
    elif sys.stderr.isatty():
        yield from _with_bar(items, total, what)
    else:
        yield from _with_lines(items, total, what)


def _with_bar(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    # Results that are printed meanwhile belong on stdout, not on the bar's console.
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        yield from bar.track(items, total=total, description=what)


def _with_lines(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    last = time.monotonic()
    for number, item in enumerate(items):
        if time.monotonic() - last >= _SECONDS_BETWEEN_LINES:
            last = time.monotonic()
            print(f"{what}: {number} of {total}", file=sys.stderr, flush=True)
        yield item
