"""A hole that was painted over with a colour."""

import cv2
import numpy as np
from PIL import ImageColor

from zoo.errors import UsageError
from zoo.sketch.picture import Picture

# How far in CIELAB a pixel may be from the colour that was named: little from a grey, among which
# the soft edges of black lines lie, and more the stronger the colour.
_TOLERANCE, _PER_CHROMA = 15.0, 0.3
# As colourful as this is no paper, faded ink or noise of JPEG.
_COLOURFUL = 40.0
# Less colourful than this is grey.
_GREY = 20.0
# How wide a soft edge may be, in pixels: that of a brush, or of JPEG's chroma in blocks of two.
_FRINGE = 8
# What share of the hole's colour is a rim that one sees.
_RIM = 0.08


def named_colour(name: str) -> tuple[int, int, int]:
    """Red, green and blue of a colour's CSS name or its ``#rrggbb``.

    Raises:
        UsageError: It is neither.
    """
    try:
        return ImageColor.getrgb(name)[:3]
    except ValueError:
        raise UsageError(
            f'"{name}" is no colour: give a usual name such as red, or #rrggbb'
        ) from None


def colour_hole(picture: Picture, colour: str, name: str) -> np.ndarray:
    """What is painted with a colour, its soft edge included.

    A pixel of the hole is near the colour in CIELAB, the nearer the greyer the colour. From there
    the hole grows by up to 8 pixels over whatever is tinged with the colour, and by one more.
    Edges of black lines are grey: of a grey, what is thinner than 3 pixels is not paint.

    Args:
        picture: Of any depth; what is transparent has no colour.
        colour: As for ``named_colour``.
        name: What to call the picture in an error.

    Returns:
        (H, W) bool.

    Raises:
        UsageError: The colour is unknown, or nothing has it.
    """
    asked = _lab(np.array([[named_colour(colour)]], np.uint8))[0, 0]
    rgb, opaque = _rgb_and_opaque(picture)
    lab = _lab(rgb)
    chroma = float(np.hypot(*asked[1:]))
    core = (np.linalg.norm(lab - asked, axis=-1) <= _TOLERANCE + _PER_CHROMA * chroma) & opaque
    if chroma < _GREY:
        core = _dilate(_erode(core))
    if not core.any():
        raise UsageError(f"nothing of {name} is {colour}{_other(rgb, lab, opaque)}")
    grown = _flood(core, _tinged(lab, core), _FRINGE)
    return _dilate(grown)


def _lab(rgb: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def _rgb_and_opaque(picture: Picture) -> tuple[np.ndarray, np.ndarray]:
    pixels = picture.pixels
    if pixels.dtype == np.uint16:
        pixels = (pixels // 257).astype(np.uint8)
    colours = 3 if pixels.shape[-1] >= 3 else 1
    opaque = np.ones(pixels.shape[:2], bool)
    if colours < pixels.shape[-1]:
        opaque = pixels[..., -1] > 127
    return np.broadcast_to(pixels[..., :colours], (*pixels.shape[:2], 3)), opaque


def _other(rgb: np.ndarray, lab: np.ndarray, opaque: np.ndarray) -> str:
    """What to ask for instead."""
    colourful = opaque & (np.hypot(lab[..., 1], lab[..., 2]) > _COLOURFUL)
    if not colourful.any():
        return ": paint over what is to be redrawn with a strong colour"
    red, green, blue = np.median(rgb[colourful], axis=0).astype(int)
    return f"; its strongest colour is near #{red:02x}{green:02x}{blue:02x}: give that"


def _tinged(lab: np.ndarray, core: np.ndarray) -> np.ndarray:
    """Where the colour of the hole is mixed into that of the page: (H, W) bool."""
    tint = np.median(lab[core], axis=0)[1:]
    page = np.median(lab[~core], axis=0)[1:] if not core.all() else tint
    towards = tint - page
    strength = float(towards @ towards)
    if strength < _GREY**2:
        return core
    share: np.ndarray = (lab[..., 1:] - page) @ towards / strength
    return share > _RIM


def _flood(core: np.ndarray, allowed: np.ndarray, steps: int) -> np.ndarray:
    """Grow a region over what is allowed and connected to it, by so many pixels at most."""
    for _ in range(steps):
        core = core | (_dilate(core) & allowed)
    return core


def _erode(region: np.ndarray) -> np.ndarray:
    return ~_dilate(~region)


def _dilate(region: np.ndarray) -> np.ndarray:
    return cv2.dilate(region.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
