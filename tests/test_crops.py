"""Squares around holes: what they show, and that everything stands where it stood."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from zoo.sketch.crops import cut, find_squares

SIZE = 32


def page(height: int, width: int, *holes: tuple[int, int, int, int]) -> tuple[np.ndarray, ...]:
    """Lines two pixels wide, 20 apart, and a hole of boxes x, y, w, h."""
    ink, hole = np.zeros((height, width), np.float32), np.zeros((height, width), bool)
    ink[9::20], ink[10::20], ink[:, 9::20], ink[:, 10::20] = 1, 1, 1, 1
    for x, y, w, h in holes:
        hole[y : y + h, x : x + w] = True
    ink[hole] = 0
    return ink, hole


boxes = st.tuples(*[st.integers(0, 199)] * 2, *[st.integers(1, 120)] * 2)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 200), st.integers(1, 200), st.lists(boxes, min_size=1, max_size=4))
def test_every_pixel_of_the_holes_is_in_one_square(
    h: int, w: int, places: list[tuple[int, int, int, int]]
) -> None:
    ink, hole = page(h, w, *[(x % w, y % h, *span) for x, y, *span in places])
    squares = find_squares(ink, hole, SIZE)
    assert np.array_equal(sum(square.hole.astype(int) for square in squares), hole.astype(int))
    for square in squares:
        assert min(SIZE, max(h, w)) <= square.side <= max(h, w)
        rows, columns = np.nonzero(square.hole)
        for start, along, length in ((square.y, rows, h), (square.x, columns, w)):
            assert start <= along.min()
            assert along.max() < start + square.side
            # No more of what is beyond the page than must be, and that on both sides.
            beyond = max(0, square.side - length)
            assert -(beyond + 1) // 2 <= start <= length - square.side + (beyond + 1) // 2


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.sampled_from([16, 32, 64]))
def test_a_crop_stands_where_its_box_says(h: int, w: int, size: int) -> None:
    ink, hole = page(h, w, (w // 2, h // 2, max(1, w // 5), max(1, h // 5)))
    (square,) = find_squares(ink, hole, size)
    crop = cut(ink, hole, square, size)
    x, y, width, height = crop.box
    for edge, extent, start, end in ((x, width, square.x, w), (y, height, square.y, h)):
        for point in (max(0, start), min(end, start + square.side)):
            exact = (point - start) * size / square.side
            assert abs((point - edge) * size / extent - exact) <= 1
    # Every pixel of the hole lies, by its centre, in a pixel of the mask.
    rows, columns = np.nonzero(hole)
    down = ((rows + 0.5 - y) * size / height).astype(int)
    right = ((columns + 0.5 - x) * size / width).astype(int)
    assert crop.mask[down, right].all()
    assert (crop.image[crop.mask > 0] == 0).all()


def test_a_page_of_the_networks_size_is_taken_as_it_is() -> None:
    ink, hole = page(SIZE, SIZE, (4, 4, 9, 6))
    (square,) = find_squares(ink, hole, SIZE)
    crop = cut(ink, hole, square, SIZE)
    assert np.array_equal(crop.image, ink)
    assert np.array_equal(crop.mask, hole.astype(np.float32))
    assert crop.box == (0, 0, SIZE, SIZE)


def test_lines_are_as_wide_as_in_training_and_holes_have_surroundings() -> None:
    # The pen at 128 is 2 pixels wide, as the lines of the page are.
    ink, hole = page(1000, 1500, (700, 500, 8, 8))
    (square,) = find_squares(ink, hole, 128)
    assert square.side == pytest.approx(128, rel=0.2)
    wide = np.kron(ink, np.ones((3, 3), np.float32))
    (square,) = find_squares(wide, np.kron(hole, np.ones((3, 3), bool)), 128)
    assert square.side == pytest.approx(3 * 128, rel=0.2)
    ink, hole = page(1000, 1500, (600, 450, 150, 90))
    (square,) = find_squares(ink, hole, 128)
    assert (square.x, square.y, square.side) == (450, 270, 450)


def test_holes_far_apart_are_completed_one_by_one_and_stay_hidden_from_each_other() -> None:
    ink, hole = page(600, 900, (200, 200, 100, 100), (320, 200, 9, 9), (400, 190, 9, 9))
    far, near = find_squares(ink, hole, 128)
    assert near.hole[200, [200, 320]].all()
    assert not near.hole[190, 400]
    assert far.hole[190, 400]
    crop = cut(ink, hole, near, 128)
    x, y, width, height = crop.box
    assert crop.mask[int((194 - y) * 128 / height), int((404 - x) * 128 / width)] == 1


def test_a_long_strip_costs_no_square_of_its_length() -> None:
    ink, hole = page(3, 60000, (0, 0, 60000, 3))
    (square,) = find_squares(ink, hole, SIZE)
    assert square.side == 60000
    assert cut(ink, hole, square, SIZE).image.shape == (SIZE, SIZE)
