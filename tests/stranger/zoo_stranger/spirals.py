"""A source."""

import numpy as np

import zoo


class Spirals:
    """Spirals as one stroke each."""

    skipped = ()

    def __init__(self, count):
        """So many drawings."""
        self._count = count

    def __len__(self):
        """How many."""
        return self._count

    def group(self, index):
        """Each is its own group."""
        return f"spiral-{index}"

    def __getitem__(self, index):
        """A spiral whose turns and phase depend on the index."""
        if not 0 <= index < self._count:
            raise IndexError(index)
        t = np.linspace(0, 1, 80)
        angle = 2 * np.pi * (2 + index % 5) * t + index
        stroke = np.stack([t * np.cos(angle), t * np.sin(angle)], 1).astype(np.float32)
        return zoo.Sketch(key=self.group(index), group=self.group(index), strokes=(stroke,))


def build(options):
    """Open it."""
    return Spirals(options.count)
