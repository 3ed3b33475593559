"""From drawings to training examples: a pure function of (seed, example number)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from zoo import registry
from zoo.config import Part, RunConfig
from zoo.contracts.mask import MaskFamily
from zoo.contracts.source import Sketch, Source
from zoo.data.splits import Split, split_indices
from zoo.options import Options, SourceKeys
from zoo.sketch.image import fit_ink
from zoo.sketch.masks import HoleBounds, draw_hole
from zoo.sketch.strokes import default_margin, default_pen, fit_strokes, rasterise

Batch = dict[str, np.ndarray]
Strokes = tuple[np.ndarray, ...] | None

# What each random stream of an example is for; its number is part of the stream's seed.
_FLIP, _HOLE, _NOISE, _NOISE_B, _MIX = range(5)


@dataclass(frozen=True)
class Randomness:
    """The random tensors that a step asks for, beside holes.

    Attributes:
        noise: Shape of the generator's noise input, or None.
        second: Also draw ``noise_b``, for terms that compare two completions.
        mix: Also draw ``mix``, the interpolation coefficients of gradient penalties.
    """

    noise: tuple[int, ...] | None = None
    second: bool = False
    mix: bool = False


@dataclass(frozen=True)
class Examples:
    """Every example of a run, addressable by step.

    Attributes:
        config: The run's configuration.
        source: Where drawings come from.
        indices: (n,) the drawings of the split.
        randomness: What the step asks for.
        fixed: Fixed drawings for validation: the same for every run of the source and size.
    """

    config: RunConfig
    source: Source
    indices: np.ndarray
    randomness: Randomness
    fixed: bool = False

    def batch(self, step: int) -> Batch:
        """The examples of a step, as (B, H, W, 1) float32 arrays.

        ``target`` and ``mask`` always; ``noise``, ``noise_b`` and ``mix`` (B, 1, 1, 1) as asked.
        """
        size = self.config.settings.batch_size
        progress = 1.0 if self.fixed else step / self.config.settings.steps
        return self._stack(range(step * size, (step + 1) * size), progress)

    def first(self, count: int) -> Batch:
        """The first ``count`` examples of a fixed set, or all if there are fewer."""
        return self._stack(range(min(count, len(self.indices))), 1.0)

    def steps_per_epoch(self) -> int:
        """Steps until every drawing was seen with all its holes, rounded up."""
        settings = self.config.settings
        return -(-len(self.indices) * settings.holes // settings.batch_size)

    def _stack(self, numbers: Sequence[int], progress: float) -> Batch:
        rows: list[Batch] = []
        families = mask_families(self.config.mask)
        ink, strokes, seen = np.empty(0), None, -1
        holes = 1 if self.fixed else self.config.settings.holes
        for number in numbers:
            drawing, hole = divmod(number, holes)
            epoch, position = divmod(drawing, len(self.indices))
            index = int(self._order(epoch)[position])
            if drawing != seen:
                ink, strokes = self._draw(epoch, index)
                seen = drawing
            rng = self._rng(_HOLE, epoch, index, hole)
            bounds = _bounds(self.config)
            mask = draw_hole(families, rng, ink, strokes, progress, bounds).mask
            rows.append(
                {"target": ink[..., None], "mask": mask[..., None]}
                | self._noise(epoch, index, hole)
            )
        return {key: np.stack([row[key] for row in rows]) for key in rows[0]}

    def _order(self, epoch: int) -> np.ndarray:
        if self.fixed:
            return self.indices
        return self.indices[_permutation(self.config.settings.seed, epoch, len(self.indices))]

    def _draw(self, epoch: int, index: int) -> tuple[np.ndarray, Strokes]:
        ink, strokes = draw_sketch(
            self.source[index], self.config.settings.size, self.config.data.keys
        )
        flips = self.config.settings.flip and not self.fixed
        if flips and self._rng(_FLIP, epoch, index).random() < 0.5:
            ink = np.ascontiguousarray(ink[:, ::-1])
            right = ink.shape[1] - 1
            strokes = strokes and tuple(s * (-1, 1) + (right, 0) for s in strokes)
        return ink, strokes

    def _noise(self, epoch: int, index: int, hole: int) -> Batch:
        asked, drawn = self.randomness, {}
        if asked.noise is not None:
            rng = self._rng(_NOISE, epoch, index, hole)
            drawn["noise"] = rng.standard_normal(asked.noise, np.float32)
        if asked.noise is not None and asked.second:
            rng = self._rng(_NOISE_B, epoch, index, hole)
            drawn["noise_b"] = rng.standard_normal(asked.noise, np.float32)
        if asked.mix:
            rng = self._rng(_MIX, epoch, index, hole)
            drawn["mix"] = rng.random((1, 1, 1), np.float32)
        return drawn

    def _rng(self, *stream: int) -> np.random.Generator:
        seed = 0 if self.fixed else self.config.settings.seed
        return np.random.default_rng((seed, int(self.fixed), *stream))


def open_source(config: RunConfig) -> Source:
    """Open the run's source.

    Raises:
        DataError: There is nothing to read.
    """
    source: Source = registry.build("source", config.data.id, config.data.options)
    return source


def make_examples(
    config: RunConfig, source: Source, split: Split, randomness: Randomness
) -> Examples:
    """The examples of a split. Validation and test examples are fixed."""
    indices = split_indices(source, split)
    if split == "train":
        return Examples(config, source, indices, randomness)
    # Sources stand in the order of their files: the first few would be of one category.
    mixed = indices[_permutation(0, 0, len(indices))]
    return Examples(config, source, mixed, randomness, fixed=True)


def draw_sketch(sketch: Sketch, size: int, keys: SourceKeys) -> tuple[np.ndarray, Strokes]:
    """Draw a sketch.

    Args:
        sketch: The drawing.
        size: Height and width of the image in pixels.
        keys: Pen and margin.

    Returns:
        Ink (size, size) float32 in [0, 1], and its strokes in pixels, or None if it has none.
    """
    if sketch.strokes is None:
        assert sketch.raster is not None
        return fit_ink(sketch.raster, size, size, keys.margin or 0), None
    margin = default_margin(size) if keys.margin is None else keys.margin
    strokes = fit_strokes(sketch.strokes, size, size, margin)
    return rasterise(strokes, size, size, keys.pen or default_pen(size)), strokes


def _bounds(config: RunConfig) -> HoleBounds:
    settings = config.settings
    return HoleBounds(settings.ink_min, settings.ink_max, settings.area_max)


def mask_families(masks: Sequence[Part]) -> list[tuple[MaskFamily, float]]:
    """The masks' families with their weights."""
    return [(_family(part.id, part.options), part.keys.weight) for part in masks]


@lru_cache
def _family(component: str, options: Options) -> MaskFamily:
    family: MaskFamily = registry.build("mask", component, options)
    return family


@lru_cache(maxsize=4)
def _permutation(seed: int, epoch: int, count: int) -> np.ndarray:
    return np.random.default_rng((seed, 7, epoch)).permutation(count)
