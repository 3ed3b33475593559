"""Orders that are never written down."""

import numpy as np
from hypothesis import given, settings, strategies as st

from zoo.data.permutation import permuted


@given(
    words=st.lists(st.integers(0, 2**70), max_size=3).map(tuple),
    count=st.integers(1, 700),
)
@settings(max_examples=200, deadline=None)
def test_every_number_stands_at_one_position(words: tuple[int, ...], count: int) -> None:
    order = [permuted(words, count, position) for position in range(count)]
    assert sorted(order) == list(range(count))
    assert order == [permuted(words, count, position) for position in range(count)]


def test_a_long_one_is_complete() -> None:
    count = 300_007
    seen = np.zeros(count, bool)
    for position in range(count):
        seen[permuted((1, 2), count, position)] = True
    assert seen.all()


def test_every_order_of_four_is_about_as_likely() -> None:
    orders = [tuple(permuted((seed, 3), 4, i) for i in range(4)) for seed in range(24_000)]
    counts = np.unique(orders, axis=0, return_counts=True)[1]
    assert len(counts) == 24
    # Chi-squared with 23 degrees of freedom: its standard deviation is 7.
    assert ((counts - 1000) ** 2 / 1000).sum() < 60


def test_neighbours_end_up_anywhere() -> None:
    count = 100_000
    order = np.array([permuted((5,), count, i) for i in range(20_000)])
    assert abs(np.corrcoef(order[1:], order[:-1])[0, 1]) < 0.03
    assert abs(np.corrcoef(order, np.arange(len(order)))[0, 1]) < 0.03
    tenths = np.histogram(order, 10, (0, count))[0]
    assert ((tenths - 2000) ** 2 / 2000).sum() < 40
    other = np.array([permuted((6,), count, i) for i in range(20_000)])
    assert (order == other).sum() < 10
