"""Which drawings train, validate and test."""

from hashlib import sha1
from typing import Literal

import numpy as np

from zoo.contracts.source import Source

Split = Literal["train", "validation", "test"]

_BOUNDS = {"train": (0.0, 0.8), "validation": (0.8, 0.9), "test": (0.9, 1.0)}


def split_of(group: str) -> Split:
    """The split of a group: 80/10/10 by sha1, so that it never depends on the other drawings."""
    position = int.from_bytes(sha1(group.encode()).digest()[:8], "big") / 2**64
    for split, (low, high) in _BOUNDS.items():
        if low <= position < high:
            return split  # type: ignore[return-value]
    return "test"


def splits(source: Source) -> list[Split]:
    """The split of each drawing, in the order of the source."""
    return [split_of(source.group(i)) for i in range(len(source))]


def split_indices(source: Source, split: Split) -> np.ndarray:
    """Indices (n,) int64 of a split's drawings, in the order of the source.

    A source so small that a split is empty gives all of its drawings for that split.
    """
    chosen = [i for i, own in enumerate(splits(source)) if own == split]
    return np.array(chosen or range(len(source)), np.int64)
