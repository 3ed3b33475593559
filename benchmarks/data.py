"""What does feeding cost? Images/s of batches against a bare loop over the same images and holes.

    python benchmarks/data.py

The bare loop runs on one core and knows everything beforehand: which line, whether mirrored, where
the hole is. It parses the JSON, draws polylines, shrinks, mirrors, draws the hole (a box as a
slice, a brush as lines), and fills float32 batches. The pipeline shuffles, decodes, fits holes
and hands batches from two worker processes to this one. Both are timed in turns, so that whatever
else the machine does slows both; the ratio is that of the medians.
"""

import gzip
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np

from zoo.config import RunConfig, resolve
from zoo.data.batches import batches
from zoo.data.examples import Batch, Examples, Randomness, make_examples, open_source
from zoo.sketch.levels import ink_of_levels
from zoo.sketch.strokes import default_margin, default_pen

DATA = Path(os.environ.get("ZOO_TEST_DATA", "../shared/data")).resolve() / "quickdraw"
BATCH, STEPS, TURNS, SECONDS = 16, 40, 5, 1.5


@dataclass(frozen=True)
class Plan:
    """All that the bare loop is told of an example: a box, or lines of (a, b, width)."""

    line: bytes
    flipped: bool
    box: tuple[slice, slice] | None
    lines: tuple[tuple[Any, Any, int], ...]


def bare_image(plan: Plan, size: int) -> np.ndarray:
    """Parse and draw, uint8."""
    strokes = [np.array(stroke[:2], np.float64).T for stroke in json.loads(plan.line)["drawing"]]
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    margin, pen = default_margin(size), default_pen(size)
    scale = (size - 1 - 2 * margin) / max(high - low)
    k = 1 if pen == 1 else 4
    middle, centre = (low + high) / 2, (size - 1) / 2
    lines = []
    for stroke in strokes:
        fine = ((stroke - middle) * scale + centre + 0.5) * k - 0.5
        lines.append(np.rint(fine * 16).astype(np.int32))
    canvas = np.zeros((size * k, size * k), np.uint8)
    thickness = 1 if k == 1 else 2 * round((pen * k - 1.3) / 2)
    cv2.polylines(canvas, lines, False, 255, thickness, cv2.LINE_AA, 4)
    if k > 1:
        canvas = cv2.resize(canvas, (size, size), interpolation=cv2.INTER_AREA)
    return cv2.flip(canvas, 1) if plan.flipped else canvas


def bare_batch(plans: list[Plan], size: int) -> Batch:
    """Images and holes of a batch, one after the other."""
    target = np.empty((len(plans), size, size, 1), np.float32)
    mask = np.zeros((len(plans), size, size, 1), np.float32)
    for row, plan in enumerate(plans):
        target[row, ..., 0] = bare_image(plan, size)
        if plan.box:
            mask[row][plan.box] = 1
        for a, b, width in plan.lines:
            cv2.line(mask[row], a, b, 1, width, cv2.LINE_8, 4)
    target /= 255
    return {"target": target, "mask": mask}


@contextmanager
def recorded() -> Iterator[list[tuple[Any, ...]]]:
    """Every line that OpenCV is asked to draw."""
    calls: list[tuple[Any, ...]] = []
    drawn = cv2.line

    def line(*args: Any) -> Any:
        calls.append(args)
        return drawn(*args)

    cv2.line = line
    try:
        yield calls
    finally:
        cv2.line = drawn


def make_plan(examples: Examples, number: int, lines: dict[str, bytes]) -> Plan:
    """What the bare loop must do for an example, told by watching the pipeline do it."""
    epoch, position = divmod(number, len(examples.indices))
    index = examples._index(epoch, position)
    plain, _ = examples._draw_plain(index)
    flipped = not np.array_equal(examples._draw(epoch, index)[0], plain)
    with recorded() as calls:
        mask = examples._stack([number], 0.0)["mask"][0, ..., 0]
    line = lines[examples.source[index].key]
    if not calls:
        rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
        box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
        return Plan(line, flipped, box, ())
    arrival = calls[-1][0]
    size = arrival[mask > 0].max()
    brushed = [c for c in calls if c[0] is arrival and c[3] <= size]
    return Plan(line, flipped, None, tuple((c[1], c[2], c[4]) for c in brushed))


def speed(step: Callable[[int], object]) -> float:
    """Images/s for a while."""
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < SECONDS:
        step(count)
        count += 1
    return count * BATCH / (time.perf_counter() - started)


def compare(config: RunConfig, lines: dict[str, bytes]) -> list[float]:
    """Images/s of bare loop, pipeline, cached pipeline, and decoding from the cache alone."""
    examples = make_examples(config, open_source(config), "train", Randomness())
    size = config.settings.size
    numbers = range(BATCH * STEPS)
    plans = [make_plan(examples, number, lines) for number in numbers]
    groups = [plans[i : i + BATCH] for i in range(0, len(plans), BATCH)]
    check(examples, groups, size)
    cached = replace(config, settings=config.settings.model_copy(update={"cache": True}))
    filled = make_examples(cached, examples.source, "train", Randomness())
    cache = filled.cache
    assert cache is not None
    for index in filled.indices:
        filled._draw_plain(int(index))
    chosen = [filled._index(0, number) for number in numbers]

    def decode(step: int) -> None:
        for index in chosen[step % STEPS * BATCH :][:BATCH]:
            found = cache.load(index)
            assert found is not None
            ink_of_levels(found[0])

    with batches(examples, 0) as plain, batches(filled, 0) as fast:
        steps: list[Callable[[int], object]] = [
            lambda step: bare_batch(groups[step % STEPS], size),
            lambda step: next(plain),
            lambda step: next(fast),
            decode,
        ]
        # Workers of the other pipeline have filled their queues and wait.
        for step in (steps[1], steps[2]) * 10:
            step(0)
        times = [[speed(step) for step in steps] for _ in range(TURNS)]
    return [median(column) for column in zip(*times, strict=True)]


def check(examples: Examples, groups: list[list[Plan]], size: int) -> None:
    """The bare loop's results are the pipeline's, but for rounding."""
    for step, group in enumerate(groups):
        bare, ours = bare_batch(group, size), examples.batch(step)
        away = float(np.abs(bare["target"] - ours["target"]).mean())
        holes = float((bare["mask"] != ours["mask"]).mean())
        if away > 1e-3 or holes > 1e-3:
            sys.exit(f"batch {step} differs: images by {away:.4f}, holes by {holes:.4f}")


def all_lines() -> dict[str, bytes]:
    """Lines by key_id."""
    lines: dict[str, bytes] = {}
    for file in sorted(DATA.glob("*.ndjson.gz")):
        with gzip.open(file) as stream:
            lines |= {str(json.loads(line)["key_id"]): line for line in stream}
    return lines


def main() -> None:
    """Print a table."""
    cv2.setNumThreads(1)  # the bare loop's core is one
    lines = all_lines()
    print("| size | bare loop, images/s | pipeline | cached | decoding from the cache |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ZOO_CACHE"] = folder
        for size in (64, 256):
            flags = {"data": f"quickdraw:path={DATA}", "size": size, "workers": 2}
            bare, *others = compare(resolve({**flags, "batch_size": BATCH, "steps": 10**8}), lines)
            ratios = " | ".join(f"{other:.0f} ({other / bare:.2f}x)" for other in others)
            print(f"| {size} | {bare:.0f} | {ratios} |", flush=True)


if __name__ == "__main__":
    main()
