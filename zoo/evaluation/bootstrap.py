"""How sure a mean over drawings is."""

from collections.abc import Sequence

import numpy as np

_RESAMPLES = 2000
_PERCENTILES = (2.5, 97.5)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """95 % interval of the mean by the percentile bootstrap; the same values, the same interval.

    Paper: Efron 1979, Bootstrap Methods: Another Look at the Jackknife.

    Args:
        values: One number per drawing, at least one.

    Returns:
        Lower and upper end.
    """
    sample = np.asarray(values, np.float64)
    rng = np.random.default_rng(0)
    means = [sample[rng.integers(sample.size, size=sample.size)].mean() for _ in range(_RESAMPLES)]
    low, high = np.percentile(means, _PERCENTILES)
    return float(low), float(high)
