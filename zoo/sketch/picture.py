"""Pictures: reading their own pixels, painting completed ink into them, writing PNG."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from zoo.errors import DataError
from zoo.sketch.image import ink_of, opaque_tone, open_image
from zoo.sketch.paper import evenly_lit, paper_at

# Up to where a pixel is paper, and from where on it can be line.
_PAPER, _LINE = 0.05, 0.5
# A line's colour is that of its strongest pixels: weaker ones are mixed with paper at its edge.
_STRONG = 0.9
# So many pixels tell what colour most of them have.
_ENOUGH = 100_000

_GREY = ("1", "L", "LA", "La")
# What a colour profile means is lost when these become RGB.
_OTHER_COLOURS = ("CMYK", "YCbCr", "LAB", "HSV")


@dataclass(frozen=True)
class Picture:
    """The decoded pixels of an image file.

    Attributes:
        pixels: (H, W, C) uint8: grey, grey + alpha, RGB or RGBA; or (H, W, 1) uint16: grey.
        profile: The ICC colour profile in which these numbers are colours, if the file has one.
    """

    pixels: np.ndarray
    profile: bytes | None = None


def open_picture(path: Path | str) -> Picture:
    """Read an image file without changing a pixel that PNG can hold.

    Grey, RGB and 16-bit grey stay as they are, with or without alpha. Black and white becomes
    grey; palettes become RGB or RGBA; CMYK and other colour spaces become RGB.

    Raises:
        DataError: It cannot be read (``open_image``), or PNG cannot hold its pixels.
    """
    image = open_image(path)
    profile = None if image.mode in _OTHER_COLOURS else image.info.get("icc_profile")
    try:
        return Picture(_pixels(image), profile)
    except ValueError:
        raise DataError(
            f"{path}: a PNG cannot hold its pixels ({image.mode}): save it with 8 or 16 bits"
        ) from None


def _pixels(image: Image.Image) -> np.ndarray:
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        values = np.asarray(image)
        whole = values.astype(np.uint16)
        if (whole != values).any():
            raise ValueError("not 16-bit grey")
        return whole[..., None]
    mode = "L" if image.mode in _GREY else "RGB"
    mode += "A" if image.has_transparency_data else ""
    pixels = np.asarray(image if image.mode == mode else image.convert(mode))
    return pixels if pixels.ndim == 3 else pixels[..., None]


def png_bytes(picture: Picture) -> bytes:
    """The picture as a PNG file."""
    buffer = BytesIO()
    _image(picture.pixels).save(buffer, format="PNG", icc_profile=picture.profile)
    return buffer.getvalue()


def visible_ink(picture: Picture, hole: np.ndarray) -> np.ndarray:
    """Tell ink from paper, dark lines or light ones, by what is outside of the hole alone.

    Under uneven light, as in photographs, by ``zoo.sketch.scan.scan_ink``.

    Args:
        picture: The drawing.
        hole: (H, W) bool.

    Returns:
        (H, W) float32 in [0, 1], ink = 1; 0 in the hole.
    """
    pixels = picture.pixels.copy()
    visible = pixels[~hole]
    if not len(visible):
        return np.zeros(hole.shape, np.float32)
    pixels[hole] = _typical(visible)
    if evenly_lit(opaque_tone(_image(pixels), white=True), ~hole):
        ink = ink_of(_image(pixels), "auto")
    else:
        # Here, because scikit-image takes a while to import.
        from zoo.sketch.scan import scan_ink

        pixels[hole] = np.rint(paper_at(pixels, ~hole, hole))
        ink = scan_ink(_image(pixels), "auto")
    ink[hole] = 0
    return ink


def paint(
    picture: Picture,
    ink: np.ndarray,
    drawn: np.ndarray,
    hole: np.ndarray,
    parts: Sequence[np.ndarray] | None = None,
) -> Picture:
    """Paint ink into the hole, in the colours that line and paper have around it.

    Args:
        picture: The drawing.
        ink: (H, W) its ``visible_ink``.
        drawn: (H, W) the completed ink, in [0, 1].
        hole: (H, W) bool.
        parts: Parts of the hole, (H, W) bool, each of which has the colours around itself;
            default: the whole.

    Returns:
        The picture with other pixels in the hole, and only there.
    """
    painted = picture.pixels.copy()
    for part in (hole,) if parts is None else parts:
        paper, line = _colours_around(picture.pixels, ink, part, hole)
        painted[part] = np.rint(_blend(paper, line, drawn[part][:, None]))
    return replace(picture, pixels=painted)


def line_colour(
    picture: Picture, ink: np.ndarray, part: np.ndarray, hole: np.ndarray
) -> tuple[int, int, int]:
    """The colour of the lines around a part of the hole: red, green and blue of 255.

    Arguments as for ``paint``.
    """
    _, line = _colours_around(picture.pixels, ink, part, hole)
    colours = line[: _colours(picture.pixels)] * 255 / np.iinfo(picture.pixels.dtype).max
    red, green, blue = np.broadcast_to(np.rint(colours).astype(int), 3).tolist()
    return red, green, blue


def _colours_around(
    pixels: np.ndarray, ink: np.ndarray, part: np.ndarray, hole: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The paper at each pixel of the part (N, C), and the line (C,)."""
    paper = _paper(pixels, ink, part, hole)
    return paper, _line(pixels, ink, part, np.median(paper, axis=0))


def _paper(pixels: np.ndarray, ink: np.ndarray, part: np.ndarray, hole: np.ndarray) -> np.ndarray:
    for window in _windows(part):
        paper = ~hole[window] & (ink[window] <= _PAPER)
        if paper.any():
            return paper_at(pixels[window], paper, part[window])
    return np.full(
        (np.count_nonzero(part), pixels.shape[-1]), np.float32(np.iinfo(pixels.dtype).max)
    )


def _line(pixels: np.ndarray, ink: np.ndarray, part: np.ndarray, paper: np.ndarray) -> np.ndarray:
    for window in _windows(part):
        strongest = ink[window].max()
        if strongest >= _LINE:
            return _typical(pixels[window][ink[window] >= _STRONG * strongest])
    # No line is visible: black, or white on dark paper.
    top = float(np.iinfo(pixels.dtype).max)
    dark = _opacity(paper, top) * (1 - paper[: _colours(pixels)].mean() / top) > 0.5
    line = np.full(pixels.shape[-1], top)
    line[: _colours(pixels)] = top if dark else 0
    return line


def _windows(hole: np.ndarray) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """The hole's surroundings as far as it is wide or high, and the whole page."""
    spans = [np.flatnonzero(hole.any(axis)) for axis in (1, 0)]
    reach = max(int(span[-1] - span[0]) + 1 for span in spans)
    rows, columns = (slice(max(0, s[0] - reach), s[-1] + 1 + reach) for s in spans)
    return (rows, columns), (slice(None), slice(None))


def _typical(pixels: np.ndarray) -> np.ndarray:
    """The median pixel of (N, C)."""
    return np.median(pixels[:: 1 + len(pixels) // _ENOUGH], axis=0)


def _blend(paper: np.ndarray, line: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Pixels (N, C) of which shares (N, 1) are line (C,) and the rest is paper (N, C)."""
    if len(line) not in (2, 4):
        return paper + share * (line - paper)
    # Weighted by alpha: transparent paper has no colour of its own to bleed into the line.
    alpha = paper[:, -1:] + share * (line[-1] - paper[:, -1:])
    weight = np.divide(share * line[-1], alpha, out=np.zeros_like(alpha), where=alpha > 0)
    return np.concatenate([paper[:, :-1] + weight * (line[:-1] - paper[:, :-1]), alpha], axis=1)


def _colours(pixels: np.ndarray) -> int:
    """How many of the channels are colour, not alpha."""
    return int(pixels.shape[-1] - (pixels.shape[-1] in (2, 4)))


def _opacity(pixel: np.ndarray, top: float) -> float:
    return float(pixel[-1]) / top if len(pixel) in (2, 4) else 1.0


def _image(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)
