"""Losses against values worked out by hand, and where their gradients flow."""

import math
import subprocess
import sys
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings, strategies as st

import zoo
from zoo.registry import build, find, load

NAMES = ("bce", "context", "fillrate", "l1", "ink_bce")
TERMS = [
    ("context", {}),
    ("context", {"range": "tanh"}),
    ("fillrate", {}),
    ("fillrate", {"target": 0.5}),
    ("fillrate", {"on": "input"}),
    ("l1", {}),
    ("l1", {"outside": 0.5}),
    ("ink_bce", {}),
    ("ink_bce", {"outside": 0.5, "ink": 3.0}),
]
EACH = pytest.mark.parametrize(("name", "options"), TERMS, ids=str)


@dataclass(frozen=True)
class Context:
    """The fields of a loss context that these terms read."""

    target: Any = None
    image: Any = None
    mask: Any = None
    logits: Any = None
    ink: Any = None
    d_real: Any = None
    d_fake: Any = None


def terms(name, **options):
    cls = load(find("loss", name).spec.options)
    return build("loss", name, cls(**options))


def pixels(rows):
    return tf.constant(rows, tf.float64)[tf.newaxis, :, :, tf.newaxis]


def drawing(target, mask, logits):
    return Context(
        target=target,
        image=target * (1 - mask),
        mask=mask,
        logits=logits,
        ink=tf.sigmoid(logits),
    )


def random_drawing(seed=0, batch=3, hole=None):
    rng = np.random.default_rng(seed)
    shape = (batch, 4, 6, 1)
    mask = rng.integers(0, 2, shape) if hole is None else np.full(shape, hole)
    values = rng.integers(0, 2, shape), mask, rng.normal(size=shape) * 3
    return drawing(*(tf.constant(x, tf.float64) for x in values))


# A hole of three pixels, one of which has ink; one of the 13 visible pixels has ink too.
TARGET = pixels([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
MASK = pixels([[0, 0, 0, 0], [0, 1, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]])
EVEN = drawing(TARGET, MASK, tf.zeros_like(TARGET))  # ink = 1/2 everywhere
EXACT = drawing(TARGET, MASK, 200 * TARGET - 100)


def value(c, name, **options):
    (term,) = terms(name, **options)
    return term.call(c).numpy()


def gradient(name, options, c):
    (term,) = terms(name, **options)
    with tf.GradientTape() as tape:
        tape.watch(c.logits)
        loss = term.call(drawing(c.target, c.mask, c.logits))
    return tape.gradient(loss, c.logits)


def test_installed():
    found = zoo.list_components("loss", "sketch-zoo-losses/*")
    assert sorted(c.spec.name for c in found) == sorted(NAMES)


def test_light():
    code = (
        "import sys, zoo_losses; zoo_losses.zoo_losses();"
        "assert not {'tensorflow', 'keras', 'numpy', 'cv2', 'pydantic'} & set(sys.modules);"
        "import zoo_losses.options; assert not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_bce_by_hand():
    generator, discriminator = terms("bce")
    assert (generator.side, discriminator.side) == ("generator", "discriminator")
    assert generator.adversarial
    assert discriminator.adversarial
    real = zoo.Judgement((tf.constant([[0.0], [2.0]], tf.float64),), ())
    fake = zoo.Judgement((tf.constant([[1.0], [-3.0]], tf.float64),), ())
    c = Context(d_real=real, d_fake=fake)
    one = [math.log1p(math.exp(-1)), math.log1p(math.exp(3))]
    np.testing.assert_allclose(generator.call(c), one)
    two = [
        math.log(2) + math.log1p(math.exp(1)),
        math.log1p(math.exp(-2)) + math.log1p(math.exp(-3)),
    ]
    np.testing.assert_allclose(discriminator.call(c), two)


def test_bce_does_not_saturate():
    """Where the discriminator is sure, the generator's gradient is largest."""
    generator, _ = terms("bce")
    logits = tf.constant([[-50.0], [50.0]])
    with tf.GradientTape() as tape:
        tape.watch(logits)
        loss = generator.call(Context(d_fake=zoo.Judgement((logits,), ())))
    np.testing.assert_allclose(tape.gradient(loss, logits), [[-1.0], [0.0]], atol=1e-6)


def test_bce_weighs_maps_alike():
    generator, _ = terms("bce")
    maps = (tf.zeros((1, 1)), tf.fill((1, 3, 5, 1), 100.0))
    np.testing.assert_allclose(
        generator.call(Context(d_fake=zoo.Judgement(maps, ()))), [math.log(2) / 2], rtol=1e-6
    )


def test_by_hand():
    ln2 = math.log(2)
    np.testing.assert_allclose(value(EVEN, "context"), [ln2])
    np.testing.assert_allclose(value(EVEN, "fillrate"), [(1 / 2 - 1 / 3) ** 2])
    np.testing.assert_allclose(value(EVEN, "fillrate", target=0.2), [0.3**2])
    np.testing.assert_allclose(value(EVEN, "fillrate", on="input", target=0.5), [0.25])
    np.testing.assert_allclose(value(EVEN, "l1"), [0.5])
    np.testing.assert_allclose(value(EVEN, "l1", outside=0.5), [(1.5 + 13 * 0.25) / 3])
    np.testing.assert_allclose(value(EVEN, "ink_bce"), [ln2])
    np.testing.assert_allclose(value(EVEN, "ink_bce", inside=2, ink=4), [2 * (4 + 2) / 3 * ln2])
    weighted = 2 + 1 + 1 + 0.5 * (2 + 12)
    np.testing.assert_allclose(value(EVEN, "ink_bce", outside=0.5, ink=2), [weighted / 3 * ln2])


def test_context_in_tanh_by_hand():
    """p = 1 - 2 ink = 0 is clipped to 1e-7; y is -1 for the visible ink, +1 for 12 of paper."""
    low, high = math.log(1e-7), math.log(1 - 1e-7)
    expected = ((low - 2 * high) + 12 * -low) / 13
    np.testing.assert_allclose(value(EVEN, "context", range="tanh"), [expected])


def test_context_in_tanh_cannot_rub_out():
    """The fault: whatever is inkier than 1/2 is clipped, so nothing tells it to become paper."""
    c = drawing(tf.zeros_like(TARGET), MASK, tf.ones_like(TARGET))
    visible = c.mask.numpy() == 0
    assert (gradient("context", {"range": "ink"}, c).numpy()[visible] > 0).all()
    assert not gradient("context", {"range": "tanh"}, c).numpy().any()
    assert value(EVEN, "context", range="tanh") > 0 > value(EXACT, "context", range="tanh")


@EACH
def test_declares_what_it_reads(name, options):
    (term,) = terms(name, **options)
    full = random_drawing()
    only = Context(**{f.name: getattr(full, f.name) for f in fields(full) if f.name in term.reads})
    np.testing.assert_array_equal(term.call(only), term.call(full))
    for field in term.reads:
        with pytest.raises((TypeError, ValueError)):
            term.call(Context(**{**vars(only), field: None}))


@EACH
def test_zero_at_truth_as_declared(name, options):
    (term,) = terms(name, **options)
    target = random_drawing().target * 0.75 + 0.125  # grey, as anti-aliased lines are
    mask = random_drawing().mask
    truth = drawing(target, mask, tf.math.log(target / (1 - target)))
    assert term.zero_at_truth == np.allclose(term.call(truth), 0, atol=1e-12)


@EACH
def test_per_example(name, options):
    """A batch twice over gives the same values twice, and each example its own alone."""
    (term,) = terms(name, **options)
    c = random_drawing()
    parts = {key: x for key, x in vars(c).items() if x is not None}
    once = term.call(c)
    assert once.shape == (3,)
    assert once.dtype == tf.float64
    twice = term.call(Context(**{key: tf.concat([x, x], 0) for key, x in parts.items()}))
    np.testing.assert_array_equal(twice, np.tile(once, 2))
    alone = term.call(Context(**{key: x[1:2] for key, x in parts.items()}))
    np.testing.assert_allclose(alone, once[1:2])


@pytest.mark.parametrize(
    ("name", "options", "inside", "outside"),
    [
        ("l1", {}, True, False),
        ("l1", {"outside": 1.0}, True, True),
        ("ink_bce", {}, True, False),
        ("ink_bce", {"inside": 0.0, "outside": 1.0}, False, True),
        ("fillrate", {}, True, False),
        ("context", {}, False, True),
    ],
    ids=str,
)
def test_where_gradients_flow(name, options, inside, outside):
    c = random_drawing()
    flow, hole = gradient(name, options, c).numpy(), c.mask.numpy() == 1
    assert (flow[hole] != 0).all() == inside
    assert (flow[~hole] != 0).all() == outside
    assert inside or not flow[hole].any()
    assert outside or not flow[~hole].any()


def test_fillrate_on_the_input_teaches_nothing():
    assert gradient("fillrate", {"on": "input", "target": 0.5}, random_drawing()) is None


def test_fillrate_wants_ink_in_an_empty_hole():
    c = drawing(TARGET, MASK, tf.fill(TARGET.shape, tf.constant(-3.0, tf.float64)))
    assert (gradient("fillrate", {}, c).numpy()[c.mask.numpy() == 1] < 0).all()


@EACH
@settings(max_examples=20, deadline=None)
@given(
    logit=st.sampled_from([-1e4, -60.0, 0.0, 60.0, 1e4]),
    ink=st.sampled_from([0.0, 0.5, 1.0]),
    hole=st.sampled_from([0.0, 1.0, None]),
    dtype=st.sampled_from([tf.float32, tf.float64]),
)
def test_finite_always(name, options, logit, ink, hole, dtype):
    mask = tf.cast(random_drawing(hole=hole).mask, dtype)
    c = drawing(
        tf.fill(mask.shape, tf.cast(ink, dtype)), mask, tf.fill(mask.shape, tf.cast(logit, dtype))
    )
    (term,) = terms(name, **options)
    result = term.call(c)
    assert result.dtype == dtype
    assert np.isfinite(result).all()
    flow = gradient(name, options, c)
    assert flow is None or np.isfinite(flow).all()
