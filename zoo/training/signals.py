"""Ctrl-C and SIGTERM: finish the step, write a checkpoint, then go."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

_CAUGHT = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def caught_signals() -> Iterator[Callable[[], int | None]]:
    """Give a function that says which signal has come, or None.

    A second signal ends the process as it would have without this.
    """
    received: list[int] = []
    if current_thread() is not main_thread():
        # Python delivers signals to the main thread only; a caller's thread keeps its own manners.
        yield lambda: None
        return

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)
        for caught, handler in previous.items():
            signal.signal(caught, handler)

    previous = {number: signal.signal(number, note) for number in _CAUGHT}
    try:
        yield lambda: received[0] if received else None
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
