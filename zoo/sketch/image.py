"""From image files to ink: the only place where pixels become sketches."""

import math
import warnings
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from zoo.errors import DataError, UsageError

InkTone = Literal["dark", "light", "auto"]

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"})

_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
# Depths of 1, 8, 12 and 16 bits, as whole numbers or as floats in [0, 1].
_WHITES = (1.0, 255.0, 4095.0, 65535.0)
# What a page needs to be more than paper: contrast in all, and relative to the paper's own noise.
_CONTRAST, _NOISE_RATIO = 0.1, 6.0


def open_image(path: Path | str) -> Image.Image:
    """Read a PNG, JPEG, BMP, GIF, TIFF or WebP file.

    Returns:
        The first frame, fully decoded and upright (EXIF orientation applied), in its own mode.

    Raises:
        DataError: The file is missing, cut short, too large or no image of these formats.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=_FORMATS) as image:
                image.load()
                return ImageOps.exif_transpose(image)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except UnidentifiedImageError:
        raise DataError(f"{path}: not an image ({', '.join(_FORMATS)})") from None
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        limit = f"{Image.MAX_IMAGE_PIXELS:,}"
        raise DataError(f"{path}: more than {limit} pixels, the limit: make it smaller") from None
    except Exception as error:  # Pillow's decoders raise whatever a broken file leads them to.
        reason = getattr(error, "strerror", None) or " ".join(str(error).split()) or repr(error)
        raise DataError(f"{path}: cannot be read as an image ({reason})") from None


def ink_of(image: Image.Image, ink: InkTone = "dark") -> np.ndarray:
    """Tell ink from paper.

    The paper's own tone becomes 0 and the ink's 1; a page of one tone is blank.

    Args:
        image: Of any mode.
        ink: Dark lines on light paper, light on dark, or whichever leaves the most paper.
            Transparency counts as white paper under dark ink and black paper under light ink.

    Returns:
        (H, W) float32 in [0, 1], ink = 1.
    """
    tone, alpha = _tone_and_alpha(image)
    if ink == "auto":
        # A ground that is mostly clear shows a light drawing on black, a dark one on white;
        # clear corners of an opaque page are paper like the rest of it.
        mostly_clear = alpha.mean() < 0.5
        light = float((alpha * (tone > 0.5)).sum()) > float(alpha.sum()) / 2
        white = bool(mostly_clear != light)
    else:
        white = ink == "dark"
    tone = tone * alpha + (1 - alpha) * white
    if ink == "auto":
        ink = "dark" if (tone > _middle(tone)).mean() >= 0.5 else "light"
    return _stretch(1 - tone if ink == "dark" else tone)


def fit_ink(ink: np.ndarray, height: int, width: int, margin: float = 0.0) -> np.ndarray:
    """Scale a page into the image, its aspect kept, and centre it on paper.

    Lines that would become thinner than a pixel keep their strength instead of fading to grey.

    Args:
        ink: (h, w) float32 in [0, 1], ink = 1.
        height: Of the result, in pixels.
        width: Of the result, in pixels.
        margin: Pixels of paper around the page.

    Returns:
        (height, width) float32 in [0, 1].

    Raises:
        UsageError: The margin leaves no room.
    """
    room_h, room_w = height - 2 * margin, width - 2 * margin
    if min(room_h, room_w) < 1:
        raise UsageError(
            f"a margin of {margin:g} pixels leaves no room in {height}x{width}: "
            f"it must be at most {(min(height, width) - 1) / 2:g}"
        )
    h, w = ink.shape
    scale = min(room_h / h, room_w / w)
    rows, columns = max(1, round(h * scale)), max(1, round(w * scale))
    top, left = (height - rows) // 2, (width - columns) // 2
    fitted = np.zeros((height, width), np.float32)
    fitted[top : top + rows, left : left + columns] = scale_ink(ink, rows, columns)
    return fitted


def scale_ink(ink: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Scale a page, its aspect about kept.

    Lines that would become thinner than a pixel keep their strength instead of fading to grey.

    Args:
        ink: (h, w) float32 in [0, 1], ink = 1.
        rows: Height of the result, in pixels.
        columns: Width of the result, in pixels.

    Returns:
        (rows, columns) float32 in [0, 1].
    """
    shrinks = rows * columns < ink.size
    return _shrink(ink, rows, columns) if shrinks else _enlarge(ink, rows, columns)


def opaque_tone(image: Image.Image, white: bool) -> np.ndarray:
    """Luminance (H, W) float32 in [0, 1] on a white or black ground."""
    tone, alpha = _tone_and_alpha(image)
    return tone * alpha + (1 - alpha) * white


def _tone_and_alpha(image: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """Luminance and opacity, (H, W) float32 in [0, 1]."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        values = np.nan_to_num(np.asarray(image).astype(np.float32)).clip(0)
        top = float(values.max())
        tone = values / next((white for white in _WHITES if white >= top), top)
        return tone, np.ones_like(tone)
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        alpha = np.asarray(rgba.getchannel("A"), np.float32) / 255
        return np.asarray(rgba.convert("RGB").convert("L"), np.float32) / 255, alpha
    if image.mode not in ("1", "L"):
        image = image.convert("RGB")
    tone = np.asarray(image.convert("L"), np.float32) / 255
    return tone, np.ones_like(tone)


def _middle(tone: np.ndarray) -> float:
    return (float(tone.min()) + float(tone.max())) / 2


def _stretch(darkness: np.ndarray) -> np.ndarray:
    """Map paper to 0 and ink to 1, where darkness is 0 for the best paper."""
    middle = _middle(darkness)
    paper, ink = darkness[darkness <= middle], darkness[darkness > middle]
    if not ink.size:
        return np.zeros_like(darkness)
    level = float(np.median(paper))
    # 1.4826 times the median deviation is the standard deviation of normal noise. At least a grey
    # level: paper that is clipped at white seems to have none.
    noise = max(1 / 255, 1.4826 * float(np.median(np.abs(paper - level))))
    # Not the darkest pixel, which may be a speck, but a tone that a tenth of the ink has.
    contrast = float(np.percentile(ink, 90)) - level
    if contrast < max(_CONTRAST, _NOISE_RATIO * noise):
        return np.zeros_like(darkness)
    floor = min(3 * noise, contrast / 3)
    return ((darkness - level - floor) / (contrast - floor)).clip(0, 1).astype(np.float32)


def _enlarge(ink: np.ndarray, rows: int, columns: int) -> np.ndarray:
    return cv2.resize(ink, (columns, rows), interpolation=cv2.INTER_CUBIC).clip(0, 1)


def _shrink(ink: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Average by area, then make up for what lines thinner than a pixel and a half lost.

    A pixel and a half, so that also a line on the border of two pixels keeps three quarters.
    """
    mean = cv2.resize(ink, (columns, rows), interpolation=cv2.INTER_AREA)
    thickness = line_width(ink) * math.sqrt(rows * columns / ink.size)
    peak = _block_max(_block_max(ink, rows, 0), columns, 1)
    return np.minimum(mean * max(1.0, 1.5 / thickness), peak)


def line_width(ink: np.ndarray) -> float:
    """Width in pixels of a drawing's typical line; 1 of a blank page.

    The median over ridges of the ink around a ridge pixel, in a square just wider than the line.

    Args:
        ink: (H, W) float32 in [0, 1], ink = 1.
    """
    if not ink.any():
        return 1.0
    ink = ink / ink.max()
    solid = (ink > 0.5).astype(np.uint8)
    distance = cv2.distanceTransform(
        cv2.copyMakeBorder(solid, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0), cv2.DIST_L2, 3
    )
    ridge = (distance > 0) & (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8)))
    side = 2 * math.ceil(np.median(distance[ridge])) + 1
    around = cv2.boxFilter(ink, -1, (side, side), borderType=cv2.BORDER_CONSTANT)
    return side * float(np.median(around[ridge[1:-1, 1:-1]]))


def _block_max(ink: np.ndarray, count: int, axis: int) -> np.ndarray:
    """Greatest value of each of ``count`` equal blocks, those that a pixel straddles included."""
    size = ink.shape[axis]
    edges = np.arange(count + 1) * size
    starts, ends = edges[:-1] // count, -(-edges[1:] // count)
    # Every second range that reduceat makes lies between two blocks. The last end needs a row.
    padded = np.pad(ink, [(0, 1), (0, 0)] if axis == 0 else [(0, 0), (0, 1)])
    ranges = np.stack([starts, ends], axis=1).ravel()
    return np.maximum.reduceat(padded, ranges, axis=axis).take(range(0, 2 * count, 2), axis=axis)
