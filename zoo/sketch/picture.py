"""Painting completed ink into a picture, in its own mode, colours and resolution."""

import numpy as np
from PIL import Image

# Where a pixel counts as line or as paper when their colours are looked up.
_LINE, _PAPER = 0.5, 0.05


def picture_pixels(image: Image.Image) -> np.ndarray:
    """The decoded pixels of an image.

    Modes with a palette become RGB or RGBA, black and white becomes grey, CMYK and others RGB;
    grey, RGB and 16-bit grey stay, with or without alpha.

    Returns:
        (H, W, C) uint8 or uint16.
    """
    if image.mode.startswith("I;16"):
        return np.asarray(image)[..., None]
    if image.mode == "I":
        return np.clip(np.asarray(image), 0, 65535).astype(np.uint16)[..., None]
    if image.mode == "1":
        image = image.convert("L")
    elif image.mode not in ("L", "LA", "RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif "transparency" in image.info:
        image = image.convert("LA" if image.mode == "L" else "RGBA")
    pixels = np.asarray(image)
    return pixels if pixels.ndim == 3 else pixels[..., None]


def picture_image(pixels: np.ndarray) -> Image.Image:
    """The image of decoded pixels (H, W, C)."""
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def paint(pixels: np.ndarray, ink: np.ndarray, drawn: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """Paint ink into the hole, in the colours of the visible line and paper.

    Args:
        pixels: (H, W, C) uint8 or uint16, with alpha in the last channel if C is 2 or 4.
        ink: (H, W) the ink of these pixels, in [0, 1].
        drawn: (H, W) the completed ink, in [0, 1].
        hole: (H, W) bool.

    Returns:
        A copy of the pixels; outside of the hole every value is the original's.
    """
    # An undefined pixel (nothing visible is line, or paper) falls back to black on white.
    top = np.iinfo(pixels.dtype).max
    channels = pixels.shape[-1]
    black, white = np.zeros(channels), np.full(channels, float(top))
    if channels in (2, 4):
        black[-1] = top
    line = _typical(pixels[~hole & (ink > _LINE)], black)
    paper = _typical(pixels[~hole & (ink < _PAPER)], white)
    result = pixels.copy()
    result[hole] = np.round(_blend(paper, line, drawn[hole][:, None], top, channels))
    return result


def _typical(pixels: np.ndarray, default: np.ndarray) -> np.ndarray:
    return np.median(pixels, axis=0) if len(pixels) else default


def _blend(
    paper: np.ndarray, line: np.ndarray, share: np.ndarray, top: int, channels: int
) -> np.ndarray:
    if channels not in (2, 4):
        return paper + share * (line - paper)
    # Weighted by alpha: transparent paper has no colour of its own to bleed into the line.
    alpha = paper[-1] + share * (line[-1] - paper[-1])
    weight = np.divide(share * line[-1], alpha, out=np.zeros_like(share), where=alpha > 0)
    colour = paper[:-1] + weight * (line[:-1] - paper[:-1])
    return np.concatenate([colour, np.clip(alpha, 0, top)], axis=1)
