"""Strokes become ink."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays

from zoo.errors import UsageError
from zoo.sketch.strokes import default_margin, default_pen, fit_strokes, rasterise

finite = st.floats(-(2.0**100), 2.0**100, width=32)
drawings = st.lists(
    st.integers(1, 6).flatmap(lambda n: arrays(np.float32, (n, 2), elements=finite)),
    min_size=1,
    max_size=4,
)


@given(
    strokes=drawings,
    height=st.integers(16, 80),
    width=st.integers(16, 80),
    margin=st.floats(0, 7),
)
@settings(max_examples=200, deadline=None)
def test_fitted_strokes_lie_within_the_margin_and_touch_it(
    strokes: list[np.ndarray], height: int, width: int, margin: float
) -> None:
    fitted = fit_strokes(strokes, height, width, margin)
    assert [s.shape for s in fitted] == [s.shape for s in strokes]
    assert all(s.dtype == np.float32 for s in fitted)
    points = np.concatenate(fitted)
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([width - 1, height - 1]) - 2 * margin
    assert (low >= margin - 1e-3).all()
    assert (high <= np.array([width - 1, height - 1]) - margin + 1e-3).all()
    assert (low + high) / 2 == pytest.approx([(width - 1) / 2, (height - 1) / 2], abs=1e-3)
    raw = np.concatenate(strokes)
    if (raw != raw[0]).any():
        assert ((high - low) / room).max() == pytest.approx(1, abs=1e-3)


def test_the_aspect_is_kept() -> None:
    square = np.array([[0, 0], [10, 0], [10, 10], [0, 10]], np.float32)
    (fitted,) = fit_strokes([square], 33, 65, margin=4)
    assert fitted.tolist() == [[20, 4], [44, 4], [44, 28], [20, 28]]


def test_strokes_without_extent_are_centred() -> None:
    assert fit_strokes([np.full((1, 2), 7.0)], 32, 64, 2)[0].tolist() == [[31.5, 15.5]]
    (line,) = fit_strokes([np.array([[3.0, 0.0], [3.0, 9.0]])], 32, 64, 2)
    assert line.tolist() == [[31.5, 2], [31.5, 29]]
    assert fit_strokes([], 32, 64, 2) == ()


def test_a_margin_without_room_is_refused() -> None:
    with pytest.raises(UsageError, match=r"margin of 16 pixels.*32x64.*below 15\.5"):
        fit_strokes([np.ones((1, 2))], 32, 64, 16)


@given(
    strokes=drawings,
    height=st.integers(16, 80),
    width=st.integers(16, 80),
    pen=st.floats(0.3, 6),
)
@settings(max_examples=200, deadline=None)
def test_rasterised_strokes_are_a_sketch(
    strokes: list[np.ndarray], height: int, width: int, pen: float
) -> None:
    ink = rasterise(fit_strokes(strokes, height, width, 1), height, width, pen)
    assert ink.shape == (height, width)
    assert ink.dtype == np.float32
    assert 0 < ink.max() <= 1
    assert ink.min() >= 0


def test_integers_are_pixel_centres() -> None:
    for pen in (1, 3):
        ink = rasterise([np.array([[10.0, 4.0], [10.0, 20.0]])], 24, 40, pen)
        assert ink[12].argmax() == pytest.approx(10, abs=(pen - 1) / 2)
        assert ink[12, 10] > 0.9
        assert (ink[12] * np.arange(40)).sum() / ink[12].sum() == pytest.approx(10, abs=0.15)


@pytest.mark.parametrize("angle", np.linspace(0, np.pi, 9))
def test_pen_1_is_crisp(angle: float) -> None:
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([0.3, 0.7])
    line = np.array([32, 32]) + across + np.outer([-20, 20], along)
    ink = rasterise([line], 64, 64, 1)
    profile = ink.max(axis=0 if abs(along[0]) > abs(along[1]) else 1)
    core = profile[20:44]
    assert core.min() > 0.65
    assert core.mean() > 0.75
    assert 1 < ink.sum() / 40 < 1.5


@pytest.mark.parametrize("pen", [1.5, 2, 2.5, 3, 4, 5.25])
@pytest.mark.parametrize("angle", [0.0, 0.4, 1.2])
def test_lines_are_as_wide_as_the_pen(pen: float, angle: float) -> None:
    along = np.array([np.cos(angle), np.sin(angle)])
    ink = rasterise([np.array([64, 64]) + np.outer([-50, 50], along)], 128, 128, pen)
    assert ink.sum() / (100 + pen) == pytest.approx(pen, abs=0.25)


@pytest.mark.parametrize("pen", [1, 1.6, 3])
@pytest.mark.parametrize("points", [1, 4])
def test_a_stroke_without_length_is_a_dot(pen: float, points: int) -> None:
    ink = rasterise([np.full((points, 2), (20, 9), np.float32)], 24, 40, pen)
    rows, columns = np.nonzero(ink > 0.5)
    assert ink[9, 20] > 0.7
    assert abs(rows - 9).max() <= pen
    assert abs(columns - 20).max() <= pen


def test_no_strokes_are_a_blank_page() -> None:
    assert not rasterise([], 16, 24, 1).any()
    assert not rasterise([np.zeros((0, 2), np.float32)], 16, 24, 2).any()


def test_strokes_may_leave_the_image() -> None:
    ink = rasterise([np.array([[-500.0, 8.0], [500.0, 8.0]])], 16, 24, 1)
    assert (ink[8, 1:-1] > 0.8).all()


def test_defaults_grow_with_the_image() -> None:
    assert [default_pen(size) for size in (16, 64, 128, 256)] == [1, 1, 2, 3]
    assert default_margin(256) == 6.4
