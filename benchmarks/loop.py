"""What the loop costs: images/s of ``zoo train`` against a bare step on data in memory.

    python benchmarks/loop.py [STEPS] [ROUNDS]

Both in one process, in turn, with the default models, losses and size: the bare step is the same
compiled function driven by a plain ``for`` over batches that were made before.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from zoo.quiet import import_tensorflow

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import_tensorflow()

from zoo.runs import create_run  # noqa: E402
from zoo.training.loop import Trainer, run_loop  # noqa: E402
from zoo.training.objective import weights_at  # noqa: E402
from zoo.training.position import Position  # noqa: E402
from zoo.training.run import prepare  # noqa: E402
from zoo.training.setup import make_trainer  # noqa: E402

DATA = Path(os.environ.get("ZOO_TEST_DATA", "../shared/data")).resolve() / "quickdraw"


def bare(trainer: Trainer, steps: int) -> float:
    """Images/s of the step alone."""
    batches = [trainer.train.batch(step) for step in range(8)]
    weights = weights_at(trainer.terms, 0)
    started = time.perf_counter()
    for step in range(steps):
        values = trainer.step(batches[step % 8], weights, 0.5, 0.99)
    assert all(float(value) == float(value) for value in values.values())
    return steps * trainer.config.settings.batch_size / (time.perf_counter() - started)


def loop(trainer: Trainer, folder: Path) -> float:
    """Images/s of the whole loop: drawing batches, log, progress; its checkpoint is at the end."""
    run = create_run(folder, trainer.config)
    run_loop(trainer, run, Position(), quiet=True)
    records = [r for r in run.log_records() if "images_per_s" in r]
    # The first interval waits for the worker process to start.
    speeds = [r["images_per_s"] for r in records[1:]]
    return statistics.harmonic_mean(speeds)


def main(steps: int, rounds: int) -> None:
    """Print images/s and the ratio of the medians."""
    flags = {"data": f"quickdraw:path={DATA}", "steps": steps, "checkpoint_every": steps}
    flags["loss"] = ["ink_bce", "bce:weight=0.01"]  # with the adversary from the first step
    trainer = make_trainer(*prepare(flags))
    bare(trainer, 3)  # compiles
    figures: list[tuple[float, float]] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            figures.append((bare(trainer, steps), loop(trainer, Path(folder) / "run")))
        print("bare {:.1f} images/s, zoo train {:.1f}".format(*figures[-1]), flush=True)
    alone, whole = (statistics.median(column) for column in zip(*figures, strict=True))
    print(f"bare step {alone:.1f} images/s, zoo train {whole:.1f}: ratio {whole / alone:.3f}")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    main(*given, *(60, 5)[len(given) :])
