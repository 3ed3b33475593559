"""Rows of a file that stand twice, found and dropped with little memory."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

_CHUNK = 1 << 15  # rows
_PART = 1 << 17  # rows sorted at a time


def repeated_rows(path: Path, kind: np.dtype) -> np.ndarray:
    """Rows (n,) int64, ascending, whose value an earlier row has too.

    Args:
        path: A file of whole numbers without sign, spread evenly as hashes are.
        kind: Their type.
    """
    parts = -(-(path.stat().st_size // kind.itemsize) // _PART)
    found = [np.empty(0, np.int64)]
    for part in range(parts):
        rows, values = [], []
        for start, chunk in _chunks(path, kind):
            own = np.flatnonzero(chunk % parts == part)
            rows.append(start + own)
            values.append(chunk[own])
        row, value = np.concatenate(rows), np.concatenate(values)
        order = np.argsort(value, kind="stable")
        row, value = row[order], value[order]
        found.append(row[1:][value[1:] == value[:-1]])
    return np.sort(np.concatenate(found))


def drop_rows(path: Path, kind: np.dtype, rows: np.ndarray) -> None:
    """Drop rows, given in ascending order, from a file of them."""
    if not len(rows):
        return
    end = 0
    with path.open("r+b") as stream:
        for start, chunk in _chunks(path, kind):
            first, last = np.searchsorted(rows, (start, start + len(chunk)))
            kept = np.delete(chunk, rows[first:last] - start).tobytes()
            # Never ahead of what is still to be read.
            os.pwrite(stream.fileno(), kept, end)
            end += len(kept)
        stream.truncate(end)


def _chunks(path: Path, kind: np.dtype) -> Iterator[tuple[int, np.ndarray]]:
    start = 0
    with path.open("rb", buffering=0) as stream:
        while block := stream.read(_CHUNK * kind.itemsize):
            chunk = np.frombuffer(block, kind)
            yield start, chunk
            start += len(chunk)
