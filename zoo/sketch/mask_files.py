"""Mask family ``files``: holes from a folder of images."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from zoo.contracts.mask import Grow, MaskFamily
from zoo.errors import DataError
from zoo.sketch.hole import hole_pixels, resize_hole
from zoo.sketch.image import IMAGE_SUFFIXES
from zoo.sketch.options import FilesOptions
from zoo.sketch.picture import open_picture


def build(options: FilesOptions) -> MaskFamily:
    """Of some masks picked at random, the one that removes the nearest to the asked share of ink.

    Raises:
        DataError: The folder holds no image, or one that cannot be read or covers nothing.
    """
    masks = [_packed(file) for file in _files(options.path)]

    def family(
        rng: np.random.Generator,
        ink: np.ndarray,
        strokes: Sequence[np.ndarray] | None,
        progress: float,
    ) -> Grow:
        picked = rng.choice(len(masks), min(options.choices, len(masks)), replace=False)
        holes = [_unpacked(bits, size, ink.shape) for bits, size in map(masks.__getitem__, picked)]
        holes.sort(key=lambda hole: float(np.vdot(ink, hole)))

        def grow(s: float) -> np.ndarray:
            return holes[min(int(s * len(holes)), len(holes) - 1)]

        return grow

    return family


def _files(path: str) -> list[Path]:
    folder = Path(path)
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise DataError(f"folder {path} {what}: give a folder of masks as path=")
    files = [f for f in folder.rglob("*") if f.suffix.lower() in IMAGE_SUFFIXES and f.is_file()]
    if not files:
        raise DataError(f"folder {path} holds no image: put masks there (white = hole)")
    return sorted(files)


def _packed(file: Path) -> tuple[np.ndarray, tuple[int, int]]:
    """Its pixels as bits, and its shape."""
    hole = hole_pixels(open_picture(file))
    if not hole.any():
        raise DataError(f"mask {file} covers nothing: paint white what is a hole, or remove it")
    return np.packbits(hole), (hole.shape[0], hole.shape[1])


def _unpacked(bits: np.ndarray, shape: tuple[int, int], wanted: tuple[int, ...]) -> np.ndarray:
    hole = np.unpackbits(bits, count=shape[0] * shape[1]).reshape(shape)
    return hole.astype(np.float32) if shape == wanted else resize_hole(hole, wanted)
