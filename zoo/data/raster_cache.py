"""Rasterised drawings on disk: bytes of ink in a memory-mapped file, strokes in one beside it.

Processes fill both files as they go, without a lock. A drawing is a pure function of the cache's
name, so whoever writes a slot writes the same. A slot counts only if its checksum, which covers
ink, strokes and the slot's number, is right: one that was never written, or whose writer was
killed halfway, is drawn anew. Files are only ever created under their final name at full size,
appended to and written in place, never cut: a reader's map stays valid.
"""

import json
import mmap
import os
import struct
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from glob import glob
from hashlib import sha256
from pathlib import Path

import numpy as np

from zoo import registry
from zoo.config import Part, RunConfig
from zoo.contracts.source import Source
from zoo.errors import DataError

# Raise it whenever drawings come to look different: older caches are then ignored.
_VERSION = 1
# A slot's number, how many strokes and points it has, and where they begin in their file.
_PLACE = struct.Struct("<QIIQ")
# A checksum of that, one of that and the content, and the same without the slot's number.
_HEADER = struct.Struct("<IIIIQ")
_NO_STROKES = 0xFFFFFFFF
_FULL = "the disk is full"

# A drawing's image and its strokes in pixels, or None if it has none.
Drawn = tuple[np.ndarray, tuple[np.ndarray, ...] | None]


class RasterCache:
    """The drawings of a source at one size, with one pen and margin.

    Attributes:
        problem: Why nothing is kept any more, or None.
    """

    def __init__(self, path: Path, count: int, size: int) -> None:
        """Open ``path`` and its neighbour, or create them.

        Args:
            path: Of the file of slots; the strokes' has ``.strokes`` behind it.
            count: Drawings.
            size: Height and width of a drawing in pixels.

        Raises:
            OSError: The files cannot be made.
        """
        self._size, self._slot = size, _HEADER.size + size * size
        _create(path, count * self._slot)
        self._slots = os.open(path, os.O_RDWR)
        self._strokes = os.open(f"{path}.strokes", os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        self._map = mmap.mmap(self._slots, count * self._slot, access=mmap.ACCESS_READ)
        self._view = memoryview(self._map)
        self.problem: str | None = None

    def load(self, index: int) -> Drawn | None:
        """A drawing's levels (size, size) uint8, read-only, and strokes; None if not cached."""
        start = index * self._slot
        head, check, count, points, place = _HEADER.unpack_from(self._map, start)
        # Before numbers are trusted that say how much to read.
        if head != _head(index, count, points, place):
            return None
        levels = self._view[start + _HEADER.size : start + self._slot]
        stored = b""
        if count not in (0, _NO_STROKES):
            stored = os.pread(self._strokes, 4 * count + 8 * points, place)
        if zlib.crc32(stored, zlib.crc32(levels, head)) != check:
            return None
        image = np.frombuffer(levels, np.uint8).reshape(self._size, self._size)
        return image, _unpack(stored, count)

    def store(self, index: int, levels: np.ndarray, strokes: Sequence[np.ndarray] | None) -> None:
        """Keep a drawing. Once the disk is full or fails, say so and keep no more."""
        if self.problem:
            return
        count, stored = _pack(strokes)
        ink = np.ascontiguousarray(levels).data.cast("B")
        try:
            place = self._append(stored)
            points = (len(stored) - 4 * count) // 8 if stored else 0
            head = _head(index, count, points, place)
            check = zlib.crc32(stored, zlib.crc32(ink, head))
            slot = _HEADER.pack(head, check, count, points, place) + bytes(ink)
            if os.pwrite(self._slots, slot, index * self._slot) < len(slot):
                raise OSError(_FULL)
        except OSError as error:
            self.problem = error.strerror or str(error)
            warn_uncached(self.problem)

    def _append(self, stored: bytes) -> int:
        if not stored:
            return 0
        if os.write(self._strokes, stored) < len(stored):
            raise OSError(_FULL)
        # Where this process' own append ended, whoever appended since.
        return os.lseek(self._strokes, 0, os.SEEK_CUR) - len(stored)


def open_cache(config: RunConfig, source: Source) -> RasterCache | None:
    """The cache of a run's drawings if its settings ask for one and there is a place for it."""
    if not config.settings.cache:
        return None
    from zoo.cache import cache_folder

    try:
        folder = cache_folder("rasters")
        return RasterCache(folder / _name(config, source), len(source), config.settings.size)
    except (OSError, DataError) as error:
        warn_uncached(getattr(error, "strerror", None) or str(error))
        return None


def _name(config: RunConfig, source: Source) -> str:
    """A name for all that decides how the source's drawings look."""
    plugin = registry.find("source", config.data.id).plugin
    said = [
        _VERSION,
        sys.byteorder,
        config.data.id,
        str(plugin.version),
        config.data.table(),
        config.settings.size,
        len(source),
        *_files(config.data),
    ]
    return sha256(json.dumps(said, default=str).encode()).hexdigest()[:32]


def _files(data: Part) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of the files that a source's options name: file, folder or glob."""
    for value in data.table().values():
        if not isinstance(value, str) or not os.path.isabs(value):
            continue
        for named in [value] if os.path.exists(value) else sorted(glob(value, recursive=True)):
            path = Path(named)
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                with suppress(OSError):
                    state = file.stat()
                    yield str(file), state.st_size, state.st_mtime_ns


def _create(path: Path, size: int) -> None:
    """Create an empty file of that size, whole or not at all, unless there is one."""
    if path.exists() and path.stat().st_size == size:
        return
    handle, temporary = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        # Without blocks of its own: the disk fills as slots are written.
        os.ftruncate(handle, size)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    finally:
        os.close(handle)


def _head(index: int, count: int, points: int, place: int) -> int:
    """Checksum of a slot's header; never 0, which is that of a slot never written."""
    return zlib.crc32(_PLACE.pack(index, count, points, place)) or 1


def _pack(strokes: Sequence[np.ndarray] | None) -> tuple[int, bytes]:
    if strokes is None:
        return _NO_STROKES, b""
    if not strokes:
        return 0, b""
    lengths = np.array([len(stroke) for stroke in strokes], np.uint32)
    return len(strokes), lengths.tobytes() + np.concatenate(strokes, dtype=np.float32).tobytes()


def _unpack(stored: bytes, count: int) -> tuple[np.ndarray, ...] | None:
    if count == _NO_STROKES:
        return None
    lengths = np.frombuffer(stored, np.uint32, count)
    points = np.frombuffer(stored, np.float32, offset=4 * count).reshape(-1, 2)
    strokes, start = [], 0
    for length in lengths.tolist():
        strokes.append(points[start : start + length])
        start += length
    return tuple(strokes)


@cache
def warn_uncached(problem: str) -> None:
    """Say on stderr that drawings are not cached any more; the same problem only once."""
    print(f"warning: drawings are no longer cached ({problem}); training goes on", file=sys.stderr)
