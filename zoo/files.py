"""Writing files and folders so that nobody ever sees half of one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path


def write_file(path: Path, data: bytes | str) -> None:
    """Write a file whole or not at all.

    Raises:
        OSError: It cannot be written; what stood there before still does.
    """
    partial = path.with_name(f".{path.name}.partial")
    content = data.encode() if isinstance(data, str) else data
    try:
        with partial.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def write_folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill; at the end it takes the place of ``path``, whole or not at all.

    If the process dies between the two renames of a replacement, ``settle`` puts the old one back.

    Raises:
        OSError: It cannot be written; what stood there before still does.
    """
    settle(path)
    partial, old = _partial(path), _old(path)
    partial.mkdir(parents=True)
    try:
        yield partial
        for file in partial.iterdir():
            _sync(file)
        if path.exists():
            path.rename(old)
        partial.rename(path)
        _sync(path.parent)
    finally:
        settle(path)


def settle(path: Path) -> None:
    """Undo a replacement by ``write_folder`` that was cut short."""
    if _old(path).exists() and not path.exists():
        _old(path).rename(path)
    for leftover in (_partial(path), _old(path)):
        shutil.rmtree(leftover, ignore_errors=True)


def bytes_of(path: Path) -> int:
    """Bytes of a file, or of all files below a folder; one that vanishes meanwhile is left out."""
    total = 0
    for file in path.rglob("*") if path.is_dir() else [path]:
        try:
            total += file.lstat().st_size if file.is_file() else 0
        except OSError:
            continue
    return total


def digest(path: Path) -> str:
    """Hex sha256 of a file."""
    return sha256(path.read_bytes()).hexdigest()


def _partial(path: Path) -> Path:
    return path.with_name(f".{path.name}.partial")


def _old(path: Path) -> Path:
    return path.with_name(f".{path.name}.old")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
