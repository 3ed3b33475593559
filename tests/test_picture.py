"""Pictures of every mode: their own pixels are read, painted into and written."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from zoo.errors import DataError
from zoo.sketch.picture import Picture, open_picture, paint, png_bytes, visible_ink

HEIGHT, WIDTH = 40, 56
RED, YELLOW, BLUE = (200, 20, 30), (250, 240, 120), (30, 40, 220)

HOLE = np.zeros((HEIGHT, WIDTH), bool)
HOLE[12:30, 20:40] = True


def drawing(line: object, paper: object, channels: int, dtype: type = np.uint8) -> np.ndarray:
    """Two strokes that run into the hole, (H, W, C)."""
    pixels: np.ndarray = np.empty((HEIGHT, WIDTH, channels), dtype)
    pixels[:] = paper
    pixels[8:11, 4:50] = line
    pixels[4:36, 24:27] = line
    return pixels


def grey() -> Image.Image:
    """Noisy grey, so that a pixel out of place is noticed."""
    noise = np.random.default_rng(0).integers(-20, 20, (HEIGHT, WIDTH))
    return Image.fromarray((drawing(30, 220, 1)[..., 0] + noise).astype(np.uint8))


def colour() -> Image.Image:
    noise = np.random.default_rng(1).integers(0, 5, (HEIGHT, WIDTH, 3))
    return Image.fromarray((drawing(RED, YELLOW, 3) + noise).astype(np.uint8))


def with_alpha(image: Image.Image) -> Image.Image:
    alpha = Image.fromarray(np.random.default_rng(2).integers(0, 256, (HEIGHT, WIDTH), np.uint8))
    image.putalpha(alpha)
    return image


def deep() -> Image.Image:
    return Image.fromarray(np.asarray(grey()).astype(np.uint16) * 257 + 3)


def rotated() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif


# file name, image, how to save it, mode of the pixels
FILES: dict[str, tuple[str, Callable[[], Image.Image], dict[str, object], str]] = {
    "bits": ("x.png", lambda: grey().convert("1"), {}, "L"),
    "bits with a clear colour": ("x.png", lambda: grey().convert("1"), {"transparency": 1}, "LA"),
    "grey": ("x.png", grey, {}, "L"),
    "grey with a clear colour": ("x.png", grey, {"transparency": 220}, "LA"),
    "grey with alpha": ("x.png", lambda: with_alpha(grey()), {}, "LA"),
    "grey of 16 bits": ("x.png", deep, {}, "I;16"),
    "grey tiff of 16 bits": ("x.tif", deep, {}, "I;16"),
    "grey tiff of 32 bits": ("x.tif", lambda: deep().convert("I"), {}, "I;16"),
    "palette": ("x.png", lambda: colour().quantize(16), {}, "RGB"),
    "palette with a clear colour": (
        "x.png",
        lambda: colour().quantize(16),
        {"transparency": 3},
        "RGBA",
    ),
    "palette with alphas": (
        "x.png",
        lambda: colour().quantize(16),
        {"transparency": bytes(range(0, 256, 16))},
        "RGBA",
    ),
    "colour": ("x.png", colour, {}, "RGB"),
    "colour with a clear colour": ("x.png", colour, {"transparency": (251, 241, 121)}, "RGBA"),
    "colour with alpha": ("x.png", lambda: with_alpha(colour()), {}, "RGBA"),
    "jpeg": ("x.jpg", colour, {}, "RGB"),
    "grey jpeg": ("x.jpg", grey, {}, "L"),
    "cmyk jpeg": ("x.jpg", lambda: colour().convert("CMYK"), {}, "RGB"),
    "rotated jpeg": ("x.jpg", colour, {"exif": rotated()}, "RGB"),
    "gif": ("x.gif", colour, {}, "RGB"),
    "clear gif": ("x.gif", lambda: colour().quantize(16), {"transparency": 2}, "RGBA"),
    "webp": ("x.webp", colour, {}, "RGB"),
    "webp with alpha": ("x.webp", lambda: with_alpha(colour()), {"lossless": True}, "RGBA"),
    "tiff": ("x.tiff", colour, {"compression": "tiff_lzw"}, "RGB"),
    "tiff with alpha": ("x.tif", lambda: with_alpha(colour()), {}, "RGBA"),
    "cmyk tiff": ("x.tif", lambda: colour().convert("CMYK"), {}, "RGB"),
    "bmp": ("x.bmp", colour, {}, "RGB"),
}


@pytest.mark.parametrize("case", FILES)
def test_outside_of_the_hole_the_png_has_the_files_own_pixels(tmp_path: Path, case: str) -> None:
    name, make, how, mode = FILES[case]
    make().save(tmp_path / name, **how)  # type: ignore[arg-type]
    with Image.open(tmp_path / name) as file:
        upright = ImageOps.exif_transpose(file)
    # Pillow's own decoding; deep grey, which PNG holds too, needs no conversion.
    expected = np.asarray(upright if mode == "I;16" else upright.convert(mode))
    hole = HOLE.T if case == "rotated jpeg" else HOLE
    picture = open_picture(tmp_path / name)
    ink = visible_ink(picture, hole)
    drawn = np.random.default_rng(3).random(hole.shape, np.float32)
    (tmp_path / "out.png").write_bytes(png_bytes(paint(picture, ink, drawn, hole)))
    with Image.open(tmp_path / "out.png") as out:
        assert (out.mode, out.size) == (mode, upright.size)
        assert np.array_equal(np.asarray(out)[~hole], expected[~hole])


def test_what_png_cannot_hold_is_refused(tmp_path: Path) -> None:
    for values in (np.array([[0.5, 1.0]], np.float32), np.array([[70_000, 3]], np.int32)):
        Image.fromarray(values).save(tmp_path / "x.tif")
        with pytest.raises(DataError, match=r"x\.tif: .* 8 or 16 bits"):
            open_picture(tmp_path / "x.tif")


def test_the_colour_profile_stays_with_the_numbers_it_belongs_to(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    colour().save(tmp_path / "x.png", icc_profile=profile)
    (tmp_path / "out.png").write_bytes(png_bytes(open_picture(tmp_path / "x.png")))
    with Image.open(tmp_path / "out.png") as out:
        assert out.info["icc_profile"] == profile
    colour().convert("CMYK").save(tmp_path / "x.jpg", icc_profile=profile)
    assert open_picture(tmp_path / "x.jpg").profile is None


def painted(pixels: np.ndarray, share: float) -> np.ndarray:
    """The hole's pixels (N, C) after painting it evenly."""
    picture = Picture(pixels)
    drawn = np.full(HOLE.shape, share, np.float32)
    return paint(picture, visible_ink(picture, HOLE), drawn, HOLE).pixels[HOLE]


@pytest.mark.parametrize(
    ("line", "paper", "dtype"),
    [
        (RED, YELLOW, np.uint8),
        (YELLOW, BLUE, np.uint8),
        ((0,), (255,), np.uint8),
        ((255,), (40,), np.uint8),
        ((1000,), (60_000,), np.uint16),
        ((10, 255), (240, 255), np.uint8),
        ((*RED, 255), (*YELLOW, 255), np.uint8),
        ((*RED, 255), (*YELLOW, 128), np.uint8),
    ],
)
def test_line_and_paper_have_the_colours_of_the_picture(
    line: tuple[int, ...], paper: tuple[int, ...], dtype: type
) -> None:
    pixels = drawing(line, paper, len(line), dtype)
    assert (painted(pixels, 0) == paper).all()
    assert (painted(pixels, 1) == line).all()
    between = painted(pixels, 0.5).astype(int)
    low, high = np.minimum(line, paper), np.maximum(line, paper)
    assert ((between >= low) & (between <= high)).all()


@pytest.mark.parametrize("junk", [0, 255])
def test_transparent_paper_stays_transparent_and_gives_the_line_no_colour(junk: int) -> None:
    pixels = drawing((*RED, 255), (junk, junk, junk, 0), 4)
    assert (painted(pixels, 0)[:, 3] == 0).all()
    assert (painted(pixels, 1) == (*RED, 255)).all()
    half = painted(pixels, 0.5)
    assert (half[:, :3] == RED).all()
    assert (abs(half[:, 3].astype(int) - 128) <= 1).all()


def test_soft_edges_do_not_wash_out_the_line() -> None:
    pixels = np.full((HEIGHT, WIDTH, 3), YELLOW, np.uint8)
    # One full row between two that a third of the paper shines through.
    pixels[6], pixels[7], pixels[8] = (217, 93, 60), RED, (217, 93, 60)
    assert (painted(pixels, 1) == RED).all()


def test_a_hole_has_no_ink_also_where_the_typical_tone_is_between_line_and_paper() -> None:
    pixels = np.full((HEIGHT, WIDTH, 1), 128, np.uint8)
    pixels[:18], pixels[23:] = 0, 255
    assert np.median(pixels[~HOLE]) == 128
    ink = visible_ink(Picture(pixels), HOLE)
    assert ink[20, 0] > 0
    assert not ink[HOLE].any()


def test_the_colours_are_those_near_the_hole() -> None:
    pixels = np.full((60, 400, 3), 255, np.uint8)
    pixels[:, 200:] = YELLOW
    pixels[20:23, :200], pixels[20:23, 200:] = (0, 0, 0), RED
    hole = np.zeros(pixels.shape[:2], bool)
    hole[10:30, 300:320] = True
    picture = Picture(pixels)
    ink = visible_ink(picture, hole)
    for share, expected in ((0, YELLOW), (1, RED)):
        drawn = np.full(hole.shape, share, np.float32)
        assert (paint(picture, ink, drawn, hole).pixels[hole] == expected).all()


def test_far_from_every_line_the_colour_of_the_page_is_used() -> None:
    pixels = np.full((60, 400, 3), YELLOW, np.uint8)
    pixels[20:23, :100] = RED
    hole = np.zeros(pixels.shape[:2], bool)
    hole[10:30, 300:320] = True
    picture = Picture(pixels)
    drawn = np.ones(hole.shape, np.float32)
    assert (paint(picture, visible_ink(picture, hole), drawn, hole).pixels[hole] == RED).all()


@pytest.mark.parametrize(
    ("paper", "line"),
    [
        ((255,), (0,)),
        ((10,), (255,)),
        (YELLOW, (0, 0, 0)),
        ((0, 0, 40), (255, 255, 255)),
        ((0, 0, 0, 0), (0, 0, 0, 255)),
    ],
)
def test_where_no_line_is_visible_it_stands_out_from_the_paper(
    paper: tuple[int, ...], line: tuple[int, ...]
) -> None:
    blank = np.full((HEIGHT, WIDTH, len(paper)), paper, np.uint8)
    assert (painted(blank, 0) == paper).all()
    assert (painted(blank, 1) == line).all()


def test_a_hole_over_the_whole_page_is_black_on_white() -> None:
    picture = Picture(drawing(RED, BLUE, 3))
    hole = np.ones((HEIGHT, WIDTH), bool)
    ink = visible_ink(picture, hole)
    assert not ink.any()
    drawn = np.zeros(hole.shape, np.float32)
    drawn[3] = 1
    result = paint(picture, ink, drawn, hole).pixels
    assert (result[3] == 0).all()
    assert (result[4:] == 255).all()


@pytest.mark.parametrize("content", [0, 255, 90, "noise"])
@pytest.mark.parametrize(("line", "paper"), [((0,), (255,)), ((255,), (0,)), (RED, YELLOW)])
def test_what_the_hole_hides_changes_nothing(
    line: tuple[int, ...], paper: tuple[int, ...], content: int | str
) -> None:
    pixels = drawing(line, paper, len(line))
    noise = np.random.default_rng(4).integers(0, 256, pixels[HOLE].shape)
    covered = pixels.copy()
    covered[HOLE] = noise if content == "noise" else content
    first, second = Picture(pixels), Picture(covered)
    ink = visible_ink(first, HOLE)
    assert np.array_equal(ink, visible_ink(second, HOLE))
    assert not ink[HOLE].any()
    assert ink[9, 10] == 1
    assert ink[0, 0] == 0
    drawn = np.random.default_rng(5).random(HOLE.shape, np.float32)
    assert np.array_equal(
        paint(first, ink, drawn, HOLE).pixels, paint(second, ink, drawn, HOLE).pixels
    )


def test_painting_leaves_its_input_alone() -> None:
    pixels = drawing(RED, YELLOW, 3)
    before = pixels.copy()
    painted(pixels, 1)
    assert np.array_equal(pixels, before)
