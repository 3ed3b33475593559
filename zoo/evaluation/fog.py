"""Fog: ink that is neither line nor paper."""

import numpy as np

# What is fainter is paper; what is stronger is line.
_FAINT, _FULL = 0.2, 0.8


def fog(ink: np.ndarray, mask: np.ndarray) -> float:
    """The share of a hole's ink that is grey: below 0.8 among all above 0.2.

    Lines are anti-aliased, so true drawings have some too, the more the thinner their lines.

    Args:
        ink: In [0, 1], of any shape; of many drawings at once, too.
        mask: The same shape, 1 = hole.

    Returns:
        In [0, 1]; 0 where nothing is above 0.2.
    """
    marked = ink[(mask > 0) & (ink > _FAINT)]
    return float((marked < _FULL).mean()) if marked.size else 0.0
