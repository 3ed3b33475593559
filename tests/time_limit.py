"""A test that hangs fails."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest

SECONDS = 20  # that one example may take


@contextmanager
def time_limit() -> Iterator[None]:
    def stop(*_: object) -> None:
        # No exception that code under test could take for a broken file's.
        pytest.fail(f"longer than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def in_time(test: Callable[..., None]) -> Callable[..., None]:
    @wraps(test)
    def limited(*args: Any, **named: Any) -> None:
        with time_limit():
            test(*args, **named)

    return limited
