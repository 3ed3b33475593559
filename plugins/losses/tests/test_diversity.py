"""Losses of two noise draws."""

from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from zoo_losses.diversity import best_of_two, modeseek
from zoo_losses.lines import dice_of
from zoo_losses.options import BestOfTwoOptions, ModeseekOptions

import zoo

HOLE = np.zeros((1, 32, 40, 1), np.float32)
HOLE[:, 4:28, 4:36] = 1


def line(row, batch=1):
    """A horizontal line through the whole drawing."""
    drawing = np.zeros((batch, 32, 40, 1), np.float32)
    drawing[:, row] = 1
    return tf.constant(drawing)


def test_best_of_two_is_the_smaller_loss_and_teaches_that_draw_alone():
    (term,) = best_of_two(BestOfTwoOptions(of="dice"))
    good, bad = line(16), line(20)
    first = tf.concat([good, bad], 0)
    second = tf.concat([bad, good], 0)
    mask, true = np.repeat(HOLE, 2, 0), line(16, batch=2)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch((first, second))
        c = SimpleNamespace(
            composite=first * 0.9,
            second=zoo.Drawing(None, None, None, second * 0.8),
            target=true,
            mask=tf.constant(mask),
        )
        loss = term.call(c)
    expected = [
        dice_of(good * 0.9, line(16), HOLE)[0],
        dice_of(good * 0.8, line(16), HOLE)[0],
    ]
    np.testing.assert_allclose(loss, expected, rtol=1e-6)
    taught = [[tape.gradient(loss, x).numpy()[i].any() for i in (0, 1)] for x in (first, second)]
    assert taught == [[True, False], [False, True]]


def test_modeseek_falls_as_draws_differ():
    (term,) = modeseek(ModeseekOptions(epsilon=0.05))
    noise = tf.ones((1, 2, 3, 4))

    def loss(apart):
        other = zoo.Drawing(-noise, None, None, line(16) + apart * HOLE)
        c = SimpleNamespace(composite=line(16), noise=noise, second=other, mask=tf.constant(HOLE))
        return float(term.call(c)[0])

    # Noises differ by 2: a ratio of 0.05 is a difference of 0.1.
    assert loss(0.0) == 1
    assert loss(0.1) == pytest.approx(0.5, rel=1e-5)
    assert loss(0.3) == pytest.approx(0.25, rel=1e-5)


def test_modeseek_asks_nothing_of_equal_noises():
    (term,) = modeseek(ModeseekOptions())
    noise, drawn = tf.ones((1, 4)), line(16)
    with tf.GradientTape() as tape:
        tape.watch(drawn)
        second = zoo.Drawing(noise, None, None, line(17))
        c = SimpleNamespace(composite=drawn, noise=noise, second=second, mask=tf.constant(HOLE))
        loss = term.call(c)
    assert loss.numpy() == 0
    assert not tape.gradient(loss, drawn).numpy().any()
    same = SimpleNamespace(composite=line(17), noise=noise, second=second, mask=c.mask)
    assert term.call(same).numpy() == 0
