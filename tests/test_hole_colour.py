"""Holes that are painted with a colour: all of the paint, its soft rim too, and little else."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from zoo.errors import UsageError
from zoo.sketch.hole_colour import colour_hole, named_colour
from zoo.sketch.picture import Picture


def painted(colour: str, blur: float = 0.0, scale: int = 4) -> tuple[Image.Image, np.ndarray]:
    """A drawing in black on cream with a disc of paint, antialiased, and where the paint is."""
    size = (160 * scale, 120 * scale)
    image, paint = Image.new("RGB", size, (250, 244, 225)), Image.new("L", size)
    pen = ImageDraw.Draw(image)
    for x in range(10, 160, 25):
        pen.line([(x * scale, 0), ((x + 20) * scale, size[1])], "black", 3 * scale)
    ImageDraw.Draw(paint).ellipse([50 * scale, 30 * scale, 110 * scale, 90 * scale], 255)
    image.paste(colour, mask=paint.filter(ImageFilter.GaussianBlur(blur * scale)))
    small = (160, 120)
    return image.resize(small, Image.Resampling.BOX), np.asarray(
        paint.resize(small, Image.Resampling.BOX)
    ) > 127


def compressed(image: Image.Image, quality: int) -> Image.Image:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


@pytest.mark.parametrize("colour", ["red", "lime", "blue", "#ff00ff", "orange"])
@pytest.mark.parametrize("harm", ["none", "soft", "jpeg 90", "jpeg 60"])
def test_no_rim_of_the_paint_remains(colour: str, harm: str) -> None:
    image, where = painted(colour, blur=1.5 if harm == "soft" else 0)
    if harm.startswith("jpeg"):
        image = compressed(image, int(harm.split()[1]))
    pixels = np.asarray(image)
    hole = colour_hole(Picture(pixels), colour, "page.png")
    assert hole[where].all()
    # What is outside is black, cream, or between: paint would be a tint.
    assert _tint(pixels, colour)[~hole].max() <= 0.15
    distance = np.hypot(*(np.indices(where.shape) - np.array([59.5, 79.5])[:, None, None]))
    assert not hole[distance > 30 + 10].any()


def _tint(pixels: np.ndarray, colour: str) -> np.ndarray:
    """How much of the paint is in a pixel, by its chroma."""
    paint = np.array(named_colour(colour), float)
    cream = np.array([250, 244, 225.0])
    axes = np.stack([paint - paint.mean(), np.ones(3)], axis=1)
    chroma = (pixels - pixels.mean(-1, keepdims=True)) @ axes[:, 0]
    ground = (cream - cream.mean()) @ axes[:, 0]
    return (chroma - max(ground, 0)) / (axes[:, 0] @ axes[:, 0])


@pytest.mark.parametrize("shade", ["#ed1c24", "#e00010", "#ff2a2a"])
def test_a_brush_need_not_be_exact(shade: str) -> None:
    image, where = painted(shade)
    assert colour_hole(Picture(np.asarray(image)), "red", "page.png")[where].all()


def test_grey_paint_is_not_the_edge_of_a_line() -> None:
    image, where = painted("#a0a0a0")
    hole = colour_hole(Picture(np.asarray(image)), "#a0a0a0", "page.png")
    assert hole[where].all()
    assert hole.mean() < where.mean() + 0.1


def test_pictures_of_every_depth() -> None:
    grey = np.full((20, 30), 255, np.uint8)
    grey[5:9, 7:12] = 100
    expected = np.zeros(grey.shape, bool)
    expected[4:10, 6:13] = True
    for pixels in (grey[..., None], grey[..., None].astype(np.uint16) * 257):
        assert np.array_equal(colour_hole(Picture(pixels), "#646464", "p"), expected)
    clear = np.zeros((*grey.shape, 4), np.uint8)
    clear[..., 0], clear[..., 3] = 255, np.where(grey == 100, 255, 0)
    assert np.array_equal(colour_hole(Picture(clear), "red", "p"), expected)


def test_what_cannot_be_is_one_line_with_the_fix() -> None:
    page = Picture(np.asarray(painted("#00ff00")[0]))
    with pytest.raises(UsageError, match=r'"reddish" is no colour: give a usual name'):
        colour_hole(page, "reddish", "page.png")
    with pytest.raises(UsageError, match=r"nothing of page.png is red; .* near #0[0-9a-f]f"):
        colour_hole(page, "red", "page.png")
    blank = Picture(np.full((9, 9, 3), 255, np.uint8))
    with pytest.raises(UsageError, match="paint over what is to be redrawn"):
        colour_hole(blank, "red", "page.png")
