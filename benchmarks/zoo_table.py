"""What does each generator cost? Parameters, multiply-adds, images/s forward and in training.

    python benchmarks/zoo_table.py [--out docs/zoo-table.md] [--sizes 64 256]

Default options, XLA, float32. Forward is what `zoo complete` runs; training is the compiled step of
a run without adversary (`--disc none --loss ink_bce`), fed from memory. All generators take turns
in one process and medians count, so that other work on the machine slows all alike: compare columns
of one table, not tables.
"""

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

from zoo.quiet import import_tensorflow

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import_tensorflow()

from zoo import registry  # noqa: E402
from zoo.inference import make_predict  # noqa: E402
from zoo.model_size import multiply_adds, parameter_count  # noqa: E402
from zoo.training.loop import Trainer  # noqa: E402
from zoo.training.objective import weights_at  # noqa: E402
from zoo.training.run import prepare  # noqa: E402
from zoo.training.setup import make_trainer  # noqa: E402

ROUNDS = 5
# Images of a batch: 16 at 64x64, 4 from 128x128 on.
MOST, LEAST = 16, 4


@dataclass
class Row:
    """One generator at one size."""

    name: str
    size: int
    parameters: int
    multiply_adds: int
    calls: dict[str, Callable[[], None]]
    seconds: dict[str, list[float]] = field(default_factory=dict)
    batch: int = 1

    def speed(self, what: str) -> float:
        """Images/s, the median of all rounds."""
        return self.batch / median(self.seconds[what])


def make_row(name: str, size: int) -> Row:
    """Build and compile a generator at a size."""
    batch = max(LEAST, MOST * 64**2 // size**2)
    flags = {"gen": name, "disc": "none", "loss": ["ink_bce"], "data": "doodles:count=60"}
    trainer = make_trainer(*prepare({**flags, "size": size, "batch_size": batch}))
    model = trainer.state.generator
    drawn = trainer.train.batch(0)
    images = drawn["target"] * (1 - drawn["mask"])
    predict = make_predict(trainer.state.average, jit=True)
    calls = {
        "forward": lambda: predict(images, drawn["mask"], range(batch)),
        "training": partial(train_once, trainer, drawn),
    }
    for call in calls.values():
        call()  # compiles
    return Row(name, size, parameter_count(model), multiply_adds(model), calls, batch=batch)


def train_once(trainer: Trainer, batch: dict[str, object]) -> None:
    """One step, waited for."""
    for value in trainer.step(batch, weights_at(trainer.terms, 0), 0.5, 0.99).values():
        float(value)


def measure(rows: list[Row]) -> None:
    """Take turns."""
    for _ in range(ROUNDS):
        for row in rows:
            for what, call in row.calls.items():
                started = time.perf_counter()
                call()
                row.seconds.setdefault(what, []).append(time.perf_counter() - started)


def table(rows: list[Row]) -> list[str]:
    """Markdown lines for one size."""
    lines = [
        f"## {rows[0].size}x{rows[0].size}, batch {rows[0].batch}",
        "",
        "| generator | parameters | multiply-adds an image | forward, images/s "
        "| training, images/s | training against unet |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    unet = next((row.speed("training") for row in rows if row.name == "unet"), None)
    for row in sorted(rows, key=lambda row: -row.speed("training")):
        forward, training = row.speed("forward"), row.speed("training")
        ratio = f"{training / unet:.2f}x" if unet else ""
        lines.append(
            f"| {row.name} | {row.parameters / 1e6:.2f} M | {row.multiply_adds / 1e6:,.0f} M "
            f"| {forward:.1f} | {training:.1f} | {ratio} |"
        )
    return [*lines, ""]


def main(out: Path, sizes: list[int]) -> None:
    """Measure and write the page."""
    lines = [
        "# What each generator costs",
        "",
        "Written by `benchmarks/zoo_table.py` on a shared machine with 2 cores and no GPU: default",
        "options, XLA, training without adversary. Compare within one table.",
        "",
    ]
    for size in sizes:
        rows = []
        for component in registry.list_components("generator"):
            rows.append(make_row(component.spec.name, size))
            print(f"{rows[-1].name} at {size} is compiled", flush=True)
        measure(rows)
        lines += table(rows)
        print("\n".join(lines[-len(rows) - 5 :]), flush=True)
    out.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("docs/zoo-table.md"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 256])
    given = parser.parse_args()
    main(given.out, given.sizes)
