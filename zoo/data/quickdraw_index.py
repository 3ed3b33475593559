"""Where each drawing of a set of files stands: found in one pass, kept in the user's cache.

An entry of the cache is a folder: ``index``, one fixed-size record a drawing, that is read in
place; ``lines``, what gzip had packed, which cannot be read in place; ``meta.json``. It is named
after the files with their sizes and times, so that changed files are indexed anew, and comes into
its place whole or not at all.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path

import numpy as np

from zoo.cache import cache_failure, cache_folder
from zoo.data.quickdraw_scan import Found, Skipped, scan_files
from zoo.data.repeats import drop_rows, repeated_rows
from zoo.data.splits import split_position
from zoo.errors import DataError

# Raise it whenever the cache's form or what is accepted changes: older entries are then ignored.
_VERSION = 1
_RECORD = np.dtype(
    [("offset", "<u8"), ("position", "<u8"), ("length", "<u4"), ("file", "<u4"), ("number", "<u4")]
)
_KEY = np.dtype("<u8")
_AHEAD = 1 << 12  # drawings that a limit reads at least, because some may stand twice
_NOT_WHOLE = (OSError, ValueError, LookupError, TypeError)  # what opening a damaged entry raises
_STALE = 86400.0  # seconds after which what a killed process left is removed


@dataclass(frozen=True)
class Place:
    """Where a drawing stands.

    Attributes:
        file: Number of its file.
        number: Of its line, record or row, from 1.
        offset: Of its first byte, in the unpacked lines if the file is gzipped.
        length: In bytes.
    """

    file: int
    number: int
    offset: int
    length: int


class Index:
    """The drawings of a set of files. Nothing of it is held in memory."""

    def __init__(self, folder: Path, files: Sequence[Path]) -> None:
        """Open a folder of the cache.

        Raises:
            OSError, ValueError, LookupError, TypeError: It is not whole.
        """
        meta = json.loads((folder / "meta.json").read_text())
        self.skipped: tuple[str, ...] = tuple(
            f"{files[file]}:{number}: {problem}" for file, number, problem in meta["skipped"]
        )
        self._files = files
        self._index, self._lines = _Handle(folder / "index"), _Handle(folder / "lines")
        self._count: int = meta["count"]
        sizes = {"index": self._count * _RECORD.itemsize, "lines": meta["lines"]}
        if any((folder / name).stat().st_size != size for name, size in sizes.items()):
            raise ValueError(folder)
        # A folder may hold more files than a process may have open.
        self._handle = lru_cache(maxsize=256)(_Handle)

    def __len__(self) -> int:
        """How many drawings there are."""
        return self._count

    def place(self, index: int) -> Place:
        """Where a drawing stands."""
        if not 0 <= index < self._count:
            raise IndexError(index)
        record = self._index.read(_RECORD.itemsize, index * _RECORD.itemsize)
        ((offset, _, length, file, number),) = np.frombuffer(record, _RECORD).tolist()
        return Place(file, number, offset, length)

    def read(self, place: Place) -> bytes:
        """The bytes of a drawing.

        Raises:
            OSError: The file is gone.
        """
        path = self._files[place.file]
        handle = self._lines if path.suffix == ".gz" else self._handle(path)
        return handle.read(place.length, place.offset)

    def split_positions(self, start: int, stop: int) -> np.ndarray:
        """Split positions (n,) uint64 of some drawings."""
        size = _RECORD.itemsize
        records = self._index.read((stop - start) * size, start * size)
        return np.frombuffer(records, _RECORD)["position"]


class _Handle:
    """A file open for reading at any place, by any number of threads."""

    def __init__(self, path: Path) -> None:
        self._descriptor = -1
        self._descriptor = os.open(path, os.O_RDONLY)

    def read(self, length: int, offset: int) -> bytes:
        return os.pread(self._descriptor, length, offset)

    def __del__(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)


def open_index(files: Sequence[Path], limit: int | None) -> Index:
    """The index of files from the cache; it is made if need be.

    Args:
        files: In the order of the drawings.
        limit: Drawings to stop after.

    Raises:
        DataError: The cache cannot be written, or a file is gone.
    """
    cache = cache_folder("quickdraw")
    folder = cache / _name(files, limit)
    with suppress(*_NOT_WHOLE):
        return Index(folder, files)
    try:
        _remove_leftovers(cache)
        made = Path(tempfile.mkdtemp(prefix=".new-", dir=cache))
        try:
            _make(made, files, limit)
            _put(made, folder, files)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        return Index(folder, files)
    except OSError as error:
        raise cache_failure(error) from None


def _name(files: Sequence[Path], limit: int | None) -> str:
    states = []
    for file in files:
        try:
            state = file.stat()
        except OSError as error:
            raise DataError(f"quickdraw {file}: {error.strerror}: correct path=") from None
        states.append((str(file.absolute()), state.st_size, state.st_mtime_ns, state.st_ctime_ns))
    return sha256(json.dumps([_VERSION, limit, states]).encode()).hexdigest()[:32]


def _remove_leftovers(cache: Path) -> None:
    for folder in cache.glob(".new-*"):
        with suppress(OSError):
            if folder.stat().st_mtime < time.time() - _STALE:
                shutil.rmtree(folder, ignore_errors=True)


def _put(made: Path, folder: Path, files: Sequence[Path]) -> None:
    """Move a finished entry into its place, unless another process was first."""
    for file in made.iterdir():
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
    try:
        made.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        with suppress(*_NOT_WHOLE):
            Index(folder, files)
            return
        damaged = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
        folder.rename(damaged)
        shutil.rmtree(damaged, ignore_errors=True)
        made.rename(folder)


def _make(folder: Path, files: Sequence[Path], limit: int | None) -> None:
    """Write the index of files into a folder."""
    skipped: list[Skipped] = []
    index, keys = folder / "index", folder / "keys"
    count = 0
    with (folder / "lines").open("wb") as lines:
        found = scan_files(files, lines, skipped)
        while limit is None or count < limit:
            wanted = None if limit is None else max(_AHEAD, limit - count)
            taken = _append(islice(found, wanted), index, keys)
            repeats = repeated_rows(keys, _KEY)
            for file, number in _named(index, repeats):
                skipped.append((file, number, "its key stands in an earlier place already"))
            for path, kind in ((index, _RECORD), (keys, _KEY)):
                drop_rows(path, kind, repeats)
            count = keys.stat().st_size // _KEY.itemsize
            if wanted is None or taken < wanted:
                break
    if limit is not None and count > limit:
        skipped = _before(index, limit, skipped)
        os.truncate(index, limit * _RECORD.itemsize)
        count = limit
    keys.unlink()
    size = (folder / "lines").stat().st_size
    meta = {"count": count, "lines": size, "skipped": sorted(skipped)}
    (folder / "meta.json").write_text(json.dumps(meta))


def _append(found: Iterator[Found], index: Path, keys: Path) -> int:
    """Append what was found to the index, and hashes of the keys to a file of their own."""
    taken = 0
    with index.open("ab") as records, keys.open("ab") as hashes:
        while block := list(islice(found, 4096)):
            taken += len(block)
            rows = [
                (base + entry.offset, split_position(entry.group), entry.length, file, entry.number)
                for file, base, entry in block
            ]
            records.write(np.array(rows, _RECORD).tobytes())
            # 64 bits: of 2 million keys, two differ and share them with a chance of 1e-7.
            hashes.write(np.array([split_position(e.key) for *_, e in block], _KEY).tobytes())
    return taken


def _named(index: Path, rows: np.ndarray) -> Iterator[tuple[int, int]]:
    """File and number of some rows of the index."""
    with index.open("rb") as stream:
        for row in rows.tolist():
            stream.seek(row * _RECORD.itemsize)
            ((*_, file, number),) = np.frombuffer(stream.read(_RECORD.itemsize), _RECORD).tolist()
            yield file, number


def _before(index: Path, limit: int, skipped: list[Skipped]) -> list[Skipped]:
    """What was skipped before the last drawing that is kept."""
    (last,) = _named(index, np.array([limit - 1]))
    return [item for item in skipped if item[:2] < last]
