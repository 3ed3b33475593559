"""Which files of drawings a path and categories name."""

import glob
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from zoo.errors import DataError, did_you_mean

SUFFIXES = (".ndjson", ".ndjson.gz", ".bin", ".npy")

# The prefix that the bucket's own browser page puts before a downloaded file's name.
_PREFIX = re.compile("^full_(simplified|binary|numpy_bitmap|raw)_")


def category_of(path: Path) -> str:
    """The category that a file's name says: ``aircraft carrier`` of ``aircraft_carrier.bin``."""
    name = next((path.name.removesuffix(s) for s in SUFFIXES if path.name.endswith(s)), path.stem)
    return _PREFIX.sub("", name).replace("_", " ")


def find_files(path: str, categories: Sequence[str]) -> list[Path]:
    """Files of a file, folder (searched with its subfolders) or glob, sorted.

    Args:
        path: Names them.
        categories: Keep those of these categories only; all if there are none.

    Raises:
        DataError: There is no such file, or none of a category.
    """
    named = Path(path).expanduser()
    # A name with brackets is a name first and a pattern second.
    found = [named] if named.exists() else map(Path, glob.glob(str(named), recursive=True))
    files = {file for match in found for file in (_inside(match) if match.is_dir() else [match])}
    if not files:
        raise DataError(
            f"quickdraw {path}: no such file, and no {' or '.join(SUFFIXES)} in such a folder: "
            "correct path="
        )
    if not categories:
        return sorted(files)
    kept = {category: _of_category(category, files, path) for category in categories}
    return sorted({file for own in kept.values() for file in own})


def _of_category(category: str, files: Iterable[Path], path: str) -> list[Path]:
    known = {file: category_of(file) for file in files}
    wanted = category.replace("_", " ").casefold()
    if own := [file for file, name in known.items() if name.casefold() == wanted]:
        return own
    names = sorted(set(known.values()))
    shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    raise DataError(
        f'quickdraw {path}: no category "{category}".{did_you_mean(category, names)} '
        f"There are {shown}"
    )


def _inside(folder: Path) -> list[Path]:
    return [f for f in folder.rglob("*") if f.name.endswith(SUFFIXES) and not f.is_dir()]
