"""Completing a picture that came over the network: data URLs in, data URLs and SVG out."""

import base64
import binascii
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import zoo

LARGEST = 25_000_000
"""Pixels that a picture may have."""
MOST = 8
"""Completions in one answer."""
# Of 255: less than a pencil line has.
_CONTRAST = 13


@dataclass(frozen=True)
class Completion:
    """One completion.

    Attributes:
        png: The completed picture as a data URL.
        svg: The new strokes as an SVG document of the picture's size.
    """

    png: str
    svg: str


def complete(model: Any, image: str, mask: str, count: int, seed: int) -> list[Completion]:
    """Complete a picture; nothing of it stays on disk.

    Args:
        model: What ``zoo.load`` gave.
        image: Data URL of the picture, of any format that ``zoo.complete`` reads.
        mask: Data URL of a picture of the same size, white = hole; empty: what is transparent.
        count: How many different completions.
        seed: Of the first.

    Raises:
        ZooError: Something is wrong with what was given; one sentence.
    """
    if not 1 <= count <= MOST:
        raise zoo.UsageError(f"{count} completions: ask for 1 to {MOST}")
    if seed < 0:
        raise zoo.UsageError(f"seed {seed} is negative: give 0 or more")
    if count > 1 and not model.takes_noise:
        raise zoo.UsageError("this model gives one completion of a drawing: ask for 1")
    with tempfile.TemporaryDirectory(prefix="zoo-studio-") as name:
        folder = Path(name)
        picture = _unpack(image, folder / "picture")
        hole = _unpack(mask, folder / "mask") if mask else None
        _check_drawn(picture, hole)
        try:
            paths = zoo.complete(
                picture,
                model=model,
                mask=hole,
                out=folder / "done.png",
                samples=count,
                seed=seed,
                vector=True,
            )
        except zoo.ZooError as error:
            # Where the picture lies for the moment tells the person nothing.
            raise type(error)(str(error).replace(f"{folder}/", "the ")) from None
        pictures = [path for path in paths if path.suffix == ".png"]
        return [
            Completion(_pack(path), path.with_suffix(".svg").read_text(encoding="utf-8"))
            for path in pictures
        ]


def _unpack(url: str, path: Path) -> Path:
    head, _, body = url.partition(",")
    if not (head.startswith("data:image/") and head.endswith(";base64")):
        raise zoo.UsageError(f"the {path.name} is no data URL: data:image/png;base64,…")
    try:
        path.write_bytes(base64.b64decode(body, validate=True))
    except (binascii.Error, ValueError):
        raise zoo.DataError(f"the {path.name} is no base64: it was cut or changed") from None
    _check_size(path)
    return path


def _check_size(path: Path) -> None:
    """Read the head of a file, and no pixels; what is no picture, ``zoo.complete`` says."""
    try:
        with Image.open(path) as image:
            width, height = image.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return
    if width * height > LARGEST:
        raise zoo.DataError(
            f"the {path.name} has {width}x{height} pixels; the studio takes up to "
            f"{LARGEST / 1e6:.0f} million: make it smaller, or use zoo complete"
        )


def _check_drawn(picture: Path, hole: Path | None) -> None:
    """Refuse a page with nothing on it but the mark: it would be filled with a guess."""
    try:
        with Image.open(picture) as image, Image.open(hole or picture) as mask:
            grey = np.asarray(image.convert("L"))
            hidden = np.asarray(mask.convert("RGBA") if hole else image.convert("RGBA"))
    except (OSError, SyntaxError, ValueError):
        return
    seen = hidden[..., :4].min(-1) < 128 if hole else hidden[..., 3] >= 128
    if seen.shape == grey.shape and seen.any() and np.ptp(grey[seen]) < _CONTRAST:
        raise zoo.DataError(
            "the page is empty but for the mark: draw something for it to go on from"
        )


def _pack(path: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"
