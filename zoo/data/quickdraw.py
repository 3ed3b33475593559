"""Source ``quickdraw``: drawings in the forms of the Quick, Draw! data set, read from disk."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zoo.contracts.source import Sketch, Source
from zoo.data.options import QuickdrawOptions
from zoo.data.quickdraw_binary import parse_record
from zoo.data.quickdraw_bitmaps import bitmap_key, read_bitmap
from zoo.data.quickdraw_download import fetch_category
from zoo.data.quickdraw_files import category_of, find_files
from zoo.data.quickdraw_index import Index, Place, open_index
from zoo.data.quickdraw_lines import line_group, read_line
from zoo.errors import DataError


@dataclass(frozen=True)
class _Quickdraw:
    files: Sequence[Path]
    index: Index

    @property
    def skipped(self) -> Sequence[str]:
        return self.index.skipped

    def __len__(self) -> int:
        return len(self.index)

    def group(self, index: int) -> str:
        place = self.index.place(index)
        path = self.files[place.file]
        if path.suffix == ".npy":
            return bitmap_key(category_of(path), place.number)
        if path.suffix == ".bin":
            return self[index].group
        return line_group(self.index.read(place))

    def split_positions(self, start: int, stop: int) -> np.ndarray:
        return self.index.split_positions(start, stop)

    def __getitem__(self, index: int) -> Sketch:
        place = self.index.place(index)
        path = self.files[place.file]
        try:
            return _read(path, self.index.read(place), place)
        except (OSError, ValueError, TypeError, KeyError, OverflowError, IndexError, DataError):
            raise DataError(
                f"{path}:{place.number}: has changed since it was opened: start again"
            ) from None


def build(options: QuickdrawOptions) -> Source:
    """Open a file, a folder (searched with its subfolders) or a glob, files in sorted order.

    Every drawing is checked here, once: where it stands is kept in the user's cache folder, and
    gzipped files are unpacked there. Drawings that cannot be used, also a second one with the same
    key, are skipped. Nothing that is as large as the data is held in memory. Categories without a
    path are downloaded into the cache folder first.

    Raises:
        DataError: There is no such file, nothing in it that can be used, or no way to it; or the
            cache folder cannot be used.
    """
    categories = options.categories
    if options.path is None:
        files = [fetch_category(options.url, options.form, name) for name in categories]
    else:
        files = find_files(options.path, categories)
    index = open_index(files, options.limit)
    if not len(index):
        first = f"; the first of {len(index.skipped)} bad: " if index.skipped else ""
        reason = index.skipped[0] if index.skipped else ""
        raise DataError(
            f"quickdraw {options.path or options.category}: no drawing to use: "
            f"give ndjson, bin or npy files{first}{reason}"
        )
    return _Quickdraw(files, index)


def _read(path: Path, content: bytes, place: Place) -> Sketch:
    if path.suffix == ".bin":
        return parse_record(content, category_of(path))
    if path.suffix == ".npy":
        return read_bitmap(content, category_of(path), place.number)
    return read_line(content)
