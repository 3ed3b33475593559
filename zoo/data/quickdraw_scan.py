"""One pass over files of drawings of any form."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO

from zoo.cache import cache_failure
from zoo.data.bytes_bar import bytes_bar
from zoo.data.quickdraw_binary import scan_records
from zoo.data.quickdraw_bitmaps import scan_bitmaps
from zoo.data.quickdraw_entries import Entry
from zoo.data.quickdraw_files import category_of
from zoo.data.quickdraw_lines import scan_lines

# Number of the file, of the line, record or row, and the reason.
Skipped = tuple[int, int, str]
# Number of the file, where its offsets count from, and a drawing that can be used.
Found = tuple[int, int, Entry]


def scan_files(files: Sequence[Path], lines: BinaryIO, skipped: list[Skipped]) -> Iterator[Found]:
    """Check files one after the other. On a terminal, a bar on stderr shows how far it is.

    Args:
        files: Their suffixes tell their forms.
        lines: Where gzipped files are unpacked to, one behind the other.
        skipped: What cannot be used is added to it as it is met.

    Raises:
        DataError: The unpacked lines cannot be written.
    """
    sizes = [file.stat().st_size for file in files]
    ends = [0, *accumulate(sizes)]
    with bytes_bar("indexing drawings") as report:
        for file, base, entry in _found(files, lines, skipped):
            if entry.number % 1024 == 0:
                # Gzipped files have offsets beyond their size.
                report(ends[file] + min(entry.offset, sizes[file]), ends[-1])
            yield file, base, entry


def _found(files: Sequence[Path], lines: BinaryIO, skipped: list[Skipped]) -> Iterator[Found]:
    """Drawings that can be used, with the number of their file and where its offsets count from."""
    for number, path in enumerate(files):
        seen = 0
        base = lines.tell() if path.suffix == ".gz" else 0
        try:
            with _opened(path, lines) as stream:
                for entry in _entries(path, stream):
                    seen = entry.number
                    if entry.problem:
                        skipped.append((number, seen, entry.problem))
                    else:
                        yield number, base, entry
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or error
            skipped.append((number, seen + 1, f"the file breaks off here ({reason})"))


def _opened(path: Path, lines: BinaryIO) -> Any:
    if path.suffix == ".gz":
        return _Unpacking(gzip.open(path), lines)
    return path.open("rb")


@dataclass(frozen=True)
class _Unpacking:
    """Reads lines of one stream and copies them to another."""

    packed: gzip.GzipFile
    lines: BinaryIO

    def __enter__(self) -> "_Unpacking":
        return self

    def __exit__(self, *error: object) -> None:
        self.packed.close()

    def readline(self, limit: int) -> bytes:
        line = self.packed.readline(limit)
        try:
            self.lines.write(line)
        except OSError as error:
            raise cache_failure(error) from None
        return line


def _entries(path: Path, stream: BinaryIO) -> Iterator[Entry]:
    if path.suffix == ".bin":
        return scan_records(stream)
    if path.suffix == ".npy":
        return scan_bitmaps(stream, path, category_of(path))
    return scan_lines(stream)
