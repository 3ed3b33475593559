"""Batches in the order of training, drawn ahead by worker processes."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from queue import Queue
from threading import Thread
from typing import BinaryIO

from zoo.data.examples import Batch, Examples, unpack
from zoo.data.raster_cache import warn_uncached
from zoo.data.worker import read_frame
from zoo.discovery import LOCAL
from zoo.errors import ZooError

# Batches that wait per worker, so that a slow one is hidden behind training.
_AHEAD = 3


@contextmanager
def batches(examples: Examples, first: int) -> Iterator[Iterator[Batch]]:
    """Batches from number ``first`` on, without end. The same whatever the number of workers.

    Raises:
        ZooError: While iterating, if a worker fails.
    """
    workers = examples.config.settings.workers
    if workers is None:
        workers = min(8, max(1, (os.cpu_count() or 2) // 2))
    # What was added to this process no other process knows.
    added = any(part.id.startswith(f"{LOCAL}/") for part in examples.config.parts())
    if workers == 0 or added:
        yield map(examples.batch, count(first))
        return
    with ExitStack() as stack:
        queues = [
            stack.enter_context(_worker(examples, first + i, workers)) for i in range(workers)
        ]
        yield _in_turn(queues)


def _in_turn(queues: list["Queue[Batch | str]"]) -> Iterator[Batch]:
    while True:
        for queue in queues:
            item = queue.get()
            if isinstance(item, str):
                raise ZooError(f"the process that draws batches has ended: {item}")
            yield item


@contextmanager
def _worker(examples: Examples, first: int, stride: int) -> Iterator["Queue[Batch | str]"]:
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "zoo.data.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # As much as Linux lets a process have: a batch passes in few switches.
            pipesize=1 << 20,
            stderr=errors,
            # Ctrl-C is for training, which then ends its workers.
            start_new_session=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        asked = examples.randomness
        task = {
            "config": examples.config.to_toml(),
            "noise": asked.noise,
            "second": asked.second,
            "mix": asked.mix,
            "first": first,
            "stride": stride,
        }
        process.stdin.write(json.dumps(task).encode() + b"\n")
        process.stdin.close()
        queue: Queue[Batch | str] = Queue(_AHEAD)
        reader = Thread(target=_fill, args=(queue, process.stdout, errors), daemon=True)
        reader.start()
        try:
            yield queue
        finally:
            process.kill()
            process.wait()
            while reader.is_alive():
                _drain(queue)
                reader.join(0.01)
            process.stdout.close()


def _fill(queue: "Queue[Batch | str]", stream: BinaryIO, errors: BinaryIO) -> None:
    try:
        while True:
            batch, problem = read_frame(stream)
            if problem:
                warn_uncached(problem)
            queue.put(unpack(batch))
    except (EOFError, ValueError):
        errors.seek(0)
        lines = errors.read().decode(errors="replace").strip().splitlines()
        queue.put(lines[-1] if lines else "it said nothing")


def _drain(queue: "Queue[Batch | str]") -> None:
    while not queue.empty():
        queue.get()
