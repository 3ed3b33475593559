"""What is to be completed: the drawings of a protocol and their holes, the same for everybody."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha1, sha256
from heapq import nsmallest
from pathlib import Path
from typing import Any

import numpy as np

from zoo import registry
from zoo.config import Part, parse_part, parse_parts
from zoo.contracts.source import Sketch, Source
from zoo.data.examples import draw_sketch, mask_families
from zoo.data.splits import split_indices
from zoo.errors import DataError, UsageError
from zoo.evaluation.protocol import Protocol, Table
from zoo.evaluation.skeleton import TRUTH_THRESHOLD, skeletonise
from zoo.options import SourceKeys, parse_expression
from zoo.sketch.masks import HoleBounds, draw_hole


@dataclass(frozen=True, eq=False)
class Case:
    """A drawing with its hole.

    Attributes:
        key: Of the drawing.
        label: Its category, or an empty string.
        target: (H, W) float32 in [0, 1], the true drawing, ink = 1.
        mask: (H, W) float32, 1 = hole.
        removed: Share of the ink in the hole, in [0, 1].
    """

    key: str
    label: str
    target: np.ndarray
    mask: np.ndarray
    removed: float

    @property
    def masked(self) -> np.ndarray:
        """(H, W) float32: the drawing with an emptied hole."""
        return self.target * (1 - self.mask)


class Dropped(StrEnum):
    """Why a drawing is left out."""

    NO_HOLE = "admits no hole within the bounds"
    FEW_LINES = "too short a line in the hole"


@dataclass(frozen=True)
class Task:
    """The drawings of a protocol, in its order.

    Attributes:
        protocol: With the digest of these drawings.
        source: Where they are.
        indices: Their places in the source.
        root: Below which relative paths of the protocol lie, or None.
    """

    protocol: Protocol
    source: Source
    indices: tuple[int, ...]
    root: Path | None

    def __len__(self) -> int:
        """How many drawings there are, dropped ones included."""
        return len(self.indices)

    def cases(self) -> Iterator[Case | Dropped]:
        """Each drawing with its hole, or why it is left out."""
        for index in self.indices:
            yield make_case(self.protocol, self.source[index])


def open_task(protocol: Protocol, data: str | None = None, root: Path | None = None) -> Task:
    """Find the drawings of a protocol.

    Args:
        protocol: What to measure.
        data: Expression of a source that has the protocol's drawings, in place of its own.
        root: Folder below which the relative paths of the protocol lie; default: ``ZOO_DATA``.

    Raises:
        UsageError: It is not said where the drawings are.
        DataError: They are not there, or they are not those of the protocol.
    """
    root = root or (Path(os.environ["ZOO_DATA"]) if os.environ.get("ZOO_DATA") else None)
    part = _given_part(protocol, data) if data else _part(protocol, protocol.data, root)
    source: Source = registry.build("source", part.id, part.options)
    indices = _choose(protocol, source)
    found = _digest(source[index] for index in indices)
    if protocol.drawings not in ("", found):
        where = part.table().get("path", part.name)
        raise DataError(
            f"{where}: these are not the {len(indices)} drawings of protocol {protocol.name} "
            f"(sha256 {found[:12]}…, not {protocol.drawings[:12]}…): give the data that it was "
            "released with, or measure on your own: --data without --protocol"
        )
    return Task(protocol.model_copy(update={"drawings": found}), source, indices, root)


def make_case(protocol: Protocol, sketch: Sketch) -> Case | Dropped:
    """Draw a sketch and its hole: a pure function of the protocol and the sketch."""
    keys = _keys(protocol)
    target, strokes = draw_sketch(sketch, protocol.size, keys)
    bounds = HoleBounds(protocol.ink_min, protocol.ink_max, protocol.area_max)
    # By name: the order in which masks are written down does not matter.
    families = mask_families(parse_parts("mask", dict(sorted(protocol.mask.items()))))
    rng = np.random.default_rng((protocol.seed, 23, *_order(sketch.key)))
    hole = draw_hole(families, rng, target, strokes, 1.0, bounds)
    if not hole.fits:
        return Dropped.NO_HOLE
    hidden = skeletonise(target >= TRUTH_THRESHOLD).pixels & (hole.mask > 0)
    if np.count_nonzero(hidden) < protocol.lines_min:
        return Dropped.FEW_LINES
    return Case(sketch.key, sketch.label, target, hole.mask, hole.share)


def noise_seed(protocol: Protocol, key: str, draw: int) -> int:
    """The seed of a completer for the ``draw``-th completion of a drawing."""
    digest = sha1(f"{protocol.seed}/{draw}/{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big") >> 1


@dataclass(frozen=True)
class TrainingDrawings:
    """What floors may look at: drawings of the protocol's training split, as they look under it.

    A ``Source`` of rasters (size, size) that is opened when it is first used.

    Attributes:
        task: Whose protocol it is.
    """

    task: Task

    @cached_property
    def _opened(self) -> tuple[Source, np.ndarray]:
        source, training = self.task.source, self.task.protocol.training
        if training is not None:
            part = _part(self.task.protocol, training, self.task.root)
            source = registry.build("source", part.id, part.options)
            return source, split_indices(source, "train")
        # Under a protocol that evaluates training drawings, too, nobody may look at those.
        indices = np.setdiff1d(split_indices(source, "train"), self.task.indices)
        if not indices.size:
            raise DataError(
                f"protocol {self.task.protocol.name} evaluates every drawing there is and leaves "
                "none to look at: use more drawings or a smaller --count"
            )
        return source, indices

    @property
    def skipped(self) -> tuple[str, ...]:
        """Nothing: what could not be read is not in here."""
        return ()

    def __len__(self) -> int:
        """How many drawings there are."""
        return len(self._opened[1])

    def group(self, index: int) -> str:
        """The group of a drawing."""
        source, indices = self._opened
        return source.group(int(indices[index]))

    def __getitem__(self, index: int) -> Sketch:
        """The drawing as a raster."""
        source, indices = self._opened
        sketch = source[int(indices[index])]
        protocol = self.task.protocol
        raster, _ = draw_sketch(sketch, protocol.size, _keys(protocol))
        return Sketch(key=sketch.key, group=sketch.group, label=sketch.label, raster=raster)


def _keys(protocol: Protocol) -> SourceKeys:
    keys = {key: protocol.data[key] for key in SourceKeys.model_fields if key in protocol.data}
    return SourceKeys.model_validate(keys)


def _given_part(protocol: Protocol, data: str) -> Part:
    name, options = parse_expression(data)
    clash = options.keys() & SourceKeys.model_fields
    if clash:
        raise UsageError(
            f"--data {data}: protocol {protocol.name} says what {min(clash)} is: leave it out, "
            "or leave out --protocol"
        )
    return parse_part("source", {"name": name, **options})


def _part(protocol: Protocol, table: Table, root: Path | None) -> Part:
    """The source of a table, its relative path below the root."""
    path = table.get("path")
    if path is None or os.path.isabs(path):
        return parse_part("source", table)
    if root is None:
        raise UsageError(
            f"where are the drawings of protocol {protocol.name}? Give --data-root DIR (or "
            f"ZOO_DATA=DIR) with {path} in it, or beside --protocol a source that has them: --data"
        )
    if not (root / path).exists():
        raise DataError(
            f"{root / path}: not there: give the --data-root (or ZOO_DATA) below which the "
            f"drawings of protocol {protocol.name} are"
        )
    return parse_part("source", {**table, "path": str(root / path)})


def _choose(protocol: Protocol, source: Source) -> tuple[int, ...]:
    indices: Sequence[int] | np.ndarray = range(len(source))
    if protocol.split != "all":
        indices = split_indices(source, protocol.split)
    order = ((_order(source[int(i)].key), int(i)) for i in indices)
    return tuple(index for _, index in nsmallest(protocol.count, order))


def _order(key: str) -> bytes:
    return sha1(key.encode("utf-8", "surrogatepass")).digest()


def _digest(sketches: Iterator[Sketch]) -> str:
    """sha256 of keys and strokes or pixels, in order."""
    total = sha256()
    for sketch in sketches:
        arrays: Any = (sketch.raster,) if sketch.strokes is None else sketch.strokes
        shapes = [array.shape for array in arrays]
        total.update(repr((sketch.key, shapes)).encode())
        for array in arrays:
            total.update(np.ascontiguousarray(array, "<f4").tobytes())
    return total.hexdigest()
