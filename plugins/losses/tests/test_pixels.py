"""Losses of pixels against values worked out by hand, and where their gradients flow."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import tensorflow as tf
from zoo_losses import pixels as losses
from zoo_losses.options import (
    ContextOptions,
    FillrateOptions,
    FocalOptions,
    InkBceOptions,
    L1Options,
)

OPTIONS = {
    "context": ContextOptions,
    "fillrate": FillrateOptions,
    "focal": FocalOptions,
    "ink_bce": InkBceOptions,
    "l1": L1Options,
}


def terms(name, **options):
    return getattr(losses, name)(OPTIONS[name](**options))


def pixels(rows):
    return tf.constant(rows, tf.float64)[tf.newaxis, :, :, tf.newaxis]


def drawing(target, mask, logits):
    return SimpleNamespace(
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
    # Half the way to both: (1/2)^gamma of the cross-entropy, weighted by alpha or 1 - alpha.
    focal = (0.75 + 2 * 0.25) / 3 * 0.5**2 * ln2
    np.testing.assert_allclose(value(EVEN, "focal"), [focal])
    np.testing.assert_allclose(value(EVEN, "focal", gamma=0, alpha=0.5), [ln2 / 2])
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


@pytest.mark.parametrize(
    ("name", "options", "inside", "outside"),
    [
        ("l1", {}, True, False),
        ("l1", {"outside": 1.0}, True, True),
        ("ink_bce", {}, True, False),
        ("ink_bce", {"inside": 0.0, "outside": 1.0}, False, True),
        ("focal", {}, True, False),
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


def test_focal_forgets_what_is_nearly_right():
    """Of two pixels, one a little and one very wrong, the share of the first falls with gamma."""
    logits = pixels([[-3.0, 3.0]])  # both are paper
    c = drawing(tf.zeros_like(logits), tf.ones_like(logits), logits)

    def share(gamma):
        right, wrong = gradient("focal", {"gamma": gamma}, c).numpy().ravel()
        return right / wrong

    assert share(0) > 10 * share(2) > 100 * share(5) > 0
