"""A correct source and its mutants."""

import random
import time
from hashlib import sha1
from itertools import count

import numpy as np

import zoo
from zoo_mutants.options import TinyOptions


class Crosses:
    """Crosses with arms of different lengths."""

    skipped = ()

    def __len__(self):
        return 40

    def group(self, index):
        return f"cross-{index}"

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.cross(index, index + 1)

    def split_positions(self, start, stop):
        """The first 8 bytes of the sha1 of each group."""
        digests = [sha1(self.group(index).encode()).digest() for index in range(start, stop)]
        return np.array([int.from_bytes(digest[:8], "big") for digest in digests], np.uint64)

    def cross(self, index, length):
        """A drawing."""
        arm = np.array([[0, 0], [length, length]], np.float32)
        strokes = (arm, arm * np.float32([1, -1]) + np.float32([0, length]))
        key = self.group(index)
        return zoo.Sketch(key=key, group=key, strokes=strokes)


def build(options: TinyOptions):
    """The crosses."""
    return Crosses()


class is_sized_and_indexed(Crosses):  # noqa: N801
    """Begins again behind the last."""

    def __init__(self, options):
        """Open it."""

    def __getitem__(self, index):
        return super().__getitem__(index % len(self))


class drawings_keep_their_contract(is_sized_and_indexed):  # noqa: N801
    """float64."""

    __getitem__ = Crosses.__getitem__

    def cross(self, index, length):
        right = super().cross(index, length)
        strokes = tuple(stroke.astype(np.float64) for stroke in right.strokes)
        return zoo.Sketch(key=right.key, group=right.group, strokes=strokes)


class keys_are_unique(is_sized_and_indexed):  # noqa: N801
    """Two of each."""

    __getitem__ = Crosses.__getitem__

    def group(self, index):
        return f"cross-{index // 2}"


class groups_agree(is_sized_and_indexed):  # noqa: N801
    """Two groups."""

    __getitem__ = Crosses.__getitem__

    def cross(self, index, length):
        right = super().cross(index, length)
        return zoo.Sketch(key=right.key, group=f"{right.key}!", strokes=right.strokes)


class same_index_same_drawing(is_sized_and_indexed):  # noqa: N801
    """Never the same."""

    _own = random.Random(0)

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.cross(index, 1 + self._own.random())


_OPENED = count()


class opened_twice_is_equal(is_sized_and_indexed):  # noqa: N801
    """Longer each time."""

    def __init__(self, options):
        """Open it."""
        self._number = next(_OPENED)

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.cross(index, index + 1 + self._number)


class threads_may_read(is_sized_and_indexed):  # noqa: N801
    """One cursor for all."""

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(index)
        self._cursor = index
        time.sleep(0.001)
        return self.cross(self._cursor, self._cursor + 1)


class says_what_it_skipped(is_sized_and_indexed):  # noqa: N801
    """A number, no lines."""

    skipped = 3
    __getitem__ = Crosses.__getitem__


class core_can_draw_it(is_sized_and_indexed):  # noqa: N801
    """Nothing to draw."""

    __getitem__ = Crosses.__getitem__

    def cross(self, index, length):
        key = self.group(index)
        return zoo.Sketch(key=key, group=key, strokes=())


class split_positions_are_the_groups(is_sized_and_indexed):  # noqa: N801
    """All in one place."""

    __getitem__ = Crosses.__getitem__

    def split_positions(self, start, stop):
        """Zeros."""
        return np.zeros(stop - start, np.uint64)


class leaves_global_state_alone(is_sized_and_indexed):  # noqa: N801
    """Sets a seed that is not its own."""

    def __getitem__(self, index):
        np.random.seed(0)
        return Crosses.__getitem__(self, index)
