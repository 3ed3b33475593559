"""The paper under a hole, and whether a page is lit evenly."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from zoo.sketch.paper import evenly_lit, paper_at

HEIGHT, WIDTH = 90, 120
ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)


@settings(deadline=None)
@given(
    tones=st.lists(st.integers(0, 65535), min_size=1, max_size=4),
    shape=st.tuples(st.integers(1, 60), st.integers(1, 60)),
    seed=st.integers(0, 99),
)
def test_even_paper_is_exactly_even(tones: list[int], shape: tuple[int, int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    pixels = np.broadcast_to(np.array(tones, np.uint16), (*shape, len(tones))).copy()
    paper = rng.random(shape) < rng.random()
    paper[tuple(rng.integers(0, shape))] = True
    pixels[~paper] = rng.integers(0, 65536, len(tones))
    where = rng.random(shape) < 0.5
    found = paper_at(pixels, paper, where)
    assert found.shape == (where.sum(), len(tones))
    assert (np.rint(found) == tones).all()


def test_light_goes_on_under_a_hole() -> None:
    light = np.stack([100 + ROWS, 220 - 0.5 * COLUMNS], axis=-1)
    hole = np.zeros((HEIGHT, WIDTH), bool)
    hole[30:60, 20:90] = True
    pixels = np.where(hole[..., None], 0, light)
    pixels[~hole] += np.random.default_rng(0).normal(0, 2, light[~hole].shape)
    assert np.abs(paper_at(pixels, ~hole, hole) - light[hole]).max() < 2.5


def test_light_at_the_pages_border_is_like_that_beside_it() -> None:
    light = (100 + ROWS)[..., None]
    hole = COLUMNS >= 80
    found = paper_at(light, ~hole, hole)
    assert np.abs(found - light[hole]).mean() < 10
    near = COLUMNS[hole] < 84
    assert np.abs(found - light[hole])[near].mean() < 4
    # Nothing beyond what was seen.
    assert light.min() <= found.min() < found.max() <= light.max()


EVEN = {
    "one tone": np.full_like(ROWS, 0.9),
    "grain": 0.8 + np.random.default_rng(0).normal(0, 0.03, ROWS.shape).astype(np.float32),
    "two painted areas": np.where(COLUMNS < 50, 0.2, 0.9).astype(np.float32),
}
UNEVEN = {
    "a lamp": 0.6 + 0.3 * COLUMNS / WIDTH,
    "a shadow": EVEN["grain"] - 0.3 * (COLUMNS > 80),
}


@pytest.mark.parametrize("name", [*EVEN, *UNEVEN])
def test_light_is_told_from_what_a_program_painted(name: str) -> None:
    tone = (EVEN | UNEVEN)[name].clip(0, 1)
    hole = np.zeros(tone.shape, bool)
    hole[20:70, 20:50] = True
    assert evenly_lit(tone, ~hole) == (name in EVEN)
    # What the hole hides says nothing.
    assert evenly_lit(np.where(hole, 0, tone), ~hole) == (name in EVEN)
