"""Gaps in drawn lines are closed where the network saw a little ink, and nowhere else."""

import cv2
import numpy as np
import pytest

from zoo.sketch.gaps import close_gaps
from zoo.sketch.marks import Line
from zoo.sketch.redraw import Patch, redraw

HEIGHT, WIDTH, SIZE = 60, 90, 128.0
HOLE = np.ones((HEIGHT, WIDTH), bool)


def lines(*pairs: tuple[tuple[int, int], tuple[int, int]]) -> np.ndarray:
    """A skeleton of straight lines from x, y to x, y."""
    page = np.zeros((HEIGHT, WIDTH), np.uint8)
    for start, end in pairs:
        cv2.line(page, start, end, 1)
    return page > 0


def pieces(skeleton: np.ndarray) -> int:
    return cv2.connectedComponents(skeleton.astype(np.uint8), connectivity=8)[0] - 1


# Two halves of a line with 10 pixels between them.
HALVES = lines(((10, 30), (40, 30)), ((51, 30), (80, 30)))


def faint(ink: float) -> np.ndarray:
    """Full lines, and so much ink in the gap."""
    page = HALVES.astype(np.float32)
    page[30, 41:51] = ink
    return page


@pytest.mark.parametrize(("ink", "left"), [(0.45, 1), (0.25, 1), (0.1, 2), (0.0, 2)])
def test_a_gap_is_closed_if_there_is_enough_ink(ink: float, left: int) -> None:
    new = close_gaps(HALVES, faint(ink), HOLE, 1, SIZE)
    assert pieces(HALVES | new) == left
    assert not new[:28].any()
    assert not new[33:].any()


def test_the_way_follows_the_ink() -> None:
    page = HALVES.astype(np.float32)
    bow = cv2.ellipse(np.zeros(page.shape), (45, 30), (6, 5), 0, 180, 360, 1.0, 1)
    new = close_gaps(HALVES, np.maximum(page, 0.4 * bow).astype(np.float32), HOLE, 1, SIZE)
    assert new[25:27, 42:49].any()


def test_only_lines_that_face_each_other_are_joined() -> None:
    beside = lines(((10, 30), (40, 30)), ((40, 36), (10, 36)))
    assert not close_gaps(beside, np.full(beside.shape, 0.4, np.float32), HOLE, 1, SIZE).any()


def test_an_end_is_joined_once_and_where_it_is_likeliest() -> None:
    three = lines(((5, 30), (30, 30)), ((45, 22), (80, 10)), ((45, 36), (80, 50)))
    ink = np.maximum(three, 0.3 * lines(((30, 30), (45, 22)))).astype(np.float32)
    ink = np.maximum(ink, 0.45 * lines(((30, 30), (45, 36))))
    new = close_gaps(three, ink, HOLE, 1, 1.5 * SIZE)
    assert pieces(three | new) == 2
    assert new[33, 36:40].any()


def test_what_is_visible_stays_as_it_is() -> None:
    left = HOLE & (np.arange(WIDTH) < 20)
    assert not close_gaps(HALVES, faint(0.4), left, 1, SIZE).any()


def test_a_gap_wider_than_an_eighth_of_the_drawing_stays() -> None:
    assert not close_gaps(HALVES, faint(0.4), HOLE, 1, 64).any()
    assert close_gaps(HALVES, faint(0.4), HOLE, 1, 96).any()


def test_nothing_drawn_nothing_closed() -> None:
    blank = np.zeros((HEIGHT, WIDTH), bool)
    assert not close_gaps(blank, blank.astype(np.float32), HOLE, 1, SIZE).any()


def test_a_page_gets_one_line() -> None:
    """A network that doubts in the middle of a line: on the page it is one stroke."""
    side, size = 512, 128
    drawn = np.zeros((size, size), np.float32)
    drawn[63:65] = 0.9
    drawn[63:65, 60:68] = 0.2
    ink = cv2.resize((drawn > 0.1).astype(np.float32), (side, side))
    hole = np.zeros((side, side), bool)
    hole[150:350, 150:350] = True
    whole = (0.0, 0.0, float(side), float(side))
    done = redraw(ink * ~hole, hole, [Patch(drawn, whole, hole)], 0.4)
    (line,) = (mark for mark in done.parts[0].marks if isinstance(mark, Line))
    assert np.ptp(line.points[:, 0]) > 195
    assert (done.ink[250:262, 150:350].max(axis=0) > 0.9).all()
