"""Redrawn lines match those around the hole in place, width, colour and sharpness."""

import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from zoo import registry
from zoo.sketch.marks import Area, Line
from zoo.sketch.pen import Pen, measure_pen
from zoo.sketch.picture import Picture, line_colour, paint, visible_ink
from zoo.sketch.redraw import Patch, Redrawn, decode, redraw
from zoo.sketch.strokes import fit_strokes, rasterise
from zoo.sketch.svg_writer import svg_bytes
from zoo.sketch.vector import svg_strokes

SIDE, SIZE = 1000, 128
SCALE = SIDE / SIZE
WHOLE = (0.0, 0.0, float(SIDE), float(SIDE))


def box(low: int, high: int) -> np.ndarray:
    hole = np.zeros((SIDE, SIDE), bool)
    hole[low:high, low:high] = True
    return hole


def coarse(strokes: tuple[np.ndarray, ...]) -> np.ndarray:
    """What a network that knows the truth draws: the strokes at its own size, a little soft."""
    small = tuple(((s + 0.5) / SCALE - 0.5).astype(np.float32) for s in strokes)
    ink = cv2.GaussianBlur(rasterise(small, SIZE, SIZE, 2), (0, 0), 0.5)
    return (1.1 * ink).clip(0, 1)


def scan(
    strokes: tuple[np.ndarray, ...],
    pen: float,
    blur: float = 0,
    paper: tuple[int, ...] = (255, 255, 255),
    line: tuple[int, ...] = (0, 0, 0),
) -> Picture:
    ink = rasterise(strokes, SIDE, SIDE, pen)
    if blur:
        ink = cv2.GaussianBlur(ink, (0, 0), blur)
    shades = np.array(paper) + ink[..., None] * (np.array(line, np.float32) - np.array(paper))
    return Picture(np.rint(shades).astype(np.uint8))


def completed(picture: Picture, strokes: tuple[np.ndarray, ...], hole: np.ndarray) -> Picture:
    ink = visible_ink(picture, hole)
    redrawn = redraw(ink, hole, [Patch(coarse(strokes), WHOLE, hole)], 0.4)
    return paint(picture, ink, redrawn.ink, hole)


@pytest.fixture(scope="module")
def drawings(shared_data: Path) -> list[tuple[np.ndarray, ...]]:
    """Drawings of whales, all of whose middle is hidden."""
    path = shared_data / "quickdraw" / "whale.ndjson.gz"
    options = registry.find("source", "quickdraw").spec.options
    source = registry.build("source", "quickdraw", registry.load(options)(path=str(path)))
    return [fit_strokes(source[index].strokes, SIDE, SIDE, 50) for index in range(6)]


SCANS = {
    "felt pen": {"pen": 9, "paper": (250, 243, 220), "line": (30, 60, 190)},
    "blurred": {"pen": 6, "blur": 3, "paper": (235, 232, 228), "line": (20, 20, 20)},
    "pencil": {"pen": 2, "line": (70, 70, 75)},
}


@pytest.mark.parametrize("scene", SCANS)
def test_the_line_in_the_hole_is_that_around_it(
    drawings: list[tuple[np.ndarray, ...]], scene: str
) -> None:
    hole, widths, profiles = box(250, 750), [], []
    for strokes in drawings:
        picture = scan(strokes, **SCANS[scene])
        done = completed(picture, strokes, hole)
        np.testing.assert_array_equal(done.pixels[~hole], picture.pixels[~hole])
        ink = visible_ink(done, np.zeros_like(hole))
        inside, outside = measure_pen(ink * hole, ~hole), measure_pen(ink * ~hole, hole)
        assert inside is not None
        assert outside is not None
        widths.append(inside.width / outside.width)
        away = np.linspace(0, 2 * outside.width, 50)
        one, other = (pen.ink(away, pen.width) for pen in (inside, outside))
        profiles.append(float(np.abs(one - other).max()))
        ours, theirs = (
            np.median(done.pixels[(ink > 0.97 * ink[where].max()) & where], axis=0)
            for where in (hole, ~hole)
        )
        np.testing.assert_allclose(ours, theirs, atol=6)
    # One of the drawings has lines so close to each other that two are seen as one.
    assert np.abs(np.median(widths) - 1) < 0.03
    assert max(widths) < 1.25
    assert min(widths) > 0.9
    assert np.median(profiles) < 0.08


def test_enlarging_what_the_network_drew_would_not_do(
    drawings: list[tuple[np.ndarray, ...]],
) -> None:
    """The measure above tells a blurred enlargement from the pen of the drawing."""
    hole, strokes = box(250, 750), drawings[0]
    picture = scan(strokes, **SCANS["felt pen"])
    ink = visible_ink(picture, hole)
    enlarged = cv2.resize(decode(coarse(strokes), 0.4), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    page = np.where(hole, enlarged, ink)
    inside, outside = measure_pen(page * hole, ~hole), measure_pen(page * ~hole, hole)
    assert inside is not None
    assert outside is not None
    assert inside.softness > 2.5 * outside.softness
    assert inside.width > 1.2 * outside.width


@pytest.mark.parametrize("degrees", [0, 10, 30, 45, 75, 90])
@pytest.mark.parametrize(("pen", "blur"), [(9, 0), (2, 0), (6, 3)])
def test_a_line_meets_the_visible_ones(degrees: int, pen: float, blur: float) -> None:
    """Its middle is nowhere a pixel off, at the hole's edge neither, and there is no gap."""
    along = np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
    across, middle = np.array([-along[1], along[0]]), np.array([510.3, 492.6])
    strokes = (np.stack([middle - 400 * along, middle + 400 * along]).astype(np.float32),)
    ink = rasterise(strokes, SIDE, SIDE, pen)
    if blur:
        ink = cv2.GaussianBlur(ink, (0, 0), blur)
        ink /= ink.max()
    hole = box(300, 700)
    visible = np.where(hole, 0, ink).astype(np.float32)
    redrawn = redraw(visible, hole, [Patch(coarse(strokes), WHOLE, hole)], 0.4)
    (line,) = redrawn.parts[0].marks
    assert isinstance(line, Line)
    assert np.abs((line.points - middle) @ across).max() < 0.8
    places = (middle + np.arange(-260, 261)[:, None] * along).astype(np.float32)
    crest = cv2.remap(redrawn.ink, places[:, :1], places[:, 1:], cv2.INTER_LINEAR)
    assert crest.min() > 0.45
    apart = (middle + np.arange(-260, 261)[:, None] * along + 20 * across).astype(np.float32)
    assert cv2.remap(redrawn.ink, apart[:, :1], apart[:, 1:], cv2.INTER_LINEAR).max() < 0.01


def test_lines_run_on_through_a_crossing() -> None:
    strokes = (
        np.array([[100, 150], [900, 850]], np.float32),
        np.array([[150, 900], [850, 120]], np.float32),
    )
    ink, hole = rasterise(strokes, SIDE, SIDE, 9), box(300, 700)
    redrawn = redraw(ink * ~hole, hole, [Patch(coarse(strokes), WHOLE, hole)], 0.4)
    long = [m for m in redrawn.parts[0].marks if isinstance(m, Line) and np.ptp(m.points) > 300]
    assert len(long) == 2
    assert np.abs(redrawn.ink - ink)[hole].sum() < 0.15 * ink[hole].sum()


def test_what_is_filled_stays_filled() -> None:
    rows, columns = np.indices((SIDE, SIDE))
    ring = np.hypot(rows - 480, columns - 520)
    ink = ((ring < 150) & (ring > 60)).astype(np.float32)
    ink = np.maximum(ink, rasterise((np.array([[60, 60], [940, 90]], np.float32),), SIDE, SIDE, 8))
    hole = box(450, 800)
    drawn = cv2.resize(ink, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    redrawn = redraw(ink * ~hole, hole, [Patch(drawn, WHOLE, hole)], 0.5)
    assert any(isinstance(mark, Area) for mark in redrawn.parts[0].marks)
    ours, theirs = redrawn.ink[hole] > 0.5, ink[hole] > 0.5
    assert (ours & theirs).sum() > 0.95 * (ours | theirs).sum()


def test_a_dot_stays_a_dot() -> None:
    dot = (np.array([[500, 500]], np.float32),)
    line = (np.array([[50, 100], [900, 130]], np.float32),)
    hole = box(400, 600)
    ink = rasterise(line, SIDE, SIDE, 12)
    redrawn = redraw(ink, hole, [Patch(coarse(dot), WHOLE, hole)], 0.4)
    weight = redrawn.ink * hole
    assert 0.5 * 12 * 12 < weight.sum() < 3 * 12 * 12
    rows, columns = np.indices(hole.shape)
    middle = [float((weight * places).sum() / weight.sum()) for places in (columns, rows)]
    assert middle == pytest.approx([500, 500], abs=2)


def test_a_picture_as_coarse_as_the_network_gets_its_ink() -> None:
    rng = np.random.default_rng(0)
    drawn = rng.random((SIZE, SIZE), np.float32)
    ink, hole = np.zeros((SIZE, SIZE), np.float32), np.zeros((SIZE, SIZE), bool)
    ink[:, 20:22], hole[40:90, 10:60] = 1, True
    ink[hole] = 0
    redrawn = redraw(ink, hole, [Patch(drawn, (0, 0, SIZE, SIZE), hole)], 0.4)
    np.testing.assert_allclose(redrawn.ink[hole], decode(drawn, 0.4)[hole], atol=1e-5)
    np.testing.assert_array_equal(redrawn.ink[~hole], ink[~hole])


def test_without_a_visible_line_the_network_says_how_wide_they_are() -> None:
    strokes = (np.array([[350, 400], [650, 560]], np.float32),)
    hole = box(300, 700)
    redrawn = redraw(
        np.zeros((SIDE, SIDE), np.float32), hole, [Patch(coarse(strokes), WHOLE, hole)], 0.4
    )
    (line,) = redrawn.parts[0].marks
    assert isinstance(line, Line)
    assert line.widths.mean() == pytest.approx(2 * SCALE, rel=0.3)


@settings(deadline=None, max_examples=60)
@given(
    height=st.integers(1, 90),
    width=st.integers(1, 90),
    beyond=st.tuples(st.floats(0, 30), st.floats(0, 30)),
    seed=st.integers(0, 99),
)
def test_of_any_page_nothing_changes_outside_of_the_hole(
    height: int, width: int, beyond: tuple[float, float], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    hole = np.zeros((height, width), bool)
    top, left = rng.integers(height), rng.integers(width)
    hole[top : top + rng.integers(1, 60), left : left + rng.integers(1, 60)] = True
    ink = (rng.random((height, width)) ** 4).astype(np.float32)
    ink[:, width // 2] = 1
    ink[hole] = 0
    drawn = cv2.GaussianBlur(rng.random((16, 16), np.float32), (0, 0), 1)
    side = max(height, width) + max(beyond)
    patch = Patch(drawn, (-beyond[0], -beyond[1], side, side), hole)
    redrawn = redraw(ink, hole, [patch], 0.5)
    np.testing.assert_array_equal(redrawn.ink[~hole], ink[~hole])
    assert redrawn.ink.dtype == np.float32
    assert redrawn.ink.min() >= 0
    assert redrawn.ink.max() <= 1


def test_svg_shows_what_was_painted(drawings: list[tuple[np.ndarray, ...]]) -> None:
    strokes, hole = drawings[1], box(250, 750)
    ink = rasterise(strokes, SIDE, SIDE, 8)
    redrawn = redraw(ink * ~hole, hole, [Patch(coarse(strokes), WHOLE, hole)], 0.4)
    lines = [mark for mark in redrawn.parts[0].marks if isinstance(mark, Line)]
    svg = svg_bytes(Redrawn(redrawn.ink, redrawn.parts), [(30, 60, 190)])
    read = [stroke - 0.5 for stroke in svg_strokes(svg)]
    assert len(read) == len(lines)
    width = float(np.mean([line.widths.mean() for line in lines]))
    drawn = rasterise(read, SIDE, SIDE, width)
    assert np.abs(drawn - redrawn.ink)[hole].sum() < 0.08 * redrawn.ink[hole].sum()
    assert b'width="1000"' in svg
    assert b"#1e3cbe" in svg


def test_each_hole_has_the_colours_around_it() -> None:
    left, right = np.zeros((2, 60, 200), bool)
    left[20:40, 30:50], right[20:40, 150:170] = True, True
    pixels = np.full((60, 200, 3), 255, np.uint8)
    pixels[28:32, :80], pixels[28:32, 120:] = (200, 0, 0), (0, 0, 200)
    picture, hole = Picture(pixels), left | right
    ink = visible_ink(picture, hole)
    assert line_colour(picture, ink, left, hole) == (200, 0, 0)
    assert line_colour(picture, ink, right, hole) == (0, 0, 200)
    done = paint(picture, ink, np.ones_like(ink), hole, (left, right))
    assert {tuple(pixel) for pixel in done.pixels[left].tolist()} == {(200, 0, 0)}
    assert {tuple(pixel) for pixel in done.pixels[right].tolist()} == {(0, 0, 200)}


@pytest.mark.parametrize(("width", "blur"), [(3, 0), (9, 0), (20, 0), (5, 1), (9, 2.5)])
def test_a_pen_is_measured(width: float, blur: float) -> None:
    turn = np.linspace(0, 2 * np.pi, 200)
    loop = np.stack([300 + 200 * np.cos(turn), 260 + 150 * np.sin(2 * turn)], axis=1)
    strokes = [loop.astype(np.float32), np.array([[60, 480], [560, 470]], np.float32)]
    ink = rasterise(strokes, 520, 620, width)
    if blur:
        ink = cv2.GaussianBlur(ink, (0, 0), blur)
    hidden = np.zeros(ink.shape, bool)
    hidden[200:300, 200:400] = True
    pen = measure_pen(np.where(hidden, 0, ink).astype(np.float32), hidden)
    assert pen is not None
    assert pen.core == pytest.approx(width, abs=0.3)
    assert pen.softness == pytest.approx(math.hypot(blur, 0.38), abs=0.12)
    assert pen.width_at(np.array([500.0, 471.0]), 50) == pytest.approx(width, abs=0.5)


def test_no_line_no_pen() -> None:
    assert measure_pen(np.zeros((40, 50), np.float32), np.zeros((40, 50), bool)) is None
    everything = np.ones((40, 50), bool)
    assert measure_pen(np.zeros((40, 50), np.float32), everything) is None


def test_a_pen_draws_half_of_its_strength_at_its_edge() -> None:
    pen = Pen(8.0, 8.0, 1.0, strength=0.8)
    ink = pen.ink(np.array([0.0, 4.0, 12.0]), 8.0)
    np.testing.assert_allclose(ink, [0.8, 0.4, 0.0], atol=1e-3)
