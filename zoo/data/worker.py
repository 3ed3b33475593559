"""The process that draws batches beside training. It never imports TensorFlow.

It reads one JSON line from stdin (configuration, randomness, first batch and stride) and writes
batches to stdout until nobody reads them any more. A process of its own rather than
``multiprocessing``, so that ``zoo.train()`` works in a script without a main guard, and so that
it ends by itself with a broken pipe when training is killed.

A frame is an 8-byte length, a JSON header of names, shapes and types, and the arrays.
"""

import json
import math
import os
import struct
import sys
import tomllib
from typing import BinaryIO

import cv2
import numpy as np

from zoo.config import resolve
from zoo.data.examples import Batch, Randomness, make_examples, open_source


def write_frame(stream: BinaryIO, batch: Batch, problem: str | None = None) -> None:
    """Write one batch, and what the reader is to be warned of."""
    arrays = {name: (array.shape, array.dtype.str) for name, array in batch.items()}
    header = json.dumps({"arrays": arrays, "problem": problem}).encode()
    stream.write(struct.pack("<Q", len(header)) + header)
    for array in batch.values():
        stream.write(np.ascontiguousarray(array).data)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[Batch, str | None]:
    """Read one batch, and what the writer warns of.

    Raises:
        EOFError: The writer has ended.
    """
    (length,) = struct.unpack("<Q", _read(stream, 8))
    header = json.loads(_read(stream, length))
    batch = {}
    for name, (shape, kind) in header["arrays"].items():
        data = _read(stream, math.prod(shape) * np.dtype(kind).itemsize)
        batch[name] = np.frombuffer(data, kind).reshape(shape)
    return batch, header["problem"]


def _read(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def main() -> None:
    """Draw batches for the process at the other end of the pipes."""
    # OpenCV's threads win nothing on such small images, and cost a core that others need.
    cv2.setNumThreads(1)
    # Whatever a plugin prints must not get between the frames.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    task = json.loads(sys.stdin.buffer.readline())
    config = resolve(tomllib.loads(task["config"]))
    noise = task["noise"] and tuple(task["noise"])
    randomness = Randomness(noise, task["second"], task["mix"])
    examples = make_examples(config, open_source(config), "train", randomness)
    number = task["first"]
    try:
        while True:
            batch = examples.packed(number)
            write_frame(out, batch, examples.cache.problem if examples.cache else None)
            number += task["stride"]
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
