"""From drawings to training examples: a pure function of (seed, example number)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from zoo import registry
from zoo.config import Part, RunConfig
from zoo.contracts.mask import MaskFamily
from zoo.contracts.source import Sketch, Source
from zoo.data.augment import augment, augments, draw_change
from zoo.data.permutation import permuted
from zoo.data.raster_cache import Drawn, RasterCache, open_cache
from zoo.data.splits import Split, split_indices
from zoo.options import Options, SourceKeys
from zoo.settings import Settings
from zoo.sketch.image import fit_ink
from zoo.sketch.levels import ink_of_levels, levels_of_ink
from zoo.sketch.masks import HoleBounds, draw_hole
from zoo.sketch.strokes import (
    default_margin,
    default_pen,
    fit_strokes,
    mirror,
    rasterise_levels,
)

Batch = dict[str, np.ndarray]

# What each random stream of an example is for; its number is part of the stream's seed.
_FLIP, _HOLE, _NOISE, _NOISE_B, _MIX, _CHANGE = range(6)


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
    """Every example of a run, addressable by the number of its batch.

    A step takes ``n_critic`` batches: step s those from s * n_critic on.

    Attributes:
        config: The run's configuration.
        source: Where drawings come from.
        indices: (n,) the drawings of the split.
        randomness: What the step asks for.
        fixed: Fixed drawings for validation: the same for every run of the source and size.
        cache: Drawings that need not be rasterised again.
    """

    config: RunConfig
    source: Source
    indices: np.ndarray
    randomness: Randomness
    fixed: bool = False
    cache: RasterCache | None = None

    def batch(self, number: int) -> Batch:
        """The examples of a batch, as (B, H, W, 1) float32 arrays.

        ``target`` and ``mask`` always; ``noise``, ``noise_b`` and ``mix`` (B, 1, 1, 1) as asked.
        """
        return unpack(self.packed(number))

    def packed(self, number: int) -> Batch:
        """``batch`` before ``unpack``: ``target`` and ``mask`` as uint8, ink = 255, hole = 1."""
        settings = self.config.settings
        size, step = settings.batch_size, number // settings.n_critic
        progress = 1.0 if self.fixed else step / settings.steps
        return self._stack(range(number * size, (number + 1) * size), progress)

    def first(self, count: int) -> Batch:
        """The first ``count`` examples of a fixed set, or all if there are fewer."""
        return unpack(self._stack(range(min(count, len(self.indices))), 1.0))

    def steps_per_epoch(self) -> int:
        """Steps until every drawing was seen with all its holes, rounded up."""
        settings = self.config.settings
        examples = len(self.indices) * settings.holes
        return -(-examples // (settings.batch_size * settings.n_critic))

    def _stack(self, numbers: Sequence[int], progress: float) -> Batch:
        size = self.config.settings.size
        shape = (len(numbers), size, size, 1)
        batch = {"target": np.empty(shape, np.uint8), "mask": np.empty(shape, np.uint8)}
        noise: list[Batch] = []
        families, bounds = mask_families(self.config.mask), _bounds(self.config)
        levels, ink, strokes, seen = np.empty(0), np.empty(0), None, -1
        holes = 1 if self.fixed else self.config.settings.holes
        for row, number in enumerate(numbers):
            drawing, hole = divmod(number, holes)
            epoch, position = divmod(drawing, len(self.indices))
            index = self._index(epoch, position)
            if drawing != seen:
                levels, strokes = self._draw(epoch, index)
                ink, seen = ink_of_levels(levels), drawing
            rng = self._rng(_HOLE, epoch, index, hole)
            batch["target"][row, ..., 0] = levels
            batch["mask"][row, ..., 0] = draw_hole(
                families, rng, ink, strokes, progress, bounds
            ).mask
            noise.append(self._noise(epoch, index, hole))
        return batch | {key: np.stack([row[key] for row in noise]) for key in noise[0]}

    def _index(self, epoch: int, position: int) -> int:
        if self.fixed:
            return int(self.indices[position])
        words = (self.config.settings.seed, 7, epoch)
        return int(self.indices[permuted(words, len(self.indices), position)])

    def _draw(self, epoch: int, index: int) -> Drawn:
        settings = self.config.settings
        if augments(settings) and not self.fixed:
            levels, strokes = self._draw_augmented(epoch, index)
        else:
            levels, strokes = self._draw_plain(index)
        if settings.flip and not self.fixed and self._rng(_FLIP, epoch, index).random() < 0.5:
            levels = levels[:, ::-1]
            strokes = strokes and mirror(strokes, levels.shape[1])
        return levels, strokes

    def _draw_augmented(self, epoch: int, index: int) -> Drawn:
        settings, keys = self.config.settings, self.config.data.keys
        rng = self._rng(_CHANGE, epoch, index)
        change = draw_change(settings, rng)
        return draw_levels(
            *augment(self.source[index], settings.size, keys, change, rng), settings.size
        )

    def _draw_plain(self, index: int) -> Drawn:
        if self.cache and (cached := self.cache.load(index)):
            return cached
        drawn = draw_levels(self.source[index], self.config.data.keys, self.config.settings.size)
        if self.cache:
            self.cache.store(index, *drawn)
        return drawn

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
        # As default_rng((seed, …)), which takes longer over a tuple.
        words = np.array((seed, self.fixed, *stream), np.uint32)
        return np.random.Generator(np.random.PCG64(words))


def unpack(batch: Batch) -> Batch:
    """Arrays as float32: ink in [0, 1], holes 1. What is float32 already stays what it is."""
    packed = {
        "target": ink_of_levels(batch["target"]),
        "mask": batch["mask"].astype(np.float32),
    }
    return batch | packed


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
    indices, cache = split_indices(source, split), open_cache(config, source)
    if split == "train":
        chosen = _chosen(config.settings, indices)
        return Examples(config, source, chosen, randomness, cache=cache)
    # Sources stand in the order of their files: the first few would be of one category.
    mixed = indices[np.random.default_rng((0, 7, 0)).permutation(len(indices))]
    return Examples(config, source, mixed, randomness, fixed=True, cache=cache)


def _chosen(settings: Settings, indices: np.ndarray) -> np.ndarray:
    """As many of the training drawings as the settings ask for, from everywhere in the source."""
    count = min(settings.drawings or len(indices), len(indices))
    if count == len(indices):
        return indices
    words = (settings.seed, 8, 0)
    return indices[sorted(permuted(words, len(indices), place) for place in range(count))]


def draw_sketch(sketch: Sketch, size: int, keys: SourceKeys) -> Drawn:
    """Draw a sketch.

    Args:
        sketch: The drawing.
        size: Height and width of the image in pixels.
        keys: Pen and margin.

    Returns:
        Ink (size, size) float32 in [0, 1], in whole 255ths, and its strokes in pixels, or None
        if it has none.
    """
    levels, strokes = draw_levels(sketch, keys, size)
    return ink_of_levels(levels), strokes


def draw_levels(sketch: Sketch, keys: SourceKeys, size: int) -> Drawn:
    """``draw_sketch`` as (size, size) uint8, ink = 255."""
    if sketch.strokes is None:
        assert sketch.raster is not None
        return levels_of_ink(fit_ink(sketch.raster, size, size, keys.margin or 0)), None
    margin = default_margin(size) if keys.margin is None else keys.margin
    strokes = fit_strokes(sketch.strokes, size, size, margin)
    return rasterise_levels(strokes, size, size, keys.pen or default_pen(size)), strokes


def _bounds(config: RunConfig) -> HoleBounds:
    settings = config.settings
    names = ("ink_min", "ink_max", "area_max", "ink_start", "ink_ramp")
    return HoleBounds(**{name: getattr(settings, name) for name in names})


def mask_families(masks: Sequence[Part]) -> list[tuple[MaskFamily, float]]:
    """The masks' families with their weights."""
    return [(_family(part.id, part.options), part.keys.weight) for part in masks]


@lru_cache
def _family(component: str, options: Options) -> MaskFamily:
    family: MaskFamily = registry.build("mask", component, options)
    return family
