"""Source ``quickdraw``: drawings as ndjson, one JSON object a line.

The form is that of the Quick, Draw! data set, simplified or raw:
``{"key_id": "1", "word": "cat", "drawing": [[[x, …], [y, …]], …]}``.
"""

import glob
import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from zoo.contracts.source import Sketch, Source
from zoo.data.options import QuickdrawOptions
from zoo.errors import DataError

_SUFFIXES = (".ndjson", ".ndjson.gz")
_NUMBERS = {int, float}


@dataclass(frozen=True)
class _Quickdraw:
    # Bytes of JSON take a tenth of the memory of parsed strokes.
    lines: list[bytes] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)

    def group(self, index: int) -> str:
        return self.groups[index]

    def __getitem__(self, index: int) -> Sketch:
        return parse_line(self.lines[index])


def build(options: QuickdrawOptions) -> Source:
    """Open a file, a folder (searched with its subfolders) or a glob, files in sorted order.

    Every line is checked here, and parsed again on access. Lines that cannot be used, also a
    second one with the same ``key_id``, are skipped.

    Raises:
        DataError: There is no such file, or no line that can be used.
    """
    source, keys = _Quickdraw(), set[str]()
    for place, line in _lines(_files(options.path), source.skipped):
        try:
            sketch = parse_line(line)
            if sketch.key in keys:
                raise DataError(f"key_id {sketch.key} stands in an earlier line already")
        except DataError as error:
            source.skipped.append(f"{place}: {error}")
            continue
        keys.add(sketch.key)
        source.lines.append(line)
        source.groups.append(sketch.group)
        if len(source) == options.limit:
            break
    if not len(source):
        first = f"; the first of {len(source.skipped)} bad: " if source.skipped else ""
        reason = source.skipped[0] if source.skipped else ""
        raise DataError(
            f"quickdraw {options.path}: no drawing to use: give ndjson files{first}{reason}"
        )
    return source


def parse_line(line: bytes) -> Sketch:
    """Read one line of ndjson.

    Returns:
        A sketch of at least one stroke, each of at least one point, all finite. Its group is
        ``game`` if the line has one, else its key.

    Raises:
        DataError: The line is no drawing; the message is the reason without the place.
    """
    try:
        record = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise DataError("not JSON") from None
    if not isinstance(record, dict):
        raise DataError("not a JSON object")
    key, word = _text(record, "key_id"), _text(record, "word")
    group = key if record.get("game") is None else _text(record, "game")
    return Sketch(key=key, group=group, label=word, strokes=_strokes(record.get("drawing")))


def _text(record: dict[str, Any], name: str) -> str:
    value = record.get(name)
    if value == "" or type(value) not in (str, int):
        raise DataError(f"no {name}")
    # JSON can escape half a character, which cannot be hashed or printed.
    if not str(value).isascii() and any("\ud800" <= char <= "\udfff" for char in str(value)):
        raise DataError(f"{name} is not text")
    return str(value)


def _strokes(drawing: Any) -> tuple[np.ndarray, ...]:
    if not isinstance(drawing, list) or not drawing:
        raise DataError("no drawing")
    for stroke in drawing:
        # Raw drawings have a third list, of times.
        if not isinstance(stroke, list) or len(stroke) < 2:
            raise DataError("a stroke is not [[x, …], [y, …]]")
        xs, ys = stroke[:2]
        if not isinstance(xs, list) or not isinstance(ys, list) or len(xs) != len(ys) or not xs:
            raise DataError("a stroke's x and y are not lists of equal length")
    xs = list(chain.from_iterable(stroke[0] for stroke in drawing))
    ys = list(chain.from_iterable(stroke[1] for stroke in drawing))
    if not _NUMBERS.issuperset(map(type, xs)) or not _NUMBERS.issuperset(map(type, ys)):
        raise DataError("a coordinate is not a number")
    try:
        with np.errstate(over="ignore"):
            points = np.array([xs, ys], np.float64).T.astype(np.float32)
    except OverflowError:
        raise DataError("a coordinate is too large") from None
    if not np.isfinite(points).all():
        raise DataError("a coordinate is too large")
    ends = np.cumsum([len(stroke[0]) for stroke in drawing])[:-1]
    return tuple(np.split(points, ends))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _files(path: str) -> list[Path]:
    """Files that a path names, sorted."""
    named = Path(path).expanduser()
    # A name with brackets is a name first and a pattern second.
    found = [named] if named.exists() else map(Path, glob.glob(str(named), recursive=True))
    files = {file for match in found for file in (_inside(match) if match.is_dir() else [match])}
    if not files:
        raise DataError(
            f"quickdraw {path}: no such file, and no {' or '.join(_SUFFIXES)} in such a folder: "
            "correct path="
        )
    return sorted(files)


def _inside(folder: Path) -> list[Path]:
    return [f for f in folder.rglob("*") if f.name.endswith(_SUFFIXES) and not f.is_dir()]


def _lines(files: list[Path], skipped: list[str]) -> Iterator[tuple[str, bytes]]:
    """Lines that are not blank, with their places; files that break off are noted."""
    for file in files:
        number = 0
        try:
            with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
                for number, line in enumerate(stream, 1):
                    if line.strip():
                        yield f"{file}:{number}", line.strip()
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or error
            skipped.append(f"{file}:{number + 1}: the file breaks off here ({reason})")
