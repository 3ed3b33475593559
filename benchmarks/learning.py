"""Does every pair learn? In-hole cross-entropy against the best constant, on real drawings.

    python benchmarks/learning.py [STEPS] [GENERATOR …]

For each generator with the default discriminator, losses and masks at 64x64: trained on
quickdraw, scored on 64 fixed validation drawings; then trained twice as long on one fixed batch of
16 drawings and holes, scored on that batch. The constant is the mean ink rate of training holes.
Anti-aliased lines are grey at their edges: even the true drawing scores its own entropy ("truth"),
which the last column leaves out.
"""

import os
import sys
import tempfile
from pathlib import Path

import numpy as np

from zoo.data.examples import Batch
from zoo.quiet import import_tensorflow

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import_tensorflow()

from zoo.runs import create_run  # noqa: E402
from zoo.training.loop import Trainer, run_loop  # noqa: E402
from zoo.training.objective import weights_at  # noqa: E402
from zoo.training.position import Position  # noqa: E402
from zoo.training.run import prepare  # noqa: E402
from zoo.training.setup import make_trainer  # noqa: E402
from zoo.training.state import ema_decay  # noqa: E402
from zoo.training.validation import complete_fixed, mean_hole_bce  # noqa: E402

DATA = Path(os.environ.get("ZOO_TEST_DATA", "../shared/data")).resolve() / "quickdraw"


SHORT = {"batch_size": 32, "lr": 2e-3, "lr_schedule": "cosine", "warmup": 30}
BATCH = {"batch_size": 16, "lr": 2e-3}


def constant(trainer: Trainer, scored: Batch) -> float:
    """Cross-entropy of the best constant."""
    seen = [trainer.train.batch(step) for step in range(64)]
    rates = [(b["target"] * b["mask"]).sum((1, 2, 3)) / b["mask"].sum((1, 2, 3)) for b in seen]
    rate = float(np.mean(np.concatenate(rates)))
    return mean_hole_bce(np.full_like(scored["target"], rate), scored["target"], scored["mask"])


def truth_score(scored: Batch) -> float:
    """Cross-entropy of the true drawings themselves: no model can score less."""
    return mean_hole_bce(scored["target"], scored["target"], scored["mask"])


def learns(trainer: Trainer, folder: Path) -> tuple[float, float, float]:
    """Best validation cross-entropy of a real run, the constant's, and the truth's."""
    run = create_run(folder, trainer.config)
    run_loop(trainer, run, Position(), quiet=True)
    best = min(record["hole_bce"] for record in run.log_records() if "hole_bce" in record)
    scored = trainer.validation
    return best, constant(trainer, scored), truth_score(scored)


def overfits(trainer: Trainer, steps: int) -> tuple[float, float, float]:
    """Score on one batch after training on nothing else, the constant's, and the truth's."""
    batch = trainer.train.batch(0)
    for step in range(steps):
        trainer.step(batch, weights_at(trainer.terms, step), step / steps, ema_decay(0.99, step))
    ink = complete_fixed(trainer.predict, batch, len(batch["target"]))
    score = mean_hole_bce(ink, batch["target"], batch["mask"])
    return score, constant(trainer, batch), truth_score(batch)


def main(steps: int, generators: list[str]) -> None:
    """Print one line per generator and question."""
    columns = "generator, question, steps, cross-entropy, best constant, truth, below, learnt"
    print(f"| {' | '.join(columns.split(', '))} |\n|{'---|' * 8}")
    for gen in generators:
        flags = {"gen": gen, "data": f"quickdraw:path={DATA}"}
        short = {**flags, **SHORT, "steps": steps, "checkpoint_every": max(1, steps // 3)}
        batch = {**flags, **BATCH, "steps": 2 * steps}
        with tempfile.TemporaryDirectory() as folder:
            rows = [
                ("validation", steps, *learns(make_trainer(*prepare(short)), Path(folder) / "run")),
                ("one batch", 2 * steps, *overfits(make_trainer(*prepare(batch)), 2 * steps)),
            ]
        for question, took, score, floor, truth in rows:
            print(
                f"| {gen} x convdense | {question} | {took} | {score:.4f} | {floor:.4f} "
                f"| {truth:.4f} | {1 - score / floor:.1%} "
                f"| {1 - (score - truth) / (floor - truth):.1%} |",
                flush=True,
            )


if __name__ == "__main__":
    main(int((sys.argv[1:2] or ["300"])[0]), sys.argv[2:] or ["unet", "funnel"])
