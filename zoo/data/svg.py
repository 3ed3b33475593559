"""Source ``svg``: line drawings as SVG, in a folder or in a zip file that is read in place."""

import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from zoo.contracts.source import Sketch, Source
from zoo.data.options import SvgOptions
from zoo.errors import DataError
from zoo.sketch.vector import BYTES_MAX, svg_strokes

_ENTRIES_MAX = 1_000_000  # files in a zip

Read = Callable[[str], bytes]


@dataclass(frozen=True)
class _Drawings:
    read: Read
    name: str
    keys: tuple[str, ...]
    skipped: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.keys)

    def group(self, index: int) -> str:
        return self.keys[index]

    def __getitem__(self, index: int) -> Sketch:
        key = self.keys[index]
        try:
            strokes = svg_strokes(self.read(key))
        except DataError as error:
            raise DataError(f"{self.name}/{key}: {error}") from None
        label = PurePosixPath(self.name, key).parent.name
        return Sketch(key=key, group=key, label=label, strokes=strokes)


def build(options: SvgOptions) -> Source:
    """Open a folder with its subfolders, or a zip; the label is the folder a drawing lies in.

    Every file is read once here and again on access; nothing decoded is kept. Files that cannot
    be used are skipped.

    Raises:
        DataError: There is no such folder or zip, or no SVG in it that can be used.
    """
    path = Path(options.path).expanduser()
    read, keys = _folder(path) if path.is_dir() else _zip(path)
    if not keys:
        raise DataError(f"svg {options.path} holds no .svg file: put files there")
    good, skipped = [], []
    for key in sorted(keys):
        try:
            svg_strokes(read(key))
        except DataError as error:
            skipped.append(f"{path}/{key}: {error}")
        else:
            good.append(key)
    if not good:
        raise DataError(
            f"svg {options.path}: none of {len(keys)} drawings can be used; "
            f"the first is {skipped[0]}"
        )
    return _Drawings(read, str(path), tuple(good), tuple(skipped))


def _folder(path: Path) -> tuple[Read, list[str]]:
    files = (f for f in path.rglob("*") if f.suffix.lower() == ".svg" and not f.is_dir())
    return partial(_read_file, path), [file.relative_to(path).as_posix() for file in files]


def _zip(path: Path) -> tuple[Read, list[str]]:
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise DataError(f"svg {path} does not exist: give a folder or zip of SVG files") from None
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise DataError(
            f"svg {path} is neither a folder nor a zip that can be read ({error})"
        ) from None
    if len(archive.filelist) > _ENTRIES_MAX:
        raise DataError(f"svg {path}: more than {_ENTRIES_MAX:,} files in a zip, the limit")
    # Two entries may have one name; only the last could be read.
    names = {entry.filename for entry in archive.filelist if not entry.is_dir()}
    return partial(_read_entry, archive), [n for n in names if n.lower().endswith(".svg")]


def _read_file(folder: Path, key: str) -> bytes:
    try:
        with (folder / key).open("rb") as file:
            return file.read(BYTES_MAX + 1)
    except OSError as error:
        raise DataError(error.strerror or str(error)) from None


def _read_entry(archive: zipfile.ZipFile, key: str) -> bytes:
    """At most a byte more than the limit, whatever size the zip's directory claims."""
    try:
        with archive.open(key) as file:
            return file.read(BYTES_MAX + 1)
    except (
        OSError,
        EOFError,
        RuntimeError,  # encrypted
        NotImplementedError,
        ValueError,
        zipfile.BadZipFile,
        lzma.LZMAError,
        zlib.error,
    ) as error:
        raise DataError(f"cannot be unpacked ({' '.join(str(error).split())})") from None
