"""The built-in source: doodles."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from zoo.contracts.source import Source
from zoo.data.doodle_pen import SPACING, Pen
from zoo.data.doodles import KINDS, build
from zoo.data.options import DoodlesOptions
from zoo.errors import OptionError

kinds = st.sampled_from(sorted(KINDS))
variants = st.integers(0, 2**70)
indices = st.integers(0, 99_999_999)
Strokes = tuple[np.ndarray, ...]


def doodles(**options: Any) -> Source:
    return build(DoodlesOptions.model_validate(options))


def draw(kind: str = "", index: int = 0, variant: int = 0, wobble: float = 1.0) -> Strokes:
    source = doodles(count=100_000_000, kind=kind, variant=variant, wobble=wobble)
    strokes = source[index].strokes
    assert strokes is not None
    return strokes


def fingerprint(strokes: Strokes) -> bytes:
    return b"|".join(stroke.tobytes() for stroke in strokes)


def shape(strokes: Strokes) -> tuple[float, float]:
    """Log2 of width by height, and length of all lines by the longer side."""
    width, height = np.ptp(np.concatenate(strokes), axis=0)
    ink = sum(float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in strokes)
    return float(np.log2(width / height)), ink / float(max(width, height))


def bend(stroke: np.ndarray) -> float:
    """Largest distance of a stroke's points from the straight line between its ends."""
    x, y = (stroke[-1] - stroke[0]).astype(np.float64)
    away = (stroke - stroke[0]).astype(np.float64)
    return float(np.abs(away[:, 0] * y - away[:, 1] * x).max() / np.hypot(x, y))


@given(kind=kinds, variant=variants, index=indices, wobble=st.floats(0, 3))
@settings(max_examples=400, deadline=None)
def test_every_drawing_is_well_formed(kind: str, variant: int, index: int, wobble: float) -> None:
    strokes = draw(kind, index, variant, wobble)
    assert 1 <= len(strokes) <= 40
    assert 50 <= sum(len(stroke) for stroke in strokes) <= 1000
    for stroke in strokes:
        assert stroke.dtype == np.float32
        assert stroke.ndim == 2
        assert stroke.shape[0] >= 2
        assert stroke.shape[1] == 2
        assert np.isfinite(stroke).all()
        assert np.ptp(stroke, axis=0).max() > 0
    extent = np.ptp(np.concatenate(strokes), axis=0)
    assert 1.2 < extent.max() < 3.2
    assert extent.min() > 0.3


@given(kind=kinds, variant=variants, index=indices)
@settings(max_examples=200, deadline=None)
def test_points_are_dense(kind: str, variant: int, index: int) -> None:
    for stroke in draw(kind, index, variant):
        assert np.hypot(*np.diff(stroke, axis=0).T).max() < 3 * SPACING


@given(variant=variants, index=indices, wobble=st.floats(0, 3))
@settings(max_examples=50, deadline=None)
def test_drawings_are_a_pure_function_of_variant_and_index(
    variant: int, index: int, wobble: float
) -> None:
    options = {"count": 100_000_000, "variant": variant, "wobble": wobble}
    source = doodles(**options)
    first = source[index]
    source[(index + 1) % len(source)]
    for again in (source[index], doodles(**options)[index]):
        assert (again.key, again.group, again.label) == (first.key, first.group, first.label)
        assert fingerprint(again.strokes or ()) == fingerprint(first.strokes or ())


@pytest.mark.parametrize("wobble", [0.0, 1.0])
def test_two_thousand_drawings_are_distinct(wobble: float) -> None:
    seen = {
        fingerprint(draw(index=index, variant=variant, wobble=wobble))
        for variant in range(2)
        for index in range(1000)
    }
    assert len(seen) == 2000


def test_large_variants_do_not_collide() -> None:
    # Seeds made of 32-bit words coincide when a variant of two words is split between two numbers.
    pairs = [(5, 1), (5 + 2**32, 0), (5, 0), (2**32, 5), (1, 5), (5 * 2**32, 0), (0, 5), (0, 0)]
    assert len({fingerprint(draw("cat", i, v)) for v, i in pairs}) == len(pairs)


def test_there_are_many_kinds_and_all_come_up() -> None:
    assert len(KINDS) >= 24
    source = doodles(count=1000)
    assert {source[index].label for index in range(len(source))} == set(KINDS)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_drawings_of_a_kind_differ_in_more_than_the_hand(kind: str) -> None:
    exact = [shape(draw(kind, index, wobble=0)) for index in range(40)]
    aspect, ink = np.std(exact, axis=0) / (1, np.mean(exact, axis=0)[1])
    assert aspect > 0.05
    assert ink > 0.015


def test_kind_restricts_the_labels() -> None:
    source = doodles(count=100, kind="cat + house+cat")
    labels = [sketch.label for sketch in (source[i] for i in range(100))]
    assert set(labels) == {"cat", "house"}
    assert 25 < labels.count("cat") < 75


def test_a_drawing_stays_the_same_when_kinds_are_restricted() -> None:
    everything = doodles(count=300)
    houses = [i for i in range(300) if everything[i].label == "house"]
    assert houses
    for index in houses:
        assert fingerprint(everything[index].strokes or ()) == fingerprint(draw("house", index))


@pytest.mark.parametrize("kind", ["cat+dragon", "cat+", "+"])
def test_unknown_kind_is_refused(kind: str) -> None:
    with pytest.raises(OptionError, match=r'no kind ".*Kinds: apple, .*umbrella'):
        doodles(kind=kind)


def test_unknown_kind_suggests_the_closest() -> None:
    with pytest.raises(OptionError, match=r'no kind "buterfly"\. Did you mean "butterfly"\?'):
        doodles(kind="cat+buterfly")


def test_count_sets_the_epoch() -> None:
    source = doodles(count=7, variant=3)
    assert len(source) == 7
    assert source.skipped == ()
    sketches = [source[i] for i in range(7)]
    assert [s.key for s in sketches] == [f"doodle-3-{i}" for i in range(7)]
    assert [s.group for s in sketches] == [source.group(i) for i in range(7)]
    assert all(s.raster is None for s in sketches)
    for index in (7, -1):
        with pytest.raises(IndexError, match="there are 7"):
            source[index]


def test_more_count_keeps_the_drawings() -> None:
    few, many = doodles(count=5), doodles(count=5000)
    assert fingerprint(few[4].strokes or ()) == fingerprint(many[4].strokes or ())


@given(index=indices)
@settings(max_examples=30, deadline=None)
def test_without_wobble_lines_are_straight(index: int) -> None:
    assert max(bend(stroke) for stroke in draw("ladder", index, wobble=0)) < 1e-6
    assert max(bend(stroke) for stroke in draw("ladder", index, wobble=1)) > 2e-3


@given(index=indices)
@settings(max_examples=30, deadline=None)
def test_wobble_scales_the_error_of_the_hand(index: int) -> None:
    exact, calm, shaky = (draw("ladder", index, wobble=w) for w in (0, 0.3, 3))

    def error(strokes: Strokes) -> float:
        return float(np.abs(np.concatenate(strokes) - np.concatenate(exact)).mean())

    assert 0 < 5 * error(calm) < error(shaky) < 0.5


@given(seed=st.integers(0, 2**32))
@settings(max_examples=50, deadline=None)
def test_closed_shapes_close_without_wobble_only(seed: int) -> None:
    def ends(wobble: float) -> list[float]:
        pen = Pen(np.random.default_rng(seed), wobble)
        pen.ellipse(0, 0, 0.8, 0.5)
        pen.loop((0, -1), (0.7, 0), (0, 1), (-0.8, 0))
        pen.polygon(*((np.cos(a), np.sin(a)) for a in range(6)))
        return [float(np.hypot(*(s[-1] - s[0]))) for s in pen.finish()]

    assert max(ends(0)) < 1e-6
    assert min(ends(1)) > 1e-4


# Doodles and the Quick, Draw! category that shows the same thing in the same way.
SAME = "apple bicycle bird car cat chair face fish flower house key ladder mushroom star tree"
REAL = {kind: kind for kind in SAME.split()} | {
    "boat": "sailboat",
    "cake": "birthday cake",
    "glasses": "eyeglasses",
}


@pytest.mark.parametrize("kind", sorted(REAL))
def test_doodles_are_as_complex_as_real_drawings(kind: str, shared_data: Path) -> None:
    real = []
    with gzip.open(shared_data / "quickdraw" / f"{REAL[kind]}.ndjson.gz", "rt") as lines:
        for line, _ in zip(lines, range(200), strict=False):
            drawing = json.loads(line)["drawing"]
            real.append(shape(tuple(np.array(stroke[:2], np.float32).T for stroke in drawing)))
    low, high = np.percentile(real, [3, 97], axis=0)
    median = np.median([shape(draw(kind, index)) for index in range(60)], axis=0)
    assert (low < median).all()
    assert (median < high).all()
