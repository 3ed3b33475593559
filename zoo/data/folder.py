"""Source ``folder``: image files."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from zoo.contracts.source import Sketch, Source
from zoo.data.options import FolderOptions
from zoo.errors import DataError
from zoo.sketch.image import IMAGE_SUFFIXES, InkTone, ink_of, open_image


@dataclass(frozen=True)
class _Folder:
    root: Path
    keys: tuple[str, ...]
    skipped: tuple[str, ...]
    ink: InkTone
    scan: bool

    def __len__(self) -> int:
        return len(self.keys)

    def group(self, index: int) -> str:
        return self.keys[index]

    def __getitem__(self, index: int) -> Sketch:
        key = self.keys[index]
        file = self.root / key
        image = open_image(file)
        raster = _scanned(image, self.ink) if self.scan else ink_of(image, self.ink)
        return Sketch(key=key, group=key, label=file.parent.name, raster=raster)


def build(options: FolderOptions) -> Source:
    """Open a folder and its subfolders; a drawing's label is the name of the folder it lies in.

    Every image is decoded once here: nothing less finds a JPEG that is cut short. Images that
    cannot be decoded are skipped; files with other suffixes and run directories are none of its
    business.

    Raises:
        DataError: There is no such folder, or no image in it that can be read.
    """
    root = Path(options.path).expanduser().resolve()
    if not root.is_dir():
        what = "is a file" if root.exists() else "does not exist"
        raise DataError(f"folder {options.path} {what}: give a folder of images as path=")
    # Samples and curves of trainings in the same place are no drawings.
    runs = {log.parent for log in root.rglob("metrics.jsonl")}
    files = sorted(
        file.relative_to(root).as_posix()
        for file in root.rglob("*")
        if file.suffix.lower() in IMAGE_SUFFIXES
        and not file.is_dir()
        and runs.isdisjoint(file.parents)
    )
    keys, skipped = [], []
    for key in files:
        try:
            open_image(root / key)
        except DataError as error:
            skipped.append(str(error))
        else:
            keys.append(key)
    if not files:
        suffixes = " ".join(sorted(IMAGE_SUFFIXES))
        raise DataError(f"folder {options.path} holds no image: put files there ({suffixes})")
    if not keys:
        raise DataError(
            f"folder {options.path}: none of {len(files)} images can be read; "
            f"the first is {skipped[0]}"
        )
    return _Folder(root, tuple(keys), tuple(skipped), options.ink, options.scan)


def _scanned(image: Image.Image, ink: InkTone) -> np.ndarray:
    # Here, because scikit-image takes a while to import.
    from zoo.sketch.scan import scan_ink

    return scan_ink(image, ink)
