"""Holes hide ink, and do not tell where it was."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from zoo.contracts.mask import Grow, MaskFamily
from zoo.data.options import QuickdrawOptions
from zoo.data.quickdraw import build
from zoo.errors import OptionError, PluginError
from zoo.options import validate
from zoo.sketch.masks import HoleBounds, build_box, build_strokes, draw_hole, fit_hole
from zoo.sketch.options import BoxOptions, StrokesOptions
from zoo.sketch.strokes import fit_strokes, rasterise

BOUNDS = HoleBounds()


def box(**options: float) -> MaskFamily:
    return build_box(validate(BoxOptions, options, "mask box"))


def strokes(**options: float) -> MaskFamily:
    return build_strokes(validate(StrokesOptions, options, "mask strokes"))


FAMILIES = {
    "box": box(),
    "strokes": strokes(),
    "small box": box(side_min=0.01, side_max=0.2),
    "thin strokes": strokes(width_min=0.01, width_max=0.02),
}
SIDES = st.integers(1, 60)
SEEDS = st.integers(0, 10_000)


def scribble(seed: int, height: int, width: int) -> np.ndarray:
    """(height, width) ink of a few random strokes."""
    rng = np.random.default_rng(seed)
    lines = [rng.uniform(0, 1, (5, 2)) * (width - 1, height - 1) for _ in range(3)]
    return rasterise(lines, height, width, 1)


@pytest.fixture(scope="module")
def drawings(shared_data: Path) -> list[np.ndarray]:
    """150 real drawings of many categories at 64x64."""
    path = str(shared_data / "quickdraw" / "*b*.ndjson.gz")
    source = build(validate(QuickdrawOptions, {"path": path}, "source quickdraw"))
    chosen = np.random.default_rng(0).choice(len(source), 150, replace=False)
    sketches = [source[int(i)].strokes or () for i in chosen]
    return [rasterise(fit_strokes(s, 64, 64, 1.6), 64, 64, 1) for s in sketches]


@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
@given(seed=SEEDS, height=SIDES, width=SIDES)
@settings(max_examples=60, deadline=None)
def test_a_hole_grows(family: MaskFamily, seed: int, height: int, width: int) -> None:
    ink = scribble(seed, height, width)
    grow = family(np.random.default_rng(seed), ink, None, 0.5)
    masks = np.array([grow(float(s)) for s in np.linspace(0, 1, 12)])
    assert masks.shape == (12, height, width)
    assert masks.dtype == np.float32
    assert set(np.unique(masks)) <= {0, 1}
    assert masks[0].any()
    removed = (masks * ink.astype(np.float64)).sum(axis=(1, 2))
    assert (np.diff(removed) >= 0).all()
    assert (np.diff(masks, axis=0) >= 0).all()


@pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))
@given(seed=SEEDS, height=SIDES, width=SIDES, fill=st.sampled_from(["blank", "full", "lines"]))
@settings(max_examples=60, deadline=None)
def test_a_fitted_hole_is_what_it_says(
    family: MaskFamily, seed: int, height: int, width: int, fill: str
) -> None:
    ink = {
        "blank": np.zeros((height, width), np.float32),
        "full": np.ones((height, width), np.float32),
        "lines": scribble(seed, height, width),
    }[fill]
    fit = partial(fit_hole, family, ink=ink, strokes=None, progress=1.0, bounds=BOUNDS)
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


@pytest.mark.parametrize("name", ["box", "strokes"])
def test_real_drawings_get_holes_of_every_size(drawings: list[np.ndarray], name: str) -> None:
    rng = np.random.default_rng(0)
    holes = [fit_hole(FAMILIES[name], rng, ink, None, 1.0, BOUNDS) for ink in drawings]
    shares = np.array([hole.share for hole in holes])
    assert np.mean([hole.fits for hole in holes]) > 0.98
    assert np.percentile(shares, 10) < 0.25
    assert np.percentile(shares, 90) > 0.4


@pytest.mark.parametrize("name", ["box", "strokes"])
def test_filling_the_hole_with_ink_scores_badly(drawings: list[np.ndarray], name: str) -> None:
    rng = np.random.default_rng(0)
    masks = [fit_hole(FAMILIES[name], rng, ink, None, 1.0, BOUNDS).mask for ink in drawings]
    assert np.mean([plain_f1(*pair) for pair in zip(drawings, masks, strict=True)]) < 0.4
    assert np.mean([skeleton_f1(*pair) for pair in zip(drawings, masks, strict=True)]) < 0.4


@pytest.mark.parametrize("name", ["box", "strokes"])
def test_holes_are_not_centred_on_the_line(name: str) -> None:
    ink = np.zeros((64, 96), np.float32)
    ink[30:32] = 1
    masks = [
        fit_hole(FAMILIES[name], np.random.default_rng(i), ink, None, 1.0, BOUNDS).mask
        for i in range(200)
    ]
    middles = np.array([np.nonzero(mask)[0].mean() for mask in masks])
    assert middles.mean() == pytest.approx(30.5, abs=3)
    assert middles.std() > 5


def skeleton_f1(ink: np.ndarray, mask: np.ndarray) -> float:
    """F1 inside the hole of the drawing whose hole is filled, between skeletons, within 1 px."""
    truth, filled = thin(ink > 0.5), thin((ink > 0.5) | (mask > 0))
    to_truth = cv2.distanceTransform(1 - truth, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    to_filled = cv2.distanceTransform(1 - filled, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    precision = (to_truth[(filled > 0) & (mask > 0)] <= 1).mean()
    recall = (to_filled[(truth > 0) & (mask > 0)] <= 1).mean()
    return float(2 * precision * recall / max(precision + recall, 1e-9))


def plain_f1(ink: np.ndarray, mask: np.ndarray) -> float:
    """F1 inside the hole of all its pixels, within 1 px. All that is true is found."""
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    near = cv2.dilate((ink > 0.5).astype(np.uint8), cross)
    precision = near[mask > 0].mean()
    return float(2 * precision / (precision + 1))


def thin(shape: np.ndarray) -> np.ndarray:
    """Skeleton, (H, W) uint8 of {0, 1}. Zhang and Suen 1984."""
    pixels, before = np.pad(shape.astype(np.uint8), 1), -1
    ring = [(1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1)]
    while before != (before := int(pixels.sum())):
        for step in (0, 1):
            around = [np.roll(pixels, shift, (0, 1)) for shift in ring]
            north, east, south, west = around[::2]
            count = sum(around)
            turns = sum((around[i] < around[(i + 1) % 8]).astype(int) for i in range(8))
            if step == 0:
                loose = (north * east * south == 0) & (east * south * west == 0)
            else:
                loose = (north * east * west == 0) & (north * south * west == 0)
            pixels[(pixels == 1) & (count >= 2) & (count <= 6) & (turns == 1) & loose] = 0
    return pixels[1:-1, 1:-1]


def test_thinning_leaves_a_line() -> None:
    bar = np.zeros((20, 40))
    bar[8:13, 5:35] = 1
    assert thin(bar).sum(axis=0).max() == 1
    assert thin(bar).sum() > 20


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
        (StrokesOptions, {"paths_min": "9"}, "paths_min=9 is above paths_max=2"),
    ],
)
def test_bounds_out_of_order_are_refused(options: Any, values: Any, complaint: str) -> None:
    with pytest.raises(OptionError, match=complaint):
        validate(options, values, "mask")
