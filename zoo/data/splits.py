"""Which drawings train, validate and test."""

from hashlib import sha1
from typing import Literal, get_args

import numpy as np

from zoo.contracts.source import Source

Split = Literal["train", "validation", "test"]

# Where each split ends on the line from 0 to 1.
_ENDS = {"train": 0.8, "validation": 0.9, "test": np.inf}
_CHUNK = 1 << 16


def split_position(group: str) -> int:
    """Where a group lies among all that could be, in 64 bits: the first of its sha1."""
    return int.from_bytes(sha1(group.encode()).digest()[:8], "big")


def split_of(group: str) -> Split:
    """The split of a group: 80/10/10 by sha1, so that it never depends on the other drawings."""
    return _split_at(split_position(group) / 2**64)


def splits(source: Source) -> list[Split]:
    """The split of each drawing, in the order of the source."""
    return [_split_at(place) for start in _starts(source) for place in _places(source, start)]


def split_indices(source: Source, split: Split) -> np.ndarray:
    """Indices (n,) of a split's drawings, in the order of the source.

    They are uint32, or int64 if the source is too long for it. A source so small that a split is
    empty gives all of its drawings for that split.
    """
    names: tuple[Split, ...] = get_args(Split)
    before = names.index(split) - 1
    low, high = _ENDS[names[before]] if before >= 0 else 0.0, _ENDS[split]
    # Filled in place: of what is not filled the system makes no memory.
    indices, count = np.empty(len(source), np.uint32 if len(source) <= 2**32 else np.int64), 0
    for start in _starts(source):
        places = _places(source, start)
        own = start + np.flatnonzero((low <= places) & (places < high))
        indices[count : count + len(own)] = own
        count += len(own)
    return indices[:count] if count else np.arange(len(source), dtype=indices.dtype)


def _split_at(place: float) -> Split:
    return next(split for split in get_args(Split) if place < _ENDS[split])


def _starts(source: Source) -> range:
    return range(0, len(source), _CHUNK)


def _places(source: Source, start: int) -> np.ndarray:
    """Split positions of a chunk of drawings as (n,) float64 in [0, 1]."""
    stop = min(start + _CHUNK, len(source))
    if hasattr(source, "split_positions"):
        positions = source.split_positions(start, stop)
    else:
        groups = (source.group(index) for index in range(start, stop))
        positions = np.fromiter(map(split_position, groups), np.uint64, stop - start)
    return positions / 2.0**64
