"""The built-in source: an endless supply of procedural drawings, so that nothing is downloaded."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zoo.contracts.source import Sketch, Source
from zoo.data.doodle_animals import ANIMALS
from zoo.data.doodle_figures import FIGURES
from zoo.data.doodle_furniture import FURNITURE
from zoo.data.doodle_nature import NATURE
from zoo.data.doodle_outdoors import OUTDOORS
from zoo.data.doodle_pen import Pen
from zoo.data.doodle_things import THINGS
from zoo.data.options import DoodlesOptions
from zoo.errors import OptionError, did_you_mean

KINDS: Mapping[str, Callable[[Pen], None]] = {
    **ANIMALS,
    **FIGURES,
    **FURNITURE,
    **NATURE,
    **OUTDOORS,
    **THINGS,
}


@dataclass
class Doodles:
    """Drawings by index; each is a pure function of (variant, index), and no two are equal.

    Restricting ``kinds`` changes what is drawn at an index, not how: a cat stays the same cat.

    Attributes:
        count: How many drawings there are.
        variant: Number of the collection.
        kinds: Names of the kinds to draw, keys of ``KINDS``.
        wobble: Unsteadiness of the hand; 0 draws exact geometry.
        skipped: Always empty.
    """

    count: int
    variant: int
    kinds: tuple[str, ...]
    wobble: float
    skipped: Sequence[str] = ()

    def __len__(self) -> int:
        """How many drawings there are."""
        return self.count

    def group(self, index: int) -> str:
        """The drawing's own key: every drawing is a group of its own."""
        return f"doodle-{self.variant}-{index}"

    def __getitem__(self, index: int) -> Sketch:
        """The drawing at ``index``: strokes in page units (about -1 to 1), label = its kind.

        Raises:
            IndexError: ``index`` is not in 0 <= index < len.
        """
        if not 0 <= index < self.count:
            raise IndexError(f"source doodles: no drawing {index}, there are {self.count}")
        # The index first: it is one 32-bit word of the seed, while a large variant takes several.
        pen = Pen(np.random.default_rng((index, self.variant)), self.wobble)
        label = pen.pick(*self.kinds)
        KINDS[label](pen)
        key = self.group(index)
        return Sketch(key=key, group=key, label=label, strokes=pen.finish())


def build(options: DoodlesOptions) -> Source:
    """Open the source.

    Raises:
        OptionError: ``kind`` names a kind that does not exist.
    """
    names = [name.strip() for name in options.kind.split("+")] if options.kind else list(KINDS)
    for name in names:
        if name not in KINDS:
            raise OptionError(
                f'source doodles: no kind "{name}".{did_you_mean(name, KINDS)} '
                f"Kinds: {', '.join(sorted(KINDS))}"
            )
    kinds = tuple(dict.fromkeys(names))
    return Doodles(options.count, options.variant, kinds, options.wobble)
