"""Metrics say what they should: by hand, on real drawings, and on anything."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from zoo import registry
from zoo.contracts.metric import Metric
from zoo.data.options import QuickdrawOptions
from zoo.data.quickdraw import build as open_quickdraw
from zoo.evaluation.chamfer import CAP, chamfer
from zoo.evaluation.diversity import pairwise_difference
from zoo.evaluation.hole_pixels import hole_bce, hole_l1
from zoo.evaluation.ink_f1 import ink_f1, tolerance
from zoo.evaluation.skeleton import skeletonise
from zoo.evaluation.ssim import ssim
from zoo.options import Options
from zoo.sketch.masks import HoleBounds, fit_hole
from zoo.sketch.options import BoxOptions
from zoo.sketch.strokes import fit_strokes, rasterise
from zoo.specs import MetricSpec

SINGLE = ("ink_f1", "chamfer", "hole_bce", "hole_l1", "ssim")
NAMES = (*SINGLE, "diversity")
SIZE = 128


class Task(NamedTuple):
    """A drawing and its hole, (H, W) float32."""

    target: np.ndarray
    mask: np.ndarray


def metric(name: str) -> Metric:
    made: Metric = registry.build("metric", name, Options())
    return made


def spec(name: str) -> MetricSpec:
    found = registry.find("metric", name).spec
    assert isinstance(found, MetricSpec)
    return found


def score(name: str, completed: np.ndarray, task: Task) -> float:
    """The first number of a metric, of a drawing whose visible part is the truth's."""
    composite = np.where(task.mask > 0, completed, task.target).astype(np.float32)
    return next(iter(metric(name)(composite[None], task.target, task.mask, 0.5).values()))


@pytest.fixture(scope="module")
def tasks(shared_data: Path) -> list[Task]:
    """40 real drawings of many categories at 128x128, with boxes over 10 to 60 % of their ink."""
    source = open_quickdraw(QuickdrawOptions(path=str(shared_data / "quickdraw" / "*b*.ndjson.gz")))
    family = registry.build("mask", "box", BoxOptions(side_min=1 / 6, side_max=1 / 2))
    made = []
    for index in np.random.default_rng(0).permutation(len(source))[:60]:
        strokes = fit_strokes(source[int(index)].strokes or (), SIZE, SIZE, SIZE / 40)
        ink = rasterise(strokes, SIZE, SIZE, 2)
        rng = np.random.default_rng(int(index))
        hole = fit_hole(family, rng, ink, strokes, 1.0, HoleBounds())
        if hole.fits:
            made.append(Task(ink, hole.mask))
    return made[:40]


def mean(name: str, tasks: list[Task], complete: Callable[[Task], np.ndarray]) -> float:
    return float(np.mean([score(name, complete(task), task) for task in tasks]))


# By hand: an 8x8 drawing of one line along row 3; the hole is columns 1 to 6.


def line(row: int = 3, start: int = 0, stop: int = 8) -> np.ndarray:
    ink = np.zeros((8, 8), np.float32)
    ink[row, start:stop] = 1
    return ink


HOLE = np.zeros((8, 8), np.float32)
HOLE[:, 1:7] = 1
BY_HAND = Task(line(), HOLE)


def test_ink_f1_by_hand() -> None:
    # Nothing but column 1 was drawn: columns 2 (of the drawn 1) and 6 (of the visible 7) are
    # within a pixel, 3 to 5 are not.
    part = ink_f1(np.maximum(line(stop=2), line(start=7)), *BY_HAND, 0.5)
    assert (part.precision, part.recall) == (1, 3 / 6)
    assert part.f1 == pytest.approx(2 / 3)
    assert part.ink_ratio == pytest.approx(1 / 6)
    # Drawn two rows below: only columns 1 and 6 are near anything, the visible ends.
    low = ink_f1(np.where(HOLE > 0, line(5), line()), *BY_HAND, 0.5)
    assert (low.f1, low.precision, low.ink_ratio) == (0, 0, 1)
    assert low.recall == pytest.approx(2 / 6)


def test_chamfer_by_hand() -> None:
    assert chamfer(line(), *BY_HAND, 0.5) == 0
    # Two rows below: 2 px are more than the cap. Of the true pixels two have a visible end at 1 px.
    one_pixel = 100 / math.hypot(8, 8)
    expected = (10 + (2 * one_pixel + 4 * 10) / 6) / 2
    low = np.where(HOLE > 0, line(5), line())
    assert chamfer(low, *BY_HAND, 0.5) == pytest.approx(expected, rel=1e-6)


def test_differences_of_pixels_by_hand() -> None:
    target, mask = np.zeros((8, 8), np.float32), np.zeros((8, 8), np.float32)
    mask[0, :4] = 1
    target[0, :2] = 1
    completed = target.copy()
    completed[0, :4] = 0.25, 1, 0.5, 0
    completed[7] = 1  # outside of the hole nothing counts
    assert hole_l1(completed, target, mask) == pytest.approx((0.75 + 0 + 0.5 + 0) / 4)
    expected = (math.log(4) + math.log(2)) / 4
    assert hole_bce(completed, target, mask) == pytest.approx(expected, abs=2e-6)
    wrong = np.where(mask > 0, 1 - target, target)
    assert hole_bce(wrong, target, mask) == pytest.approx(-math.log(1e-6), rel=1e-6)


def test_ssim_by_its_formula() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.random((2, 8, 8)).astype(np.float32)
    mask = np.zeros((8, 8), np.float32)
    mask[2:5, 3:8] = 1
    offsets = np.arange(-5, 6)
    window = np.exp(-(offsets[:, None] ** 2 + offsets**2) / (2 * 1.5**2))
    window /= window.sum()
    x, y = np.pad(a, 5).astype(np.float64), np.pad(b, 5).astype(np.float64)
    values = []
    for row, column in np.argwhere(mask):
        p, q = x[row : row + 11, column : column + 11], y[row : row + 11, column : column + 11]
        mp, mq = (window * p).sum(), (window * q).sum()
        vp, vq = (window * (p - mp) ** 2).sum(), (window * (q - mq) ** 2).sum()
        cov = (window * (p - mp) * (q - mq)).sum()
        values.append(
            (2 * mp * mq + 1e-4) * (2 * cov + 9e-4) / ((mp**2 + mq**2 + 1e-4) * (vp + vq + 9e-4))
        )
    assert ssim(a, b, mask) == pytest.approx(np.mean(values), rel=1e-4)


def test_diversity_by_hand() -> None:
    mask = np.zeros((8, 8), np.float32)
    mask[0, :2] = 1
    draws = np.zeros((3, 8, 8), np.float32)
    draws[:, 0, 0] = 0, 0.5, 1  # pairs differ by 0.5, 1 and 0.5
    draws[:, 0, 1] = 0.2, 0.2, 0.8  # and by 0, 0.6 and 0.6
    draws[:, 5] = np.arange(3)[:, None]  # outside of the hole
    assert pairwise_difference(draws, mask) == pytest.approx((2 / 3 + 0.4) / 2)
    assert pairwise_difference(draws[:1], mask) == 0
    assert pairwise_difference(draws[[1, 1]], mask) == 0


def test_diversity_takes_the_best_and_the_mean() -> None:
    low = np.where(HOLE > 0, line(5), line())
    result = metric("diversity")(np.stack([low, line(), low, low]), *BY_HAND, 0.5)
    assert list(result) == ["diversity", "best_ink_f1", "mean_ink_f1"]
    assert (result["best_ink_f1"], result["mean_ink_f1"]) == (1, 0.25)
    assert result["diversity"] == pytest.approx(3 / 6 * 12 / 48)


def test_empty_holes() -> None:
    blank = np.zeros((8, 8), np.float32)
    both = ink_f1(blank, blank, HOLE, 0.5)
    assert (both.f1, both.precision, both.recall, both.ink_ratio) == (1, 1, 1, 1)
    left_out = ink_f1(np.where(HOLE > 0, 0, line()), *BY_HAND, 0.5)
    assert (left_out.f1, left_out.precision, left_out.recall, left_out.ink_ratio) == (0, 0, 0, 0)
    made_up = ink_f1(line(3, 2, 6), blank, HOLE, 0.5)
    assert (made_up.f1, made_up.precision, made_up.recall, made_up.ink_ratio) == (0, 0, 0, 4)
    assert chamfer(blank, blank, HOLE, 0.5) == 0
    assert chamfer(np.where(HOLE > 0, 0, line()), *BY_HAND, 0.5) == CAP
    assert chamfer(line(3, 2, 6), blank, HOLE, 0.5) == CAP


@pytest.mark.parametrize("name", NAMES)
def test_no_hole_at_all_is_perfect(name: str) -> None:
    draws = np.stack([line()] * 8)
    value = next(iter(metric(name)(draws, line(), np.zeros_like(HOLE), 0.5).values()))
    assert value == (1 if name in ("ink_f1", "ssim") else 0)


def test_the_threshold_is_for_the_hole() -> None:
    faint = np.where(HOLE > 0, 0.3 * line(), 0.6 * line()).astype(np.float32)
    assert ink_f1(faint, *BY_HAND, 0.31).f1 == 0
    assert ink_f1(faint, *BY_HAND, 0.3).f1 == 1
    # What is visible is cut at 0.5, as the truth is, whatever the threshold.
    assert ink_f1(faint, *BY_HAND, 0.9).f1 == 0
    visible = np.where(HOLE > 0, line(stop=2), 0.6 * line()).astype(np.float32)
    assert ink_f1(visible, *BY_HAND, 0.9).recall == 3 / 6


def test_the_tolerance_grows_with_the_image() -> None:
    assert tolerance(64, 64) == 1
    assert tolerance(128, 128) == pytest.approx(1.3577, abs=1e-4)
    assert tolerance(256, 256) == pytest.approx(2.7153, abs=1e-4)
    assert tolerance(300, 400) == pytest.approx(3.75)


@pytest.mark.parametrize(("height", "width"), [(128, 128), (128, 200), (300, 250)])
def test_a_shift_within_the_tolerance_is_free_and_beyond_it_costs_all(
    height: int, width: int
) -> None:
    target, mask = np.zeros((2, height, width), np.float32)
    target[60:62] = 1
    mask[40:90, 30:90] = 1
    task = Task(target, mask)
    inside = int(tolerance(height, width))
    assert score("ink_f1", np.roll(target, inside, 0), task) == 1
    assert score("ink_f1", np.roll(target, -inside, 0), task) == 1
    assert score("ink_f1", np.roll(target, inside + 1, 0), task) == 0
    near, far = (score("chamfer", np.roll(target, n, 0), task) for n in (inside, inside + 1))
    assert 0 < near < far
    assert near == pytest.approx(100 * inside / math.hypot(height, width), rel=0.05)


# On real drawings.


@pytest.mark.parametrize("name", SINGLE)
def test_the_truth_is_perfect(tasks: list[Task], name: str) -> None:
    values = [score(name, task.target, task) for task in tasks]
    if name == "hole_bce":  # of soft edges not even the truth can be sure: nothing beats it
        other = [score(name, np.clip(0.9 * task.target, 0.01, 0.9), task) for task in tasks]
        assert all(0 < best < worse for best, worse in zip(values, other, strict=True))
    else:
        assert values == pytest.approx([1 if spec(name).higher_is_better else 0] * len(values))


def erased(task: Task, amount: float) -> np.ndarray:
    """The upper part of the hole's ink is gone."""
    rows = np.flatnonzero((task.target * task.mask).any(axis=1))
    result = task.target.copy()
    result[: rows[0] + round(amount * (rows[-1] + 1 - rows[0]))] = 0
    return result


def noisy(task: Task, amount: float) -> np.ndarray:
    """Random pixels are the other way round."""
    flipped = np.random.default_rng(0).random(task.target.shape) < amount / 5
    return np.where(flipped, 1 - task.target, task.target)


def displaced(task: Task, amount: float) -> np.ndarray:
    return np.roll(task.target, round(10 * amount), axis=(0, 1))


@pytest.mark.parametrize("damage", [erased, noisy, displaced])
@pytest.mark.parametrize("name", SINGLE)
def test_damage_costs_the_more_the_greater_it_is(
    tasks: list[Task], name: str, damage: Callable[[Task, float], np.ndarray]
) -> None:
    means = [mean(name, tasks, lambda t, a=amount: damage(t, a)) for amount in (0, 0.2, 0.5, 1)]
    losses = np.diff(means) * (-1 if spec(name).higher_is_better else 1)
    assert (losses > 0).all(), means


def test_one_pixel_of_shift_is_nearly_free_on_real_drawings(tasks: list[Task]) -> None:
    assert mean("ink_f1", tasks, lambda t: np.roll(t.target, 1, axis=1)) > 0.95
    assert mean("ink_f1", tasks, lambda t: np.roll(t.target, 4, axis=1)) < 0.6


def test_blank_and_full_holes_score_what_they_must(tasks: list[Task]) -> None:
    blank, full = (lambda t: np.zeros_like(t.target)), (lambda t: np.ones_like(t.target))
    assert mean("ink_f1", tasks, blank) == 0
    assert 0.1 < mean("ink_f1", tasks, full) < 0.4
    assert mean("chamfer", tasks, blank) == CAP
    assert 1 < mean("chamfer", tasks, full) < CAP
    ink = float(np.mean([t.target[t.mask > 0].mean() for t in tasks]))
    assert mean("hole_l1", tasks, blank) == pytest.approx(ink, rel=1e-4)
    assert mean("hole_l1", tasks, full) == pytest.approx(1 - ink, rel=1e-4)
    # A white page is very like a drawing: why neither is a score by itself.
    assert mean("hole_bce", tasks, full) > 5 * mean("hole_bce", tasks, blank)
    assert mean("ssim", tasks, blank) > 0.3 > mean("ssim", tasks, full)


def test_a_fat_smear_does_not_score(tasks: list[Task]) -> None:
    smeared = mean("ink_f1", tasks, lambda t: cv2.dilate(t.target, np.ones((25, 25), np.uint8)))
    assert smeared < 0.5


# On anything.


@st.composite
def anything(draw: st.DrawFn) -> tuple[np.ndarray, Task, float]:
    """Completions (K, H, W), a drawing and its hole, of few different values or many."""
    height, width = draw(st.integers(1, 24)), draw(st.integers(1, 24))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    values = st.sampled_from(["blank", "full", "lines", "noise"])

    def image(kind: str) -> np.ndarray:
        flat = {"blank": 0.0, "full": 1.0}
        if kind in flat:
            return np.full((height, width), flat[kind], np.float32)
        picture = rng.random((height, width), np.float32)
        return picture if kind == "noise" else (picture > 0.8).astype(np.float32)

    target, mask = image(draw(values)), image(draw(values)) >= 0.5
    drawn = np.stack([image(draw(values)) for _ in range(draw(st.integers(1, 3)))])
    composites = np.where(mask, drawn, target)
    return composites, Task(target, mask.astype(np.float32)), draw(st.floats(0.01, 0.99))


RANGES = {
    "ink_f1": (0, 1),
    "precision": (0, 1),
    "recall": (0, 1),
    "ink_ratio": (0, 24 * 24),
    "chamfer": (0, 10),
    "hole_bce": (0, -math.log(1e-6) + 1e-9),
    "hole_l1": (0, 1),
    "ssim": (-1, 1),
    "diversity": (0, 1),
    "best_ink_f1": (0, 1),
    "mean_ink_f1": (0, 1),
}


@given(anything())
@settings(max_examples=250, deadline=None)
def test_every_number_is_finite_and_within_its_range(
    example: tuple[np.ndarray, Task, float],
) -> None:
    completions, task, threshold = example
    seen = set()
    before = completions.copy(), task.target.copy(), task.mask.copy()
    for name in NAMES:
        result = metric(name)(completions, *task, threshold)
        assert next(iter(result)) == name
        for key, value in result.items():
            seen.add(key)
            low, high = RANGES[key]
            assert type(value) is float
            assert low <= value <= high, (key, value)
        assert metric(name)(completions, *task, threshold) == result
    assert seen == set(RANGES)
    after = completions, *task
    assert all((a == b).all() for a, b in zip(before, after, strict=True))


@given(anything())
@settings(max_examples=200, deadline=None)
def test_metrics_do_not_depend_on_the_orientation_of_the_axes(
    example: tuple[np.ndarray, Task, float],
) -> None:
    completions, (target, mask), threshold = example
    for name in ("hole_bce", "hole_l1", "ssim"):  # thinning itself is not symmetric
        ahead = metric(name)(completions, target, mask, threshold)
        across = metric(name)(completions.transpose(0, 2, 1), target.T, mask.T, threshold)
        assert across == pytest.approx(ahead, abs=1e-5)


@given(anything())
@settings(max_examples=200, deadline=None)
def test_one_completion_is_judged_by_the_metrics_of_one(
    example: tuple[np.ndarray, Task, float],
) -> None:
    completions, task, threshold = example
    for name in SINGLE:
        assert spec(name).draws == 1
        alone = metric(name)(completions[:1], *task, threshold)
        assert metric(name)(completions, *task, threshold) == alone


@given(anything())
@settings(max_examples=200, deadline=None)
def test_a_skeleton_is_part_of_the_drawing_and_never_loses_it(
    example: tuple[np.ndarray, Task, float],
) -> None:
    ink = example[1].target >= 0.5
    skeleton = skeletonise(ink)
    assert skeleton.pixels.shape == ink.shape
    assert not (skeleton.pixels & ~ink).any()
    assert skeleton.pixels.any() == ink.any()
    ours = np.argwhere(skeleton.pixels)
    if not len(ours):
        assert np.isinf(skeleton.distance).all()
        return
    places = np.argwhere(np.ones_like(ink))
    expected = np.sqrt(((places[:, None] - ours) ** 2).sum(-1)).min(axis=1)
    np.testing.assert_allclose(skeleton.distance.ravel(), expected, rtol=1e-6)
