"""Completed drawings as files: written by the zoo or by anybody, judged like a model.

One 8-bit grey PNG a drawing, white paper and black ink. ``predictions.json`` beside them may say
the threshold; without it, it is 0.5.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from urllib.parse import quote

import numpy as np
from PIL import Image

from zoo.errors import DataError
from zoo.files import write_file
from zoo.sketch.image import opaque_tone, open_image
from zoo.sketch.levels import levels_of_ink
from zoo.sketch.picture import Picture, png_bytes

_LONGEST = 200
_ABOUT = "predictions.json"


def file_name(key: str) -> str:
    """The PNG file of a drawing: its key, with what no file name should hold escaped as in URLs."""
    name = quote(key, safe=" ", errors="surrogatepass") or "%"
    if name.startswith((".", "-", " ")):
        name = f"%{ord(name[0]):02X}{name[1:]}"
    if len(name) > _LONGEST:
        name = f"{name[: _LONGEST - 41]}-{sha1(key.encode('utf-8', 'surrogatepass')).hexdigest()}"
    return f"{name}.png"


def write_ink(path: Path, ink: np.ndarray) -> None:
    """Write ink (H, W) in [0, 1] as a grey PNG: white paper, black ink."""
    path.write_bytes(png_bytes(Picture((255 - levels_of_ink(ink))[..., None])))


def write_threshold(folder: Path, threshold: float) -> None:
    """Say from where on the ink of these predictions counts as a line."""
    write_file(folder / _ABOUT, json.dumps({"threshold": threshold}) + "\n")


def read_threshold(folder: Path) -> float:
    """What ``write_threshold`` said; 0.5 if nothing was said.

    Raises:
        DataError: The file is damaged.
    """
    file = folder / _ABOUT
    if not file.exists():
        return 0.5
    try:
        threshold = float(json.loads(file.read_text(encoding="utf-8"))["threshold"])
        if not 0 < threshold < 1:
            raise ValueError(f"threshold {threshold} is not within (0, 1)")
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise DataError(f'{file}: not {{"threshold": 0.5}}: {error}') from None
    return threshold


@dataclass(frozen=True)
class Predictions:
    """A completer that reads what was completed before.

    Attributes:
        folder: Where the files are.
    """

    folder: Path

    def __call__(
        self, keys: Sequence[str], images: np.ndarray, masks: np.ndarray, seeds: Sequence[int]
    ) -> np.ndarray:
        """The completions of these drawings: ``zoo.contracts.completer``. Seeds do not matter.

        Raises:
            DataError: A file is missing, unreadable or of another size.
        """
        return np.stack([self.read(key, *images.shape[1:3]) for key in keys])[..., None]

    def read(self, key: str, height: int, width: int) -> np.ndarray:
        """Ink (H, W) of a drawing.

        Raises:
            DataError: As above.
        """
        path = self.folder / file_name(key)
        if not path.is_file():
            raise DataError(f"{path}: missing: there must be a completion of every drawing")
        picture: Image.Image = open_image(path)
        if picture.size != (width, height):
            raise DataError(
                f"{path}: {picture.width}x{picture.height} pixels: it must be {width}x{height}"
            )
        return (1 - opaque_tone(picture, white=True)).astype(np.float32)
