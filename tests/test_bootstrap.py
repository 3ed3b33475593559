"""The intervals that stand beside every mean."""

import numpy as np
import pytest

from zoo.evaluation.bootstrap import interval


def test_the_interval_of_a_mean() -> None:
    rng = np.random.default_rng(5)
    values = rng.normal(0.4, 0.3, 500).tolist()
    low, high = interval(values)
    assert interval(values) == (low, high)
    assert low < np.mean(values) < high
    # As the normal theory has it for so many.
    assert high - low == pytest.approx(2 * 1.96 * np.std(values) / 500**0.5, rel=0.1)
    assert interval([0.25] * 9) == (0.25, 0.25)
    assert interval([0.5]) == (0.5, 0.5)


def test_intervals_cover_the_true_mean_as_often_as_they_say() -> None:
    rng = np.random.default_rng(6)
    covered = 0
    for _ in range(100):
        low, high = interval(rng.beta(2, 5, 60).tolist())
        covered += low <= 2 / 7 <= high
    assert 88 <= covered <= 100
