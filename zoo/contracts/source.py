"""The contract of a source.

The spec's target is a function ``build(options) -> Source``. Core resizes, splits, augments and
batches; a source only hands out drawings by index, always the same for the same index.

    class Crosses:
        skipped = ()

        def __len__(self):
            return 100

        def group(self, index):
            return f"cross-{index}"

        def __getitem__(self, index):
            arm = np.array([[0, 0], [index + 1, index + 1]], np.float32)
            strokes = (arm, arm * (1, -1) + (0, index + 1))
            return Sketch(key=self.group(index), group=self.group(index), strokes=strokes)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Sketch:
    """One drawing: strokes or a raster.

    Attributes:
        key: Unique within the source.
        group: What splits keep together (the key where nothing else is known).
        label: Category, or an empty string.
        strokes: (n, 2) float32 arrays of x, y; any unit, y downwards. Core fits them into the
            image with a margin.
        raster: (H, W) float32 in [0, 1], ink = 1, of any size. Core fits it into the image.
    """

    key: str
    group: str
    label: str = ""
    strokes: tuple[np.ndarray, ...] | None = None
    raster: np.ndarray | None = None


class Source(Protocol):
    """A sized, indexable collection of drawings.

    Threads may read it, and every worker process opens one of its own. One of millions of drawings
    may also have ``split_positions(start, stop) -> (n,) uint64``: the first 8 bytes, as one big
    number, of the sha1 of the groups of these drawings. Splits are then made without ``group``.
    """

    @property
    def skipped(self) -> Sequence[str]:
        """One line for each file or line that could not be read."""
        ...

    def __len__(self) -> int:
        """How many drawings there are."""
        ...

    def group(self, index: int) -> str:
        """The group of a drawing, without decoding it."""
        ...

    def __getitem__(self, index: int) -> Sketch:
        """The drawing at ``index``, 0 <= index < len."""
        ...


class SourceBuilder(Protocol):
    """What the target of a ``SourceSpec`` must be."""

    def __call__(self, options: Any) -> Source:
        """Open the source.

        Raises:
            zoo.DataError: There is nothing to read.
        """
        ...
