"""The ndjson form of Quick, Draw!: one JSON object a line, simplified or raw.

``{"key_id": "1", "word": "cat", "drawing": [[[x, …], [y, …]], …]}``.
"""

import json
from collections.abc import Iterator
from itertools import accumulate, chain, pairwise
from typing import Any, BinaryIO, NoReturn

import numpy as np

from zoo.contracts.source import Sketch
from zoo.data.quickdraw_entries import Entry
from zoo.errors import DataError

_BYTES_MAX = 1 << 26  # of a line: a drawing of some ten million points
_MARK = b"\xef\xbb\xbf"  # with which some editors begin a file
_NUMBERS = {int, float}
_LARGEST = float(np.finfo(np.float32).max)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


_decode = json.JSONDecoder(parse_constant=_refuse_constant).decode


def scan_lines(stream: BinaryIO) -> Iterator[Entry]:
    """Check the lines of a file; blank ones are passed over."""
    offset = number = 0
    while line := stream.readline(_BYTES_MAX):
        number += 1
        length = len(line)
        if length == _BYTES_MAX and not line.endswith(b"\n"):
            while (rest := stream.readline(_BYTES_MAX)) and not rest.endswith(b"\n"):
                length += len(rest)
            length += len(rest)
            yield Entry(number, problem=f"longer than {_BYTES_MAX:,} bytes, the limit")
        elif text := line.removeprefix(_MARK).strip() if number == 1 else line.strip():
            try:
                key, _, group, _ = _check(text)
            except DataError as error:
                yield Entry(number, problem=str(error))
            else:
                start = offset + line.index(text)
                yield Entry(number, start, len(text), key, group)
        offset += length


def parse_line(line: bytes) -> Sketch:
    """Read one line of ndjson.

    Returns:
        A sketch of at least one stroke, each of at least one point, all finite. Its group is
        ``game`` if the line has one, else its key.

    Raises:
        DataError: The line is no drawing; the message is the reason without the place.
    """
    key, word, group, drawing = _check(line)
    return Sketch(key=key, group=group, label=word, strokes=_strokes(drawing))


def read_line(line: bytes) -> Sketch:
    """``parse_line`` for a line that was checked before: twice as fast.

    Raises:
        ValueError, TypeError, KeyError, OverflowError, IndexError: It is another line after all.
    """
    record = _decode(line.decode())
    key, game = str(record["key_id"]), record.get("game")
    return Sketch(
        key=key,
        group=key if game is None else str(game),
        label=str(record["word"]),
        strokes=_strokes(record["drawing"]),
    )


def line_group(line: bytes) -> str:
    """The group of a line that was checked before."""
    record = _decode(line.decode())
    game = record.get("game")
    return str(record["key_id"] if game is None else game)


def _check(line: bytes) -> tuple[str, str, str, Any]:
    """Key, word, group and drawing of a line that is one."""
    try:
        record = _decode(line.decode())
    except (ValueError, RecursionError):
        raise DataError("not JSON") from None
    if not isinstance(record, dict):
        raise DataError("not a JSON object")
    key, word = _text(record, "key_id"), _text(record, "word")
    group = key if record.get("game") is None else _text(record, "game")
    drawing = record.get("drawing")
    _check_drawing(drawing)
    return key, word, group, drawing


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    if value == "" or type(value) not in (str, int):
        raise DataError(f"no {name}")
    # JSON can escape half a character, which cannot be hashed or printed.
    if not str(value).isascii() and any("\ud800" <= char <= "\udfff" for char in str(value)):
        raise DataError(f"{name} is not text")
    return str(value)


def _check_drawing(drawing: Any) -> None:
    if not isinstance(drawing, list) or not drawing:
        raise DataError("no drawing")
    for stroke in drawing:
        # Raw drawings have a third list, of times.
        if not isinstance(stroke, list) or len(stroke) < 2:
            raise DataError("a stroke is not [[x, …], [y, …]]")
        xs, ys = stroke[:2]
        if not isinstance(xs, list) or not isinstance(ys, list) or len(xs) != len(ys) or not xs:
            raise DataError("a stroke's x and y are not lists of equal length")
        if not _NUMBERS.issuperset(map(type, xs)) or not _NUMBERS.issuperset(map(type, ys)):
            raise DataError("a coordinate is not a number")
        if min(*xs, *ys) < -_LARGEST or max(*xs, *ys) > _LARGEST:
            raise DataError("a coordinate is too large")


def _strokes(drawing: Any) -> tuple[np.ndarray, ...]:
    xs = list(chain.from_iterable([stroke[0] for stroke in drawing]))
    ys = list(chain.from_iterable([stroke[1] for stroke in drawing]))
    try:
        # The simplified form has bytes only, and these are quick.
        points = np.frombuffer(bytes(xs + ys), np.uint8).astype(np.float32)
    except (TypeError, ValueError):
        points = np.array(xs + ys, np.float32)
    points = points.reshape(2, -1).T
    ends = accumulate([len(stroke[0]) for stroke in drawing], initial=0)
    return tuple([points[start:end] for start, end in pairwise(ends)])
