"""Holes hide ink, and do not tell where it was."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from zoo.contracts.mask import Arrival, Grow, MaskFamily
from zoo.data.options import QuickdrawOptions
from zoo.data.quickdraw import build
from zoo.errors import DataError, OptionError, PluginError
from zoo.evaluation.ink_f1 import ink_f1
from zoo.options import validate
from zoo.sketch import brush, erase, mask_files, shapes
from zoo.sketch.masks import HoleBounds, draw_hole, fit_hole
from zoo.sketch.options import (
    BoxOptions,
    EllipseOptions,
    EraseStrokeOptions,
    FilesOptions,
    GapOptions,
    HalfplaneOptions,
    OutpaintOptions,
    StrokesOptions,
)
from zoo.sketch.strokes import default_pen, fit_strokes, rasterise

from .time_limit import in_time

BOUNDS = HoleBounds()
EXAMPLES = settings(max_examples=200, deadline=None)

FAMILIES = {
    "box": shapes.build_box(BoxOptions()),
    "ellipse": shapes.build_ellipse(EllipseOptions()),
    "erase_stroke": erase.build_erase_stroke(EraseStrokeOptions()),
    "gap": erase.build_gap(GapOptions()),
    "halfplane": shapes.build_halfplane(HalfplaneOptions()),
    "outpaint": shapes.build_outpaint(OutpaintOptions()),
    "strokes": brush.build(StrokesOptions()),
    "small box": shapes.build_box(BoxOptions(side_min=0.01, side_max=0.2)),
    "even box": shapes.build_box(BoxOptions(side_min=0.5, side_max=0.5)),
    "thin ellipse": shapes.build_ellipse(EllipseOptions(axis_min=0.01, axis_max=2)),
    "thin strokes": brush.build(StrokesOptions(width_min=0.01, width_max=0.02)),
}
DEFAULTS = ("box", "ellipse", "erase_stroke", "gap", "halfplane", "outpaint", "strokes")
OFF_THE_LINE = pytest.mark.parametrize("name", [name for name in DEFAULTS if name != "gap"])
SIDES = st.integers(1, 60)
SEEDS = st.integers(0, 10_000)


Drawing = tuple[np.ndarray, tuple[np.ndarray, ...] | None]


def scribble(seed: int, height: int, width: int) -> Drawing:
    """(height, width) ink of a few random strokes, and every other time the strokes."""
    rng = np.random.default_rng(seed)
    lines = [
        (rng.uniform(0, 1, (5, 2)) * (width - 1, height - 1)).astype(np.float32) for _ in range(3)
    ]
    return rasterise(lines, height, width, 1), tuple(lines) if seed % 2 else None


@pytest.fixture(scope="module")
def drawings(shared_data: Path) -> dict[int, list[Drawing]]:
    """150 real drawings of many categories at 64x64 and 128x128."""
    path = str(shared_data / "quickdraw" / "*b*.ndjson.gz")
    source = build(validate(QuickdrawOptions, {"path": path}, "source quickdraw"))
    chosen = np.random.default_rng(0).choice(len(source), 150, replace=False)

    def draw(i: int, size: int) -> Drawing:
        strokes = fit_strokes(source[i].strokes or (), size, size, size / 40)
        return rasterise(strokes, size, size, default_pen(size)), strokes

    return {size: [draw(int(i), size) for i in chosen] for size in (64, 128)}


@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
@given(seed=SEEDS, height=SIDES, width=SIDES)
@EXAMPLES
@in_time
def test_a_hole_grows(family: MaskFamily, seed: int, height: int, width: int) -> None:
    ink, strokes = scribble(seed, height, width)
    grow = family(np.random.default_rng(seed), ink, strokes, 0.5)
    masks = np.array([grow(float(s)) for s in np.linspace(0, 1, 12)])
    assert masks.shape == (12, height, width)
    assert masks.dtype == np.float32
    assert set(np.unique(masks)) <= {0, 1}
    assert masks[-1].any()
    removed = (masks * ink.astype(np.float64)).sum(axis=(1, 2))
    assert (np.diff(removed) >= 0).all()
    assert (np.diff(masks, axis=0) >= 0).all()


@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
@given(seed=SEEDS, height=SIDES, width=SIDES, fill=st.sampled_from(["blank", "full", "lines"]))
@EXAMPLES
@in_time
def test_a_fitted_hole_is_what_it_says(
    family: MaskFamily, seed: int, height: int, width: int, fill: str
) -> None:
    ink, strokes = {
        "blank": (np.zeros((height, width), np.float32), () if seed % 2 else None),
        "full": (np.ones((height, width), np.float32), None),
        "lines": scribble(seed, height, width),
    }[fill]
    fit = partial(fit_hole, family, ink=ink, strokes=strokes, progress=1.0, bounds=BOUNDS)
    hole = fit(rng=np.random.default_rng(seed))
    assert hole.mask.shape == ink.shape
    assert hole.mask.dtype == np.float32
    assert set(np.unique(hole.mask)) <= {0, 1}
    assert hole.mask.any()
    assert (hole.mask == fit(rng=np.random.default_rng(seed)).mask).all()
    if fill == "blank":
        assert (hole.share, hole.fits) == (0, False)
        return
    assert hole.share == pytest.approx((ink * hole.mask).sum() / ink.sum(), abs=1e-4)
    within = BOUNDS.ink_min <= hole.share <= BOUNDS.ink_max
    assert hole.fits == (within and hole.mask.mean() <= BOUNDS.area_max)


@pytest.mark.parametrize("name", DEFAULTS)
def test_real_drawings_get_holes_of_every_size(
    drawings: dict[int, list[Drawing]], name: str
) -> None:
    rng = np.random.default_rng(0)
    family = FAMILIES[name]
    holes = [fit_hole(family, rng, *drawing, 1.0, BOUNDS) for drawing in drawings[64]]
    shares = np.array([hole.share for hole in holes])
    assert np.mean([hole.fits for hole in holes]) > 0.95
    assert np.percentile(shares, 10) < 0.25
    assert np.percentile(shares, 90) > 0.35


@OFF_THE_LINE
@pytest.mark.parametrize("size", [64, 128])
def test_filling_the_hole_with_ink_scores_badly(
    drawings: dict[int, list[Drawing]], name: str, size: int
) -> None:
    rng = np.random.default_rng(0)
    scores = []
    for ink, strokes in drawings[size]:
        mask = fit_hole(FAMILIES[name], rng, ink, strokes, 1.0, BOUNDS).mask
        scores.append(ink_f1(np.maximum(ink, mask), ink, mask, 0.5).f1)
    assert np.mean(scores) < 0.4


@pytest.mark.parametrize("name", ["box", "ellipse", "strokes"])
def test_holes_are_not_centred_on_the_line(name: str) -> None:
    ink = np.zeros((64, 96), np.float32)
    ink[30:32] = 1
    masks = [
        fit_hole(FAMILIES[name], np.random.default_rng(i), ink, None, 1.0, BOUNDS).mask
        for i in range(200)
    ]
    middles = np.array([np.nonzero(mask)[0].mean() for mask in masks])
    assert middles.mean() == pytest.approx(30.5, abs=3)
    assert middles.std() > 4


def test_whole_strokes_are_erased_and_their_outline_is_not(
    drawings: dict[int, list[Drawing]],
) -> None:
    rng = np.random.default_rng(0)
    for ink, strokes in drawings[128]:
        assert strokes is not None
        lengths = [np.hypot(*np.diff(stroke, axis=0).T).sum() for stroke in strokes]
        # What holds half of the ink is erased in pieces.
        if not lengths or max(lengths) > 0.4 * sum(lengths):
            continue
        hole = FAMILIES["erase_stroke"](rng, ink, strokes, 1.0)(0.0001 + 1 / len(strokes))
        own = [rasterise([stroke], 128, 128, 2) for stroke in strokes]
        gone = [float((one * hole).sum() / max(one.sum(), 1e-9)) for one in own]
        assert max(gone) > 0.99
        # Were the outline parallel to the ink, its distance from it would be one number.
        edge = hole - cv2.erode(hole, np.ones((3, 3), np.uint8))
        away = cv2.distanceTransform((ink <= 0.5).astype(np.uint8), cv2.DIST_L2, 5)[edge > 0]
        assert away.std() > 1


def test_a_cut_side_reaches_from_border_to_border() -> None:
    ink = np.ones((40, 60), np.float32)
    for seed in range(50):
        rng = np.random.default_rng(seed)
        family = shapes.build_halfplane(HalfplaneOptions(cut="side", tilt=0))
        mask = fit_hole(family, rng, ink, None, 1.0, BOUNDS).mask
        assert (mask == mask[:1]).all() or (mask == mask[:, :1]).all()
        family = shapes.build_halfplane(HalfplaneOptions(cut="corner", tilt=0))
        mask = fit_hole(family, rng, ink, None, 1.0, BOUNDS).mask
        assert mask[0, 0] + mask[0, -1] + mask[-1, 0] + mask[-1, -1] >= 1


def test_outpainting_leaves_the_middle() -> None:
    ink = np.ones((48, 96), np.float32)
    for seed in range(50):
        rng = np.random.default_rng(seed)
        mask = fit_hole(FAMILIES["outpaint"], rng, ink, None, 1.0, BOUNDS).mask
        rows, columns = np.nonzero(mask == 0)
        assert mask[24, 48] == 0
        assert (mask[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1] == 0).all()
        assert (rows.max() - rows.min()) / 48 == pytest.approx(
            (columns.max() - columns.min()) / 96, abs=0.25
        )


@pytest.fixture
def mask_folder(tmp_path: Path) -> Path:
    """Ten masks of 30x40 that hide the left 1 to 10 tenths."""
    for tenth in range(1, 11):
        mask = np.zeros((30, 40), np.uint8)
        mask[:, : 4 * tenth] = 255
        Image.fromarray(mask).save(tmp_path / f"{tenth}.png")
    return tmp_path


@pytest.mark.parametrize("share", [0.2, 0.5])
@pytest.mark.parametrize("shape", [(30, 40), (64, 64), (7, 90)])
def test_of_files_the_nearest_to_the_asked_share_is_taken(
    mask_folder: Path, share: float, shape: tuple[int, int]
) -> None:
    family = mask_files.build(FilesOptions(path=str(mask_folder)))
    bounds = HoleBounds(ink_min=share, ink_max=share + 0.001)
    hole = fit_hole(family, np.random.default_rng(0), np.ones(shape, np.float32), None, 1.0, bounds)
    assert hole.mask.shape == shape
    assert hole.share == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda folder: folder / "none", "does not exist"),
        (lambda folder: folder / "1.png", "is a file"),
        (lambda folder: (folder / "empty").mkdir() or folder / "empty", "holds no image"),
        (lambda folder: (folder / "bad.png").write_bytes(b"no") and folder, r"bad\.png"),
        (lambda folder: Image.new("L", (4, 4)).save(folder / "0.png") or folder, "covers nothing"),
    ],
)
def test_bad_mask_files_are_named(mask_folder: Path, make: Any, complaint: str) -> None:
    with pytest.raises(DataError, match=complaint):
        mask_files.build(FilesOptions(path=str(make(mask_folder))))


def test_the_ramp_grows_from_start_to_most() -> None:
    bounds = HoleBounds(ink_min=0.1, ink_max=0.6, ink_start=0.2, ink_ramp=0.5)
    most = [bounds.at(progress).ink_max for progress in (0.0, 0.25, 0.5, 1.0)]
    assert most == pytest.approx([0.2, 0.4, 0.6, 0.6])
    assert HoleBounds().at(0.0) == HoleBounds()
    ink = np.ones((20, 100), np.float32)
    early, late = (
        [
            fit_hole(column(0, 100), np.random.default_rng(i), ink, None, progress, bounds).share
            for i in range(100)
        ]
        for progress in (0.0, 1.0)
    )
    assert max(early) < 0.21
    assert max(late) > 0.5


@given(seed=SEEDS, levels=st.integers(1, 40), share=st.floats(0.01, 1))
@EXAMPLES
@in_time
def test_an_arrival_is_fitted_as_well_as_any_size_could(
    seed: int, levels: int, share: float
) -> None:
    rng = np.random.default_rng(seed)
    ink = rng.random((12, 17), np.float32) * (rng.random((12, 17)) < 0.5)
    ink[3, 4] = 1
    at = (rng.integers(0, levels, ink.shape) / levels * 1.3).astype(np.float32)
    at[3, 4] = 0
    bounds = HoleBounds(ink_min=share, ink_max=share, area_max=1)
    hole = fit_hole(lambda *_: Arrival(at), rng, ink, None, 1.0, bounds)
    reachable = [float((ink * (at <= s)).sum() / ink.sum()) for s in np.unique(at) if s <= 1]
    best = min(abs(one - share) for one in reachable)
    assert abs(hole.share - share) == pytest.approx(best, abs=1e-5)


def column(at: int, reach: int, empty: bool = False) -> MaskFamily:
    """A family of one hole: columns from ``at`` on."""

    def family(
        rng: np.random.Generator,
        ink: np.ndarray,
        strokes: Sequence[np.ndarray] | None,
        progress: float,
    ) -> Grow:
        def grow(s: float) -> np.ndarray:
            mask = np.zeros(ink.shape, np.float32)
            mask[:, at : at + round(s * reach)] = not empty
            return mask

        return grow

    return family


def test_the_size_is_bisected_to_the_asked_share() -> None:
    ink = np.ones((10, 200), np.float32)
    bounds = HoleBounds(ink_min=0.3, ink_max=0.3)
    hole = fit_hole(column(0, 200), np.random.default_rng(0), ink, None, 1.0, bounds)
    assert hole.share == pytest.approx(0.3, abs=0.0051)


def test_a_hole_that_never_fits_comes_as_close_as_it_can() -> None:
    ink = np.zeros((10, 100), np.float32)
    ink[:, 90:] = 1
    near = fit_hole(column(80, 11), np.random.default_rng(0), ink, None, 1.0, BOUNDS)
    assert near.fits
    assert near.share == pytest.approx(0.1)
    far = fit_hole(column(0, 50), np.random.default_rng(0), ink, None, 1.0, BOUNDS)
    assert not far.fits
    assert far.mask.any()


def test_a_hole_too_large_does_not_fit() -> None:
    ink = np.zeros((10, 100), np.float32)
    ink[:, 90:] = 1
    assert not fit_hole(column(0, 100), np.random.default_rng(0), ink, None, 1.0, BOUNDS).fits


def test_an_empty_hole_is_the_familys_fault() -> None:
    for ink in (np.ones((8, 8), np.float32), np.zeros((8, 8), np.float32)):
        with pytest.raises(PluginError, match="empty hole"):
            fit_hole(column(0, 8, empty=True), np.random.default_rng(0), ink, None, 1.0, BOUNDS)


def test_the_smallest_hole_may_be_empty_but_is_never_given() -> None:
    blank = np.zeros((4, 4), np.float32)
    for seed in range(50):
        hole = fit_hole(column(0, 1), np.random.default_rng(seed), blank, None, 1.0, BOUNDS)
        assert hole.mask.any()


def test_families_are_drawn_by_weight() -> None:
    ink = np.ones((8, 100), np.float32)
    families = [(column(0, 60), 1.0), (column(99, 1), 0.0), (column(40, 60), 3.0)]
    rng = np.random.default_rng(0)
    holes = [draw_hole(families, rng, ink, None, 1.0, BOUNDS).mask for _ in range(400)]
    assert all(hole[:, 0].any() != hole[:, 40].any() or hole[0].sum() > 40 for hole in holes)
    assert np.mean([bool(hole[0, 0]) for hole in holes]) == pytest.approx(0.25, abs=0.07)


@pytest.mark.parametrize(
    ("options", "values", "complaint"),
    [
        (BoxOptions, {"side_min": "0.9", "side_max": "0.5"}, "side_min=0.9 is above side_max=0.5"),
        (EllipseOptions, {"axis_max": "0.1"}, "axis_min=0.3 is above axis_max=0.1"),
        (GapOptions, {"length_max": "0.01"}, "length_min=0.0625 is above length_max=0.01"),
        (EraseStrokeOptions, {"blob_min": "0.9"}, "blob_min=0.9 is above blob_max=0.5"),
        (StrokesOptions, {"paths_min": "9"}, "paths_min=9 is above paths_max=2"),
    ],
)
def test_bounds_out_of_order_are_refused(options: Any, values: Any, complaint: str) -> None:
    with pytest.raises(OptionError, match=complaint):
        validate(options, values, "mask")
