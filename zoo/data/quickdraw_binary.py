"""The binary form of Quick, Draw!: simplified drawings, one record after the other.

A record, without padding: key_id uint64, country code 2 bytes, recognised int8, timestamp uint32,
strokes uint16; for each stroke points uint16, as many bytes of x and as many of y.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from zoo.contracts.source import Sketch
from zoo.data.quickdraw_entries import Entry
from zoo.errors import DataError

_HEAD = struct.Struct("<Q2sbIH")
_POINTS = struct.Struct("<H")
_BYTES_MAX = 1 << 26
_CUT = "the record is cut short"


def scan_records(stream: BinaryIO) -> Iterator[Entry]:
    """Check the records of a file.

    Raises:
        EOFError: The file ends inside a record.
    """
    offset = number = 0
    while head := stream.read(_HEAD.size):
        number += 1
        if len(head) < _HEAD.size:
            raise EOFError(_CUT)
        key, _, _, _, strokes = _HEAD.unpack(head)
        length, empty = _HEAD.size, strokes == 0
        for _ in range(strokes):
            count = stream.read(_POINTS.size)
            points = _POINTS.unpack(count)[0] if len(count) == _POINTS.size else 1
            if len(stream.read(2 * points)) < 2 * points:
                raise EOFError(_CUT)
            length += _POINTS.size + 2 * points
            empty |= points == 0
        if empty:
            yield Entry(number, problem="no drawing" if not strokes else "a stroke has no point")
        elif length > _BYTES_MAX:
            yield Entry(number, problem=f"longer than {_BYTES_MAX:,} bytes, the limit")
        else:
            yield Entry(number, offset, length, str(key), str(key))
        offset += length


def parse_record(record: bytes, label: str) -> Sketch:
    """Read one record.

    Args:
        record: Its bytes.
        label: The category, which stands in the file's name only.

    Raises:
        DataError: The record is no drawing; the message is the reason without the place.
    """
    if len(record) < _HEAD.size:
        raise DataError(_CUT)
    key, _, _, _, count = _HEAD.unpack_from(record)
    strokes, at = [], _HEAD.size
    for _ in range(count):
        if len(record) < at + _POINTS.size:
            raise DataError(_CUT)
        (points,) = _POINTS.unpack_from(record, at)
        at += _POINTS.size
        if not points:
            raise DataError("a stroke has no point")
        if len(record) < at + 2 * points:
            raise DataError(_CUT)
        xy = np.frombuffer(record, np.uint8, 2 * points, at).astype(np.float32)
        strokes.append(xy.reshape(2, points).T)
        at += 2 * points
    if not strokes:
        raise DataError("no drawing")
    return Sketch(key=str(key), group=str(key), label=label, strokes=tuple(strokes))
