"""Image files become ink."""

import threading
import warnings
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from zoo.errors import DataError, UsageError
from zoo.sketch.image import IMAGE_SUFFIXES, fit_ink, ink_of, open_image

HEIGHT, WIDTH = 40, 56


def page(paper: int = 255, ink: int = 0) -> np.ndarray:
    """(40, 56) uint8 with a horizontal and a vertical line, three pixels thick."""
    tones = np.full((HEIGHT, WIDTH), paper, np.uint8)
    tones[10:13, 5:50] = ink
    tones[5:35, 20:23] = ink
    return tones


LINES = page() == 0


def drawn(ink: np.ndarray) -> bool:
    """Whether the ink is that of ``page``."""
    return bool((ink[LINES] > 0.95).all() and (ink[~LINES] < 0.05).all())


@pytest.mark.parametrize("suffix", sorted(IMAGE_SUFFIXES))
def test_every_format_is_read(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"page{suffix}"
    Image.fromarray(page()).save(file)
    ink = ink_of(open_image(file))
    assert ink.shape == (HEIGHT, WIDTH)
    assert ink.dtype == np.float32
    assert (ink[LINES] > 0.8).all()
    assert (ink[~LINES] < 0.2).all()


@pytest.mark.parametrize(
    "mode", ["1", "L", "P", "RGB", "RGBA", "LA", "CMYK", "YCbCr", "HSV", "LAB", "PA", "RGBa"]
)
def test_every_mode_is_read(mode: str) -> None:
    image = Image.fromarray(page()).convert("RGB")
    if mode in ("PA", "RGBa"):
        image = image.convert("RGBA")
    if mode == "LAB":
        from PIL import ImageCms

        srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        converted = ImageCms.profileToProfile(image, srgb, lab, outputMode="LAB")
        assert converted is not None
        image = converted
    else:
        image = image.convert(mode)
    assert image.mode == mode
    assert drawn(ink_of(image, "auto"))


@pytest.mark.parametrize(
    ("dtype", "white"),
    [(np.uint16, 65535), (np.uint16, 4095), (np.int32, 255), (np.float32, 1.0), (np.float32, 255)],
)
def test_wide_modes_are_read(dtype: type, white: float) -> None:
    image = Image.fromarray((page() / 255 * white).astype(dtype))
    assert drawn(ink_of(image))


def test_transparency_is_paper() -> None:
    layers = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    layers[..., 3] = 255 * LINES
    assert drawn(ink_of(Image.fromarray(layers), "dark"))
    assert drawn(ink_of(Image.fromarray(layers), "auto"))


def test_a_light_drawing_on_nothing_is_light() -> None:
    layers = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    layers[..., 3] = 255 * LINES
    assert drawn(ink_of(Image.fromarray(layers), "light"))
    assert drawn(ink_of(Image.fromarray(layers), "auto"))
    assert not ink_of(Image.fromarray(layers), "dark").any()


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (20, 230)])
def test_clear_corners_of_a_page_are_paper(paper: int, ink: int) -> None:
    layers = np.dstack([page(paper, ink)] * 3 + [np.full((HEIGHT, WIDTH), 255, np.uint8)])
    layers[:4, :4] = 0
    assert drawn(ink_of(Image.fromarray(layers), "auto"))


@pytest.mark.parametrize("tone", ["dark", "light", "auto"])
def test_a_clear_image_is_blank(tone: str) -> None:
    clear = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    assert not ink_of(clear, tone).any()  # type: ignore[arg-type]


def test_a_clear_palette_entry_is_paper(tmp_path: Path) -> None:
    image = Image.fromarray(LINES.astype(np.uint8)).convert("P")
    image.putpalette([0, 0, 0, 0, 0, 0])
    image.save(tmp_path / "page.gif", transparency=0)
    assert drawn(ink_of(open_image(tmp_path / "page.gif"), "auto"))


@given(
    paper=st.integers(120, 255),
    contrast=st.integers(60, 120),
    noise=st.floats(0, 2.5),
    light=st.booleans(),
    seed=st.integers(0, 9),
)
@settings(max_examples=60, deadline=None)
def test_paper_of_any_tone_becomes_0_and_ink_1(
    paper: int, contrast: int, noise: float, light: bool, seed: int
) -> None:
    tones = page(paper, paper - contrast).astype(np.float64)
    tones += np.random.default_rng(seed).normal(0, noise, tones.shape)
    if light:
        tones = 255 - tones
    image = Image.fromarray(tones.clip(0, 255).astype(np.uint8))
    for tone in ("light" if light else "dark", "auto"):
        ink = ink_of(image, tone)  # type: ignore[arg-type]
        assert ink.min() >= 0
        assert ink.max() <= 1
        assert ink[LINES].mean() > 0.9
        assert (ink[~LINES] == 0).mean() > 0.9
        assert ink[~LINES].mean() < 0.01


@given(
    paper=st.integers(0, 255),
    noise=st.floats(0, 8),
    slope=st.floats(0, 0.15),
    seed=st.integers(0, 99),
    tone=st.sampled_from(["dark", "light", "auto"]),
)
@settings(max_examples=60, deadline=None)
def test_a_blank_page_stays_blank(
    paper: int, noise: float, slope: float, seed: int, tone: str
) -> None:
    tones = np.random.default_rng(seed).normal(paper, noise, (64, 80))
    tones *= 1 - slope * np.linspace(0, 1, 80)
    image = Image.fromarray(tones.clip(0, 255).astype(np.uint8))
    assert not ink_of(image, tone).any()  # type: ignore[arg-type]


def test_clean_tones_are_kept() -> None:
    tones = page()
    tones[20:24, 40:44] = 128
    assert ink_of(Image.fromarray(tones))[21, 41] == pytest.approx(127 / 255, abs=0.01)


def test_a_filled_shape_on_white_is_dark_ink() -> None:
    tones = np.full((50, 50), 255, np.uint8)
    tones[5:45, 4:44] = 0
    assert (ink_of(Image.fromarray(tones), "dark") == (tones == 0)).all()


def test_orientation_is_applied(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(page()).save(tmp_path / "page.png", exif=exif)
    assert ink_of(open_image(tmp_path / "page.png")).shape == (WIDTH, HEIGHT)


def test_an_animation_gives_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.fromarray(page()), Image.fromarray(255 - page())]
    frames[0].save(tmp_path / "page.gif", save_all=True, append_images=frames[1:])
    assert drawn(ink_of(open_image(tmp_path / "page.gif")))


@pytest.mark.parametrize("suffix", sorted(IMAGE_SUFFIXES - {".jpeg", ".tiff"}))
def test_a_file_cut_short_is_refused(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"cut{suffix}"
    noise = np.random.default_rng(0).integers(0, 256, (90, 90, 3), np.uint8)
    Image.fromarray(noise).save(file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])
    with pytest.raises(DataError) as caught:
        open_image(file)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("missing.png", None, "no such file"),
        ("empty.png", b"", "not an image"),
        ("words.jpg", b"these are words", "not an image"),
        ("vector.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not an image"),
    ],
)
def test_what_is_no_image_is_refused(
    tmp_path: Path, name: str, content: bytes | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=reason) as caught:
        open_image(tmp_path / name)
    assert name in str(caught.value)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="directory"):
        open_image(tmp_path)


@pytest.mark.parametrize("limit", [1500, 1000])
def test_an_image_above_the_limit_is_refused_and_the_limit_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    Image.fromarray(page()).save(tmp_path / "page.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
    before = list(warnings.filters)
    with pytest.raises(DataError, match=f"{limit:,}"):
        open_image(tmp_path / "page.png")
    assert warnings.filters == before


@given(content=st.binary(max_size=200), magic=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"BM"]))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_an_image_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, magic: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / f"any-{threading.get_ident()}"
    file.write_bytes(magic + content)
    try:
        image = open_image(file)
    except DataError as error:
        reason = str(error)
    else:
        reason = "none"
        assert ink_of(image).size == image.width * image.height
    assert len(reason.splitlines()) == 1


inks = arrays(
    np.float32,
    st.tuples(st.integers(1, 40), st.integers(1, 40)),
    elements=st.floats(0, 1, width=32),
)


@given(ink=inks, height=st.integers(8, 48), width=st.integers(8, 48), margin=st.floats(0, 3.5))
@settings(max_examples=200, deadline=None)
def test_fitted_ink_is_a_sketch(ink: np.ndarray, height: int, width: int, margin: float) -> None:
    fitted = fit_ink(ink, height, width, margin)
    assert fitted.shape == (height, width)
    assert fitted.dtype == np.float32
    assert fitted.min() >= 0
    assert fitted.max() <= ink.max() + 0.3 * (ink.max() > 0)
    assert fitted.max() <= 1
    assert fit_ink(np.zeros_like(ink), height, width, margin).max() == 0


def test_the_faintest_ink_is_fitted() -> None:
    ink = np.zeros((40, 40), np.float32)
    ink[20] = np.finfo(np.float32).smallest_subnormal
    assert fit_ink(ink, 16, 16).max() <= ink.max()


def test_an_image_of_the_right_size_is_left_alone() -> None:
    ink = np.random.default_rng(0).random((30, 44), np.float32)
    assert (fit_ink(ink, 30, 44) == ink).all()


def test_the_aspect_is_kept_and_the_page_centred() -> None:
    fitted = fit_ink(np.ones((100, 50), np.float32), 64, 64, margin=4)
    assert (fitted[4:60, 18:46] == 1).all()
    assert fitted.sum() == 56 * 28


def test_a_margin_without_room_is_refused() -> None:
    with pytest.raises(UsageError, match=r"margin of 16 pixels.*32x40.*at most 15\.5"):
        fit_ink(np.ones((9, 9), np.float32), 32, 40, margin=16)


@given(
    size=st.integers(65, 900),
    thickness=st.integers(1, 3),
    position=st.floats(0.2, 0.8),
    horizontal=st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_thin_lines_survive_shrinking(
    size: int, thickness: int, position: float, horizontal: bool
) -> None:
    ink = np.zeros((size, size), np.float32)
    at = int(position * size)
    ink[at : at + thickness] = 1
    if not horizontal:
        ink = ink.T
    fitted = fit_ink(np.ascontiguousarray(ink), 64, 64)
    across = fitted if horizontal else fitted.T
    assert (across.max(axis=0) > 0.7).all()
    # It neither fades to grey nor grows fat.
    assert across.sum(axis=0).max() < max(2.1, thickness * 64 / size + 1.1)


def test_a_grey_wash_is_not_blown_up() -> None:
    ink = np.zeros((800, 800), np.float32)
    ink[:, :400] = 0.2
    ink[:, 600] = 1
    fitted = fit_ink(ink, 64, 64)
    assert fitted[:, :30].max() <= 0.21
    assert fitted[:, 46:50].max() > 0.7


def test_a_thick_line_keeps_its_width() -> None:
    ink = np.zeros((256, 256), np.float32)
    cv2.line(ink, (20, 30), (220, 200), 1.0, 16)
    assert fit_ink(ink, 64, 64).sum() == pytest.approx(ink.sum() / 16, rel=0.05)


def test_an_enlarged_line_has_no_halo() -> None:
    ink = np.zeros((32, 32), np.float32)
    ink[:, 15:17] = 1
    fitted = fit_ink(ink, 128, 128)
    assert fitted[:, 61:67].min() > 0.85
    assert fitted[:, :55].max() == 0
