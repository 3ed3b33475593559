"""Which picture is completed with which mask, and what the completion's file is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from zoo.errors import DataError, UsageError
from zoo.sketch.image import IMAGE_SUFFIXES


@dataclass(frozen=True)
class Job:
    """One picture to complete.

    Attributes:
        image: Its file.
        mask: The file of its mask, or None.
        outputs: The PNG files to write, one for each sample.
    """

    image: Path
    mask: Path | None
    outputs: tuple[Path, ...]


def plan_jobs(image: Path, mask: Path | None, out: Path | None, samples: int) -> list[Job]:
    """Plan a file's completion, or that of every picture in a folder, in order of their names.

    Args:
        image: A picture, or a folder: its image files, not those of subfolders or hidden ones.
        mask: A picture, or for a folder also a folder with a mask of the same stem for each.
        out: PNG file or folder to write; default ``NAME-completed.png`` or ``NAME-completed``
            beside the image. A folder is made when there is something to write.
        samples: How many completions of each; with several, ``-1``, ``-2``, … end their names.

    Raises:
        UsageError: The mask or the output does not fit, or it would overwrite an input.
        DataError: There is no such file or no picture in the folder, or nothing can be written.
    """
    if not image.is_dir():
        if mask is not None and mask.is_dir():
            raise UsageError(f"mask {mask} is a folder, but {image} is one picture: name a file")
        png = out or image.with_name(f"{image.stem}-completed.png")
        if png.suffix.lower() != ".png":
            raise UsageError(f"{png}: completions are written as PNG: name it {png.stem}.png")
        if not png.parent.is_dir():
            raise DataError(f"{png}: {png.parent} is not a folder: make it first")
        return [_job(image, mask, png, samples)]
    named = image if image.name not in ("", "..") else image.resolve()
    folder = out or Path(f"{named}-completed")
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is no folder, but {image} is: choose another --out")
    images = [path for path in _pictures(image) if mask is None or not _same(path, mask)]
    if not images:
        raise DataError(f"{image}: no picture in it ({', '.join(sorted(IMAGE_SUFFIXES))})")
    masks = _masks(images, mask)
    return [
        _job(path, masks[path], folder / name, samples)
        for path, name in zip(images, _names(images), strict=True)
    ]


def _job(image: Path, mask: Path | None, png: Path, samples: int) -> Job:
    outputs: tuple[Path, ...] = (png,)
    if samples > 1:
        outputs = tuple(png.with_name(f"{png.stem}-{i + 1}.png") for i in range(samples))
    for path in outputs:
        if path.is_dir():
            raise DataError(f"{path} is a folder: choose another --out")
        if any(_same(path, given) for given in (image, mask) if given is not None):
            raise UsageError(f"{path} is the input: choose another --out")
    return Job(image, mask, outputs)


def _pictures(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in IMAGE_SUFFIXES and path.name[0] != "." and path.is_file()
    )


def _names(images: Sequence[Path]) -> list[str]:
    """Names of the completions: ``cat.png``, but ``cat.jpg.png`` if two have the same stem."""
    stems = [path.stem for path in images]
    unique = len({*stems}) == len(stems)
    return [f"{path.stem if unique else path.name}.png" for path in images]


def _masks(images: Sequence[Path], mask: Path | None) -> dict[Path, Path | None]:
    if mask is None or not mask.is_dir():
        return dict.fromkeys(images, mask)
    by_stem = {path.stem: path for path in _pictures(mask)}
    # One that is missing is an error of that picture alone, when it is opened.
    return {path: by_stem.get(path.stem, mask / f"{path.stem}.png") for path in images}


def _same(path: Path, other: Path) -> bool:
    return path.exists() and other.exists() and path.samefile(other)
