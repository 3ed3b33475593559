"""The bitmap form of Quick, Draw!: 28x28 bytes of ink a drawing, and how it becomes lines again."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np

from zoo.contracts.source import Sketch
from zoo.data.quickdraw_entries import Entry
from zoo.errors import DataError
from zoo.sketch.trace import trace_lines

SIDE = 28
_AREA = SIDE * SIDE
_ROWS = 4096  # checked at a time
_SHAPES = ((_AREA,), (SIDE, SIDE))


def scan_bitmaps(stream: BinaryIO, path: Path, label: str) -> Iterator[Entry]:
    """Check the rows of a .npy file of bitmaps; its arrays of Python objects are never loaded.

    Raises:
        OSError: It cannot be read.
    """
    try:
        rows = _mapped(path)
    except DataError as error:
        yield Entry(1, problem=f"not an array of bitmaps: {error}")
        return
    stream.seek(rows.offset)
    count, offset = len(rows), rows.offset
    del rows
    for start in range(0, count, _ROWS):
        block = stream.read(_AREA * min(_ROWS, count - start))
        bitmaps = np.frombuffer(block, np.uint8).reshape(-1, _AREA)
        for row, bitmap in enumerate(bitmaps, start):
            if bitmap.any():
                key = bitmap_key(label, row + 1)
                yield Entry(row + 1, offset + row * _AREA, _AREA, key, key)
            else:
                yield Entry(row + 1, problem="no drawing")


def _mapped(path: Path) -> np.memmap:
    try:
        rows = np.load(path, mmap_mode="r", allow_pickle=False)
    except OSError:
        raise
    except Exception as error:  # NumPy raises whatever a broken header leads it to.
        raise DataError(" ".join(str(error).split())) from None
    if not isinstance(rows, np.memmap) or rows.dtype != np.uint8 or rows.shape[1:] not in _SHAPES:
        what = f"{rows.dtype} {rows.shape}" if isinstance(rows, np.ndarray) else "an archive"
        raise DataError(f"it has to be uint8 (N, {_AREA}), and is {what}")
    if not rows.flags.c_contiguous:
        raise DataError("its order has to be that of C")
    return rows


def bitmap_key(label: str, number: int) -> str:
    """The key of a bitmap, which has none of its own: category and number of the row from 1."""
    return f"{label}-{number}"


def read_bitmap(row: bytes, label: str, number: int) -> Sketch:
    """A bitmap's lines as strokes in its pixels, so that core draws them with the pen of any size.

    Raises:
        DataError: It is not 784 bytes, or blank; the message is the reason without the place.
    """
    if len(row) != _AREA or not any(row):
        raise DataError("no drawing")
    key = bitmap_key(label, number)
    ink = np.frombuffer(row, np.uint8).reshape(SIDE, SIDE).astype(np.float32) / 255
    return Sketch(key=key, group=key, label=label, strokes=trace_lines(ink))
