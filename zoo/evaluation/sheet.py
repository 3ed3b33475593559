"""A picture of drawings side by side: original, masked, and two completions with their scores."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from zoo.evaluation.task import Case

_LEAST = 160  # pixels of a panel
_GAP = 6
_CAPTION = 20
_GROUND = (235, 235, 235)
_PAPER, _HOLE, _INK = (np.array(c, np.float32) for c in ((255,) * 3, (255, 226, 190), (0,) * 3))


@dataclass(frozen=True, eq=False)
class Shown:
    """A drawing of the sheet.

    Attributes:
        case: The drawing and its hole.
        drawn: Ink (H, W) of both completions.
        scores: Theirs.
    """

    case: Case
    drawn: tuple[np.ndarray, np.ndarray]
    scores: tuple[float, float]


def draw_sheet(shown: Sequence[Shown], names: tuple[str, str], score: str) -> bytes:
    """A PNG with two drawings a line; the hole is tinted."""
    blocks = [_block(one, names, score) for one in shown]
    width, height = blocks[0].size
    columns = min(2, len(blocks))
    lines = -(-len(blocks) // columns)
    gap = 3 * _GAP
    sheet = Image.new("RGB", (columns * (width + gap) + gap, lines * (height + gap) + gap), _GROUND)
    for number, block in enumerate(blocks):
        line, column = divmod(number, columns)
        sheet.paste(block, (gap + column * (width + gap), gap + line * (height + gap)))
    file = io.BytesIO()
    sheet.save(file, format="PNG")
    return file.getvalue()


def _block(one: Shown, names: tuple[str, str], score: str) -> Image.Image:
    """Four panels with captions."""
    case = one.case
    completed = [np.where(case.mask > 0, drawn, case.target) for drawn in one.drawn]
    title = f"{case.label} {case.key}".strip()
    captions = [
        title,
        f"{case.removed:.0%} of the ink hidden",
        *(f"{name}: {score} {value:.2f}" for name, value in zip(names, one.scores, strict=True)),
    ]
    pictures = [
        _panel(case.target, np.zeros_like(case.mask)),
        *(_panel(ink, case.mask) for ink in (case.masked, *completed)),
    ]
    side = pictures[0].width
    block = Image.new("RGB", (4 * (side + _GAP) - _GAP, side + _CAPTION), _GROUND)
    draw = ImageDraw.Draw(block)
    font = ImageFont.load_default(12)
    for number, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        left = number * (side + _GAP)
        block.paste(picture, (left, _CAPTION))
        draw.text((left, 2), _shortened(caption, font, side), fill=(30, 30, 30), font=font)
    return block


def _panel(ink: np.ndarray, mask: np.ndarray) -> Image.Image:
    """Black ink on white paper, the hole tinted."""
    ground = np.where(mask[..., None] > 0, _HOLE, _PAPER)
    pixels = np.rint(ground + (_INK - ground) * ink[..., None]).astype(np.uint8)
    scale = -(-_LEAST // pixels.shape[0])
    size = (pixels.shape[1] * scale, pixels.shape[0] * scale)
    return Image.fromarray(cv2.resize(pixels, size, interpolation=cv2.INTER_NEAREST))


def _shortened(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    """As much of a text as fits, with an ellipsis in its middle."""
    if font.getlength(text) <= width:
        return text
    for kept in range(len(text) - 1, 1, -1):
        short = f"{text[: kept - kept // 2]}…{text[len(text) - kept // 2 :]}"
        if font.getlength(short) <= width:
            return short
    return text[:1]
