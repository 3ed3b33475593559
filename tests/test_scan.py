"""Photographs and scans of paper become ink."""

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from zoo.data.folder import build
from zoo.data.options import FolderOptions, QuickdrawOptions
from zoo.data.quickdraw import build as build_quickdraw
from zoo.sketch.image import ink_of
from zoo.sketch.picture import Picture, paint, visible_ink
from zoo.sketch.scan import scan_ink
from zoo.sketch.strokes import fit_strokes, rasterise

HEIGHT, WIDTH = 440, 600


def photograph(ink: np.ndarray, seed: int) -> Image.Image:
    """A page under a lamp and a shadow, of coloured light, out of focus, grainy, as JPEG."""
    rng = np.random.default_rng(seed)
    height, width = ink.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    angle = rng.uniform(0, 2 * np.pi)
    slope = (np.cos(angle) * x / width + np.sin(angle) * y / height) / 1.5
    light = 0.75 + 0.3 * slope
    edge = rng.uniform(0.3, 0.7)
    shadow = 1 / (1 + np.exp(-(x / width - edge + 0.3 * (y / height - 0.5)) * 40))
    light *= 1 - 0.35 * shadow
    paper = np.array([0.97, 0.93, 0.82])
    pen = np.array([0.22, 0.24, 0.38])
    page = (paper - ink[..., None] * (paper - pen)) * light[..., None]
    page = cv2.GaussianBlur(page, (0, 0), 0.8) + rng.normal(0, 0.02, page.shape)
    for row, column in zip(rng.integers(0, height, 30), rng.integers(0, width, 30), strict=True):
        page[row, column] *= 0.5
    stream = io.BytesIO()
    levels = np.rint(page.clip(0, 1) * 255).astype(np.uint8)
    Image.fromarray(levels).save(stream, "JPEG", quality=75)
    return Image.open(stream)


def agreement(ink: np.ndarray, truth: np.ndarray, tolerance: int = 2) -> float:
    """F1 of ink within a tolerance in pixels."""

    def share(a: np.ndarray, b: np.ndarray) -> float:
        near = cv2.dilate(b.astype(np.uint8), np.ones((2 * tolerance + 1,) * 2)) > 0
        return float((a & near).sum() / max(1, a.sum()))

    precision, recall = share(ink > 0.5, truth > 0.5), share(truth > 0.5, ink > 0.5)
    return 2 * precision * recall / max(1e-9, precision + recall)


def drawings(folder: Path, names: tuple[str, ...], pen: float = 4) -> list[np.ndarray]:
    inks = []
    for name in names:
        path = str(folder / "quickdraw" / f"{name}.ndjson.gz")
        source = build_quickdraw(QuickdrawOptions(path=path, limit=3))
        strokes = [source[i].strokes or () for i in range(3)]
        inks += [rasterise(fit_strokes(s, HEIGHT, WIDTH, 40), HEIGHT, WIDTH, pen) for s in strokes]
    return inks


@pytest.mark.parametrize("pen", [3, 7])
def test_photographs_become_the_drawing_where_plain_reading_fails(
    shared_data: Path, pen: float
) -> None:
    plain, scanned = [], []
    for seed, ink in enumerate(drawings(shared_data, ("cat", "house", "bicycle", "tree"), pen)):
        photo = photograph(ink, seed)
        plain.append(agreement(ink_of(photo, "dark"), ink))
        scanned.append(agreement(scan_ink(photo), ink))
    assert min(scanned) > 0.97
    assert np.mean(plain) < 0.6


def test_lines_keep_their_width_and_soft_edges(shared_data: Path) -> None:
    for seed, ink in enumerate(drawings(shared_data, ("cat",))):
        found = scan_ink(photograph(ink, seed))
        assert found.sum() == pytest.approx(ink.sum(), rel=0.25)
        assert ((found > 0.1) & (found < 0.9)).sum() > 0.1 * (found > 0.5).sum()


@pytest.mark.parametrize("seed", range(6))
def test_a_blank_page_with_specks_is_blank(seed: int) -> None:
    assert not scan_ink(photograph(np.zeros((HEIGHT, WIDTH), np.float32), seed)).any()


def test_eyes_are_no_specks() -> None:
    ink = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.circle(ink, (300, 220), 150, 1.0, 4, cv2.LINE_AA)
    for x in (250, 350):
        cv2.circle(ink, (x, 180), 4, 1.0, -1, cv2.LINE_AA)
    found = scan_ink(photograph(ink, 3))
    assert found[180, 250] > 0.8
    assert found[180, 350] > 0.8


def test_chalk_on_a_blackboard_is_light_ink() -> None:
    ink = np.zeros((HEIGHT, WIDTH), np.float32)
    cv2.line(ink, (80, 80), (500, 350), 1.0, 5, cv2.LINE_AA)
    board = Image.fromarray(np.rint(255 * (0.15 + 0.7 * ink)).astype(np.uint8))
    assert agreement(scan_ink(board, "light"), ink) > 0.98
    assert np.array_equal(scan_ink(board, "auto"), scan_ink(board, "light"))


def test_lines_are_dark_or_light_also_in_the_dark(shared_data: Path) -> None:
    for seed, ink in enumerate(drawings(shared_data, ("cat",))):
        photo = photograph(ink, seed)
        for page in (photo, Image.eval(photo, lambda level: level // 3)):
            assert agreement(scan_ink(page, "auto"), ink) > 0.97
        assert agreement(scan_ink(ImageOps.invert(photo), "auto"), ink) > 0.9


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (5, 300)])
@pytest.mark.parametrize("tone", [0, 128, 255])
def test_any_shape_and_tone_gives_a_sketch(shape: tuple[int, int], tone: int) -> None:
    found = scan_ink(Image.new("L", shape, tone))
    assert found.shape == shape[::-1]
    assert found.dtype == np.float32
    assert not found.any()


@pytest.mark.parametrize("pen", [3, 7])
def test_a_part_of_a_photograph_is_painted_as_the_camera_saw_it(
    shared_data: Path, pen: float
) -> None:
    hole = np.zeros((HEIGHT, WIDTH), bool)
    hole[120:300, 180:400] = True
    apart = []
    for seed, ink in enumerate(drawings(shared_data, ("cat", "house", "bicycle"), pen)):
        photo = np.asarray(photograph(ink, seed))
        covered = Picture(np.where(hole[..., None], np.array([255, 0, 0], np.uint8), photo))
        seen = visible_ink(covered, hole)
        assert not seen[hole].any()
        assert agreement(seen, np.where(hole, 0, ink)) > 0.97
        again = paint(covered, seen, ink, hole).pixels
        flat = np.median(photo[~hole], axis=0) * (1 - ink[..., None])
        smooth = [
            cv2.GaussianBlur(page - photo.astype(np.float32), (0, 0), 4) for page in (again, flat)
        ]
        apart.append([np.abs(page[hole]).mean() for page in smooth])
    # What stood there, drawn again, gives what stood there, but for grain and a shadow's edge.
    painted, flat = np.mean(apart, axis=0)
    assert painted < 8
    assert painted < flat / 2


def test_the_folder_reads_scans(tmp_path: Path, shared_data: Path) -> None:
    (ink, *_) = drawings(shared_data, ("house",))
    photograph(ink, 1).save(tmp_path / "page.jpg", quality=90)
    source = build(FolderOptions(path=str(tmp_path), scan=True))
    assert len(source) == 1
    raster = source[0].raster
    assert raster is not None
    assert agreement(raster, ink) > 0.97
