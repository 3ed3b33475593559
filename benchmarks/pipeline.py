"""Does the pipeline keep up? Images/s of drawing batches against the default training step.

    python benchmarks/pipeline.py

Reading, rasterising, hiding and batching quickdraw in one process, and through the worker process
that training uses, beside the step that consumes them, at 64x64 and 256x256.
"""

import os
import time
from pathlib import Path
from typing import Any

from zoo.quiet import import_tensorflow

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import_tensorflow()

from zoo.data.batches import batches  # noqa: E402
from zoo.training.objective import weights_at  # noqa: E402
from zoo.training.run import prepare  # noqa: E402
from zoo.training.setup import make_trainer  # noqa: E402

DATA = Path(os.environ.get("ZOO_TEST_DATA", "../shared/data")).resolve() / "quickdraw"


def speed(call: Any, batch_size: int, seconds: float) -> float:
    """Images/s of a call that makes or takes one batch."""
    call()
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        call()
        count += 1
    return count * batch_size / (time.perf_counter() - started)


def main() -> None:
    """Print a table."""
    print(f"| size | one process | worker | training step | ratio |\n|{'---|' * 5}")
    for size, batch_size in ((64, 16), (256, 4)):
        flags = {"data": f"quickdraw:path={DATA}", "size": size, "batch_size": batch_size}
        trainer = make_trainer(*prepare(flags))
        steps = iter(range(10**9))
        drawn = speed(lambda t=trainer, s=steps: t.train.batch(next(s)), batch_size, 5)
        with batches(trainer.train, 0) as stream:
            for _ in range(8):
                next(stream)  # the worker starts, and what it drew ahead is used up
            worked = speed(lambda s=stream: next(s), batch_size, 5)
        batch, weights = trainer.train.batch(0), weights_at(trainer.terms, 0)
        trained = speed(
            lambda t=trainer, b=batch, w=weights: [
                float(v) for v in t.step(b, w, 0.5, 0.99).values()
            ],
            batch_size,
            10,
        )
        print(
            f"| {size} | {drawn:.0f} images/s | {worked:.0f} | {trained:.1f} "
            f"| {worked / trained:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
