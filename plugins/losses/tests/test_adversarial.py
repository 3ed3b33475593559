"""Adversarial pairs and regularisers against values worked out by hand."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from zoo_losses import adversarial, features, regularisers

import zoo

REAL = [[0.0], [2.0]]
FAKE = [[1.0], [-3.0]]


def softplus(x):
    return math.log1p(math.exp(x))


def judged(maps, features=()):
    return zoo.Judgement(tuple(tf.constant(m, tf.float64) for m in maps), tuple(features))


def both_sides(name):
    generator, discriminator = getattr(adversarial, name)(zoo.Options())
    assert (generator.side, discriminator.side) == ("generator", "discriminator")
    assert generator.adversarial
    assert discriminator.adversarial
    return generator, discriminator


@pytest.mark.parametrize(
    ("name", "fool", "tell_apart"),
    [
        (
            "bce",
            [softplus(-1), softplus(3)],
            [softplus(0) + softplus(1), softplus(-2) + softplus(-3)],
        ),
        ("lsgan", [0, 8], [(1 + 1) / 2, (1 + 9) / 2]),
        ("hinge", [-1, 3], [1 + 2, 0 + 0]),
        ("wgan", [-1, 3], [1 - 0, -3 - 2]),
        ("relativistic", [softplus(-1), softplus(5)], [softplus(1), softplus(-5)]),
    ],
)
def test_by_hand(name, fool, tell_apart):
    c = SimpleNamespace(d_real=judged([REAL]), d_fake=judged([FAKE]))
    for term, expected in zip(both_sides(name), (fool, tell_apart), strict=True):
        np.testing.assert_allclose(term.call(c), expected)


@pytest.mark.parametrize("name", ["bce", "lsgan", "hinge", "wgan", "relativistic"])
def test_the_sides_pull_apart(name):
    """The generator wants its logits up; the discriminator wants the real above the fake."""
    generator, discriminator = both_sides(name)
    real, fake = tf.Variable([[0.1], [0.2]]), tf.Variable([[0.2], [0.1]])
    with tf.GradientTape(persistent=True) as tape:
        c = SimpleNamespace(d_real=zoo.Judgement((real,), ()), d_fake=zoo.Judgement((fake,), ()))
        fool, tell_apart = generator.call(c), discriminator.call(c)
    assert (tape.gradient(fool, fake).numpy() < 0).all()
    assert (tape.gradient(tell_apart, fake).numpy() > 0).all()
    assert (tape.gradient(tell_apart, real).numpy() < 0).all()


def test_maps_count_alike():
    maps = [np.zeros((1, 1)), np.full((1, 3, 5, 1), 100.0)]
    generator, _ = both_sides("bce")
    value = generator.call(SimpleNamespace(d_fake=judged(maps)))
    np.testing.assert_allclose(value, [math.log(2) / 2], rtol=1e-6)


def test_bce_does_not_saturate():
    """Where the discriminator is sure, the generator's gradient is largest."""
    generator, _ = both_sides("bce")
    logits = tf.constant([[-50.0], [50.0]])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = generator.call(SimpleNamespace(d_fake=zoo.Judgement((logits,), ())))
    np.testing.assert_allclose(tape.gradient(loss, logits), [[-1.0], [0.0]], atol=1e-6)


def test_only_wgan_asks_for_a_regulariser_and_both_regularisers_are_one():
    asking = {
        name for name in ("bce", "lsgan", "hinge", "wgan", "relativistic")
        if any("regulariser" in term.requires for term in both_sides(name))
    }  # fmt: skip
    assert asking == {"wgan"}
    for build in (regularisers.r1, regularisers.gradient_penalty):
        (term,) = build(zoo.Options())
        assert (term.side, tuple(term.provides)) == ("discriminator", ("regulariser",))


def sloped(slopes, at):
    """A critic that is linear: its gradient is the same everywhere."""

    def d_gradient(where):
        assert where == at
        return slopes

    return SimpleNamespace(d_gradient=d_gradient)


def test_regularisers_of_linear_critics_by_hand():
    """Slopes of norm 5 and 0."""
    slopes = tf.constant([[[[3.0], [0.0]], [[0.0], [4.0]]], [[[0.0]] * 2] * 2], tf.float64)
    (r1,) = regularisers.r1(zoo.Options())
    np.testing.assert_allclose(r1.call(sloped(slopes, "real")), [12.5, 0])
    (penalty,) = regularisers.gradient_penalty(zoo.Options())
    np.testing.assert_allclose(penalty.call(sloped(slopes, "mix")), [16, 1], rtol=1e-3)


@pytest.mark.parametrize("name", ["r1", "gradient_penalty"])
def test_a_flat_critic_has_a_finite_gradient(name):
    (term,) = getattr(regularisers, name)(zoo.Options())
    slopes = tf.zeros((2, 3, 4, 1))
    with tf.GradientTape() as tape:
        tape.watch(slopes)
        value = term.call(sloped(slopes, "real" if name == "r1" else "mix"))
    assert np.isfinite(tape.gradient(value, slopes)).all()


def test_feature_matching_by_hand():
    (term,) = features.feature_matching(zoo.Options())
    assert tuple(term.requires) == ("features",)
    near, far = tf.constant([[1.0, 2.0], [0.0, 0.0]]), tf.constant([[4.0], [1.0]])
    fake = zoo.Judgement((), (near, far))
    real = zoo.Judgement((), (tf.constant([[3.0, 2.0], [0.0, 0.0]]), far - 3))
    np.testing.assert_allclose(
        term.call(SimpleNamespace(d_fake=fake, d_real=real)), [(1 + 3) / 2, (0 + 3) / 2]
    )
