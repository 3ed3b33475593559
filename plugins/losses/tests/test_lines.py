"""Losses of lines: what is a little off its place is forgiven, and by how much."""

from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings, strategies as st
from zoo_losses.lines import (
    _widen_disc,
    _widen_squares,
    blurred_dice,
    dice,
    dice_of,
    distance,
    outline,
)
from zoo_losses.options import DiceOptions, DistanceOptions

import zoo

HOLE = np.zeros((1, 32, 40, 1), np.float32)
HOLE[:, 4:28, 4:36] = 1


def line(row, batch=1):
    """A horizontal line through the whole drawing."""
    drawing = np.zeros((batch, 32, 40, 1), np.float32)
    drawing[:, row] = 1
    return tf.constant(drawing)


def value(build, options, drawn, true, mask=HOLE):
    (term,) = build(options)
    return term.call(SimpleNamespace(composite=drawn, target=true, mask=tf.constant(mask))).numpy()


@pytest.mark.parametrize("radius", [0.5, 1.0, 1.36, 2.0, 2.72, 5.0, 20.0])
def test_every_point_widens_to_a_disc(radius):
    points = np.eye(13 * 15, dtype=np.float32).reshape(-1, 13, 15, 1)
    y, x = (a.ravel() for a in np.mgrid[:13, :15])
    near = (y[:, None] - y) ** 2 + (x[:, None] - x) ** 2 <= radius**2
    wide = _widen_disc(tf.constant(points), radius)
    np.testing.assert_array_equal(wide.numpy().reshape(near.shape), near)


@pytest.mark.parametrize("radii", [(0, 1), (1, 2, 4, 8), (3, 5), (1, 4), (8,), (20,)])
def test_every_point_widens_to_squares_of_all_radii(radii):
    points = np.eye(13 * 15, dtype=np.float32).reshape(-1, 13, 15, 1)
    y, x = (a.ravel() for a in np.mgrid[:13, :15])
    apart = np.maximum(abs(y[:, None] - y), abs(x[:, None] - x))
    for radius, wide in zip(radii, _widen_squares(tf.constant(points), radii), strict=True):
        np.testing.assert_array_equal(wide.numpy().reshape(apart.shape), apart <= radius)


def test_dice_forgives_what_the_metric_forgives():
    """The tolerance is 1 px here: one row off is right, two rows off is wrong."""
    true = line(16)
    plain = [value(dice, DiceOptions(tolerance=0), line(16 + d), true)[0] for d in range(3)]
    tolerant = [value(dice, DiceOptions(), line(16 + d), true)[0] for d in range(3)]
    assert plain[0] == tolerant[0] == tolerant[1] == 0
    assert min(plain[1:]) > 0.9
    assert tolerant[2] > 0.9


def test_the_default_tolerance_grows_with_the_diagonal():
    """0.0075 of it is 2.3 px here: two rows off is right, three are wrong."""
    shape = (1, 180, 240, 1)
    drawings = np.zeros((4, *shape), np.float32)
    for row in range(4):
        drawings[row, :, 90 + row] = 1
    everywhere = np.ones(shape, np.float32)
    losses = [value(dice, DiceOptions(), d, drawings[0], everywhere)[0] for d in drawings]
    assert losses[2] == 0
    assert losses[3] > 0.9


def test_dots_in_a_row_are_no_line():
    """Of the three pixels around a gap two are drawn: a third, 2 * 2/3 - 1, of it is recalled."""
    dots = line(16).numpy()
    dots[:, :, ::2] = 0
    recall = (16 + 16 / 3 + 1) / (32 + 1)
    loss = value(dice, DiceOptions(), tf.constant(dots), line(16))
    np.testing.assert_allclose(loss, [1 - 2 * recall / (1 + recall)], rtol=1e-5)


def test_plain_dice_by_hand():
    """Half of the hole's 32 pixels of line: 1 - 2 * 16.../..., with one pixel more everywhere."""
    half = line(16).numpy()
    half[:, :, :20] = 0
    precision, recall = (16 + 1) / (16 + 1), (16 + 1) / (32 + 1)
    expected = 1 - 2 * precision * recall / (precision + recall)
    loss = value(dice, DiceOptions(tolerance=0), tf.constant(half), line(16))
    np.testing.assert_allclose(loss, [expected], rtol=1e-5)


def test_visible_ink_beside_the_hole_covers():
    """A true line just outside of the hole excuses a drawn one just inside, as in the metric."""
    drawn = line(4)
    alone = value(dice, DiceOptions(), drawn, line(31))
    excused = value(dice, DiceOptions(), drawn, line(3))
    assert excused[0] < 0.05 < 0.5 < alone[0]


def test_ink_where_nothing_is_costs_and_paper_there_is_right():
    paper = tf.zeros_like(line(0))
    assert value(dice, DiceOptions(), paper, paper)[0] == 0
    assert value(dice, DiceOptions(), line(16), paper)[0] > 0.4
    assert value(dice, DiceOptions(), paper, line(16))[0] > 0.4


def test_distance_grows_with_the_distance_until_the_largest_radius():
    true = line(8)
    losses = [value(distance, DistanceOptions(), line(8 + d), true)[0] for d in range(14)]
    # Missed at the radii 1, 2, 4, 8 that are smaller than the shift.
    missed = [sum(d > r for r in (1, 2, 4, 8)) / 4 for d in range(14)]
    np.testing.assert_allclose(losses, np.array(missed) * 32 / 33, rtol=1e-5)


def test_radii_must_grow():
    with pytest.raises(ValueError, match="must grow"):
        DistanceOptions(radii=(4, 2))


@pytest.mark.parametrize(
    ("build", "options"),
    [(dice, DiceOptions()), (dice, DiceOptions(tolerance=0)), (distance, DistanceOptions())],
    ids=["tolerant", "plain", "distance"],
)
def test_falls_as_a_fading_line_gives_way_to_the_true_one(build, options):
    shares = np.linspace(0, 1, 6)
    losses = [value(build, options, s * line(16) + (1 - s) * line(26), line(16))[0] for s in shares]
    assert (np.diff(losses) < 0).all()
    assert losses[-1] == 0


@pytest.mark.parametrize("build", [dice, distance])
def test_the_gradient_draws_a_line_that_fades_in_near_the_truth(build):
    """Of a grey hole, the rows of the true line are pulled up and far ones pushed down."""
    options = DiceOptions() if build is dice else DistanceOptions(radii=(1, 2))
    (term,) = build(options)
    drawn = tf.fill((1, 32, 40, 1), 0.2)
    with tf.GradientTape() as tape:
        tape.watch(drawn)
        loss = term.call(SimpleNamespace(composite=drawn, target=line(16), mask=tf.constant(HOLE)))
    slope = tape.gradient(loss, drawn).numpy()[0, ..., 0]
    assert slope[15:18, 8:32].sum() < 0 < slope[22:26, 8:32].min()
    assert not slope[:3].any()


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), tolerance=st.sampled_from([0.0, 1.0, 2.5]))
def test_dice_is_0_at_the_truth_and_tolerance_only_forgives(seed, tolerance):
    rng = np.random.default_rng(seed)
    true, drawn = (tf.constant(rng.random((1, 6, 9, 1)) ** 4) for _ in range(2))
    mask = tf.constant(rng.integers(0, 2, (1, 6, 9, 1)).astype(np.float64))
    assert abs(dice_of(true, true, mask, tolerance)[0]) < 1e-12
    loss = dice_of(drawn, true, mask, tolerance)[0]
    assert 0 <= loss <= dice_of(drawn, true, mask, 0.0)[0] + 1e-12


def test_lines_are_the_same_under_xla():
    (term,) = distance(DistanceOptions())

    def call(drawn, true):
        return term.call(SimpleNamespace(composite=drawn, target=true, mask=tf.constant(HOLE)))

    np.testing.assert_allclose(
        tf.function(call, jit_compile=True)(line(9), line(12)), call(line(9), line(12)), rtol=1e-6
    )


def test_blurred_dice_counts_ink_once_and_forgives_half_of_a_step():
    """A line in its place, near it and far from it; a fat one; a comb."""
    true = line(16)
    fat = line(15) + line(16) + line(17)
    comb = line(16) * (np.indices(HOLE.shape)[2] % 2)
    off, far = line(17), line(19)
    scores = [value(blurred_dice, DiceOptions(), x, true)[0] for x in (true, off, far, fat, comb)]
    # Of the three rows that a line is blurred to, two are shared one row off, none three rows off;
    # a fat line has three times the ink, a comb half of it.
    shared = [1, 2 / 3, 0, 1, 1 / 2]
    ink = [1, 1, 1, 3, 1 / 2]
    right = [2 * (32 * s + 1) / (32 + 32 * i + 2) for s, i in zip(shared, ink, strict=True)]
    np.testing.assert_allclose(scores, 1 - np.array(right), atol=0.01)


def test_blurred_dice_without_tolerance_is_plain_dice():
    rng = np.random.default_rng(0)
    drawn, true = (rng.random(HOLE.shape, np.float32) for _ in range(2))
    plain = DiceOptions(tolerance=0)
    expected = value(dice, plain, drawn, true)
    np.testing.assert_allclose(value(blurred_dice, plain, drawn, true), expected, rtol=1e-6)


def test_outline_asks_for_lines_and_not_for_their_place():
    fat = line(9) + line(10)
    dots = fat * (np.indices((1, 32, 40, 1)).sum(0) % 2)
    fog = sum(line(row) for row in range(12, 20)) / 8
    drawings = (line(9), fat, dots, fog)
    scores = [value(outline, zoo.Options(), drawn, line(16))[0] for drawn in drawings]
    # The fat line has twice the 32 pixels of ink and as much outline; dots have four sides each;
    # fog has an eighth of the outline.
    apart = [0, 32 / (96 + 1), (4 * 32 - 64) / (4 * 32 + 64 + 1), (64 - 8) / (64 + 8 + 1)]
    np.testing.assert_allclose(scores, np.array(apart) / 2, atol=0.01)


def test_outline_counts_steps_into_the_hole_and_none_outside():
    """Else a line may end at its border."""
    true = line(16)
    cut = true * (1 - HOLE)
    (lost,) = value(outline, zoo.Options(), cut, true)
    ink, edge = 32, 2 * 32
    assert lost == pytest.approx((ink / (ink + 1) + (edge - 2) / (edge + 2 + 1)) / 2)
    noise = np.where(HOLE > 0, true, np.random.default_rng(0).random(HOLE.shape)).astype("float32")
    inside = np.zeros_like(HOLE)
    inside[:, 5:27, 5:35] = 1
    assert value(outline, zoo.Options(), tf.constant(noise), true, inside)[0] == 0
