"""What does scoring cost? Metrics per image against the default generator's forward pass.

    python benchmarks/metrics.py [GENERATOR]

At 128x128, on real drawings that Telea completed. The forward pass is of batches of 16 and uses
every core that it may; the metrics use one. Each metric alone computes its own skeletons; the suite
shares them, as an evaluation does. `diversity` judges 8 completions. Rounds take turns, and medians
count, so that other work on the machine slows all alike.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from zoo.quiet import import_tensorflow

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import_tensorflow()

from zoo import registry  # noqa: E402
from zoo.config import parse_part  # noqa: E402
from zoo.inference import make_predict  # noqa: E402
from zoo.sketch.masks import HoleBounds, fit_hole  # noqa: E402
from zoo.sketch.strokes import fit_strokes, rasterise  # noqa: E402

DATA = Path(os.environ.get("ZOO_TEST_DATA", "../shared/data")).resolve() / "quickdraw"
SIZE, BATCH, ROUNDS = 128, 16, 9
# More than the skeletons that are remembered, so that every round starts afresh.
COUNT = 64
SUITE = ("ink_f1", "chamfer", "hole_bce", "hole_l1", "ssim")
DRAWS = 8


def made(kind: str, table: dict[str, Any], *args: Any) -> Any:
    """Build a component from its name and options."""
    part = parse_part(kind, table)
    return registry.build(kind, part.id, part.options, *args)


def tasks() -> tuple[np.ndarray, np.ndarray]:
    """Drawings and boxes over them, (COUNT, SIZE, SIZE) float32 each."""
    source = made("source", {"name": "quickdraw", "path": str(DATA)})
    family = made("mask", {"name": "box", "side_min": 1 / 6, "side_max": 1 / 2})
    targets, masks = [], []
    for index in np.random.default_rng(0).choice(len(source), COUNT, replace=False):
        strokes = fit_strokes(source[int(index)].strokes, SIZE, SIZE, SIZE / 40)
        ink = rasterise(strokes, SIZE, SIZE, 2)
        rng = np.random.default_rng(int(index))
        targets.append(ink)
        masks.append(fit_hole(family, rng, ink, strokes, 1.0, HoleBounds()).mask)
    return np.stack(targets), np.stack(masks)


def scorings() -> Iterator[tuple[str, Callable[[], None]]]:
    """Each metric, and the suite, as a call that scores every drawing."""
    targets, masks = tasks()
    images = (targets * (1 - masks))[..., None]
    telea = made("completer", {"name": "telea"}, None)
    ink = telea([""] * COUNT, images, masks[..., None], [0] * COUNT)[..., 0]
    composites = targets * (1 - masks) + ink * masks
    rng = np.random.default_rng(0)

    def scoring(names: tuple[str, ...], draws: np.ndarray) -> Callable[[], None]:
        metrics = [made("metric", {"name": name}) for name in names]

        def score() -> None:
            for completions, target, mask in zip(draws, targets, masks, strict=True):
                for metric in metrics:
                    metric(completions, target, mask, 0.5)

        return score

    for name in SUITE:
        yield name, scoring((name,), composites[:, None])
    yield "suite", scoring(SUITE, composites[:, None])
    shifts = rng.integers(-3, 4, (DRAWS, 2))
    several = np.stack([np.roll(ink, tuple(shift), (1, 2)) for shift in shifts], axis=1)
    hole = masks[:, None]
    yield "diversity", scoring(("diversity",), targets[:, None] * (1 - hole) + several * hole)


def seconds(call: Callable[[], Any]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def main(generator: str) -> None:
    """Print a table."""
    part = parse_part("generator", {"name": generator})
    model = registry.build("generator", part.id, part.options, (SIZE, SIZE, 1))
    predict = make_predict(model)
    batch = np.random.default_rng(0).random((2, BATCH, SIZE, SIZE, 1), np.float32).round()
    calls = {"forward": lambda: predict(*batch, range(BATCH))} | dict(scorings())
    images = {name: COUNT for name in calls} | {"forward": BATCH}
    times: dict[str, list[float]] = {name: [] for name in calls}
    for round_ in range(ROUNDS + 1):
        for name, call in calls.items():
            each = seconds(call) / images[name]
            if round_:  # the first traces and warms up
                times[name].append(each)
    forward = median(times.pop("forward"))
    print(f"forward pass of {generator}: {1e3 * forward:.1f} ms an image\n")
    print("| metric | ms an image | of the forward pass |\n|---|---|---|")
    for name, taken in times.items():
        print(f"| {name} | {1e3 * median(taken):.2f} | {median(taken) / forward:.1%} |")


if __name__ == "__main__":
    main(sys.argv[1] if sys.argv[1:] else "unet")
