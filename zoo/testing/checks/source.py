"""What every source must do."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from zoo.contracts.source import Sketch, Source
from zoo.data.examples import draw_sketch
from zoo.data.splits import split_position
from zoo.options import SourceKeys
from zoo.testing.check import ConformanceError, Subject, check, require
from zoo.testing.state import changed_since, snapshot

_SAMPLE = 200
_THREADS = 4
_SIZE = 64
_DRAWN = 0.9  # of the drawings have ink


def _source(subject: Subject) -> Source:
    source: Source = subject.build()
    return source


def _sample(source: Source, most: int = _SAMPLE) -> list[int]:
    """Indices spread over the whole source."""
    return sorted({*np.linspace(0, len(source) - 1, min(most, len(source))).round().astype(int)})


def _arrays(sketch: Sketch) -> list[np.ndarray]:
    return [sketch.raster] if sketch.raster is not None else [*(sketch.strokes or ())]


def _same(a: Sketch, b: Sketch) -> bool:
    said = (a.key, a.group, a.label) == (b.key, b.group, b.label)
    mine, theirs = _arrays(a), _arrays(b)
    return said and len(mine) == len(theirs) and all(map(np.array_equal, mine, theirs))


@check("source")
def is_sized_and_indexed(subject: Subject) -> None:
    """It has a length, gives a ``Sketch`` for each index below it and an ``IndexError`` above."""
    source = subject.once(_source)
    require(len(source) > 0, "it is empty: raise zoo.DataError if there is nothing to read")
    for index in (0, len(source) - 1):
        sketch: Any = source[index]
        require(
            isinstance(sketch, Sketch),
            f"source[{index}] is a {type(sketch).__name__}: return a zoo.Sketch",
        )
    try:
        source[len(source)]
    except IndexError:
        return
    raise ConformanceError("an index beyond the last raises no IndexError: iteration never ends")


@check("source")
def drawings_keep_their_contract(subject: Subject) -> None:
    """A drawing has strokes of (n, 2) float32 or a raster of float32 in [0, 1], not both."""
    source = subject.once(_source)
    for index in _sample(source):
        sketch = source[index]
        where = f"drawing {sketch.key!r}"
        require(
            (sketch.strokes is None) != (sketch.raster is None),
            f"{where} must have either strokes or a raster",
        )
        for array in _arrays(sketch):
            right = isinstance(array, np.ndarray) and array.dtype == np.float32 and array.ndim == 2
            require(right, f"{where} has an array that is not 2-dimensional float32")
            require(np.isfinite(array).all(), f"{where} has a number that is not finite")
        for stroke in sketch.strokes or ():
            require(stroke.shape[1] == 2, f"{where} has a stroke of shape {stroke.shape}")
        if sketch.raster is not None:
            low, high = float(sketch.raster.min()), float(sketch.raster.max())
            require(
                low >= 0 and high <= 1,
                f"{where} has ink from {low:.3g} to {high:.3g}: give paper = 0 and ink = 1",
            )


@check("source")
def keys_are_unique(subject: Subject) -> None:
    """No two drawings have the same key."""
    source = subject.once(_source)
    keys = [source[index].key for index in _sample(source)]
    wrong = [key for key in keys if not isinstance(key, str) or not key]
    require(not wrong, f"key {wrong[:1]} is not a text")
    twice = {key for key in keys if keys.count(key) > 1}
    require(not twice, f"several drawings have the key {', '.join(sorted(twice)[:3])}")


@check("source")
def groups_agree(subject: Subject) -> None:
    """``group(index)`` is the group of the drawing, found without decoding it."""
    source = subject.once(_source)
    for index in _sample(source):
        said, has = source.group(index), source[index].group
        require(
            isinstance(said, str) and said == has,
            f"group({index}) is {said!r}, the drawing's group is {has!r}",
        )


@check("source")
def same_index_same_drawing(subject: Subject) -> None:
    """An index gives the same drawing every time."""
    source = subject.once(_source)
    for index in _sample(source, 20):
        require(_same(source[index], source[index]), f"drawing {index} differs at a second look")


@check("source")
def opened_twice_is_equal(subject: Subject) -> None:
    """Opened once more, as in another process, it has the same drawings in the same order."""
    source, again = subject.once(_source), _source(subject)
    require(len(source) == len(again), f"it has {len(source)} drawings, then {len(again)}")
    for index in _sample(source, 20):
        require(_same(source[index], again[index]), f"opened once more, drawing {index} differs")


@check("source")
def threads_may_read(subject: Subject) -> None:
    """Several threads that read at once get the drawings that one would get."""
    source = subject.once(_source)
    indices = _sample(source, 50) * _THREADS
    with ThreadPoolExecutor(_THREADS) as pool:
        read = list(pool.map(source.__getitem__, indices))
    for index, sketch in zip(indices, read, strict=True):
        require(
            _same(sketch, source[index]),
            f"with {_THREADS} threads drawing {index} is another: keep no state between calls",
        )


@check("source")
def says_what_it_skipped(subject: Subject) -> None:
    """``skipped`` has one line for each thing that could not be read."""
    skipped = subject.once(_source).skipped
    right = isinstance(skipped, Sequence) and not isinstance(skipped, str)
    require(
        right and all(isinstance(line, str) and "\n" not in line for line in skipped),
        "skipped is no sequence of lines",
    )


@check("source")
def core_can_draw_it(subject: Subject) -> None:
    """Fitted into a square by core, nearly all drawings have ink."""
    source = subject.once(_source)
    indices = _sample(source)
    drawn = [draw_sketch(source[i], _SIZE, SourceKeys())[0].sum() > 1 for i in indices]
    share = float(np.mean(drawn))
    require(share >= _DRAWN, f"{share:.0%} of its drawings have ink, {_DRAWN:.0%} at least must")


def _without_positions(subject: Subject) -> str:
    has = hasattr(subject.once(_source), "split_positions")
    return "" if has else "it has no split_positions: splits are made with group"


@check("source", unless=_without_positions)
def split_positions_are_the_groups(subject: Subject) -> None:
    """``split_positions`` are those of the groups."""
    source: Any = subject.once(_source)
    stop = min(len(source), _SAMPLE)
    expected = [split_position(source.group(index)) for index in range(stop)]
    require(
        np.array_equal(source.split_positions(0, stop), np.array(expected, np.uint64)),
        "split_positions are not the first 8 bytes of the sha1 of the groups",
    )


@check("source")
def leaves_global_state_alone(subject: Subject) -> None:
    """Seeds of other libraries and the environment stay what they are."""
    before = snapshot()
    source = _source(subject)
    for index in _sample(source, 5):
        source[index]
    changed = changed_since(before)
    require(not changed, f"it changes {', '.join(changed)}: use generators of your own")
