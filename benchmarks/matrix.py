"""Does everything go with everything? Generator x discriminator x adversarial loss, 3 steps each.

    python benchmarks/matrix.py [--out docs/matrix.md] [--processes 2]

At 32x32 under each component's default options, with `ink_bce` beside the pair, and with
`gradient_penalty` where the pair asks for a regulariser. A cell holds what the adversarial terms
of both sides were in the third step. It fails if a loss or a gradient of either side is not
finite, or if a weight got none but the last bias of a map of logits: Adam's first moment is the
decayed sum of all gradients.
"""

import argparse
import itertools
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from zoo.quiet import import_tensorflow

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import_tensorflow()

import keras  # noqa: E402

from zoo import registry  # noqa: E402
from zoo.config import parse_component  # noqa: E402
from zoo.training.objective import weights_at  # noqa: E402
from zoo.training.run import prepare  # noqa: E402
from zoo.training.setup import make_trainer  # noqa: E402

STEPS = 3
# Without a graph: three steps do not pay for tracing one.
SETTINGS = {"size": 32, "batch_size": 4, "steps": STEPS, "eager": True, "data": "doodles:count=60"}


def names(kind: str) -> list[str]:
    """Short names of the installed components of a kind."""
    return [component.spec.name for component in registry.list_components(kind)]


def pairs() -> dict[str, list[str]]:
    """Each adversarial loss with what it cannot be without."""
    found = {}
    for name in names("loss"):
        part = parse_component("loss", name)
        terms = registry.build("loss", part.id, part.options)
        if any(term.adversarial for term in terms):
            regulated = any("regulariser" in term.requires for term in terms)
            found[name] = [name, *(["gradient_penalty"] if regulated else [])]
    return found


def cell(generator: str, discriminator: str, losses: Sequence[str]) -> str:
    """Train a few steps and say what came of it."""
    flags = {**SETTINGS, "gen": generator, "disc": discriminator, "loss": ["ink_bce", *losses]}
    trainer = make_trainer(*prepare(flags))
    state = trainer.state
    for step in range(STEPS):
        batch = trainer.train.batch(step)
        values = trainer.step(batch, weights_at(trainer.terms, step), step / STEPS, 0.9)
    shown = {label: float(value) for label, value in values.items()}
    if broken := [label for label, value in shown.items() if not np.isfinite(value)]:
        return f"FAILED: {broken[0]} is not finite"
    assert state.critic is not None
    # The last bias of a map may be without: real and fake pull it both ways alike.
    maps = len(state.critic.output["logits"])
    wrong = trouble(state.generator, state.g_optimizer) or trouble(
        state.critic, state.d_optimizer, resting=maps
    )
    if wrong:
        return f"FAILED: {wrong}"
    return " / ".join(f"{shown[f'{side}/{losses[0]}']:.2f}" for side in "gd")


def trouble(model: keras.Model, optimizer: keras.optimizers.Adam, resting: int = 0) -> str:
    """What is wrong with the gradients of a side, or an empty string."""
    moments = [moment.numpy() for moment in optimizer._momentums]
    for weight, moment in zip(model.trainable_variables, moments, strict=True):
        if not np.isfinite(moment).all():
            return f"the gradient of {weight.path} is not finite"
    dead = sum(not moment.any() for moment in moments)
    return f"{dead} of {len(moments)} weights without gradient" if dead > resting else ""


def row(generator: str, discriminator: str) -> list[str]:
    """The cells of one generator and one discriminator."""
    cells = []
    for losses in pairs().values():
        keras.backend.clear_session()
        cells.append(cell(generator, discriminator, losses))
    return cells


def main(out: Path, processes: int) -> None:
    """Fill the table and write it."""
    losses = pairs()
    lines = [
        "# Does everything go with everything?",
        "",
        "Written by `benchmarks/matrix.py`: every generator with every discriminator and every",
        f"adversarial loss, {STEPS} steps at 32x32, batch {SETTINGS['batch_size']}, default",
        "options. Every loss and every gradient of both sides was finite, and every weight had one",
        "that is not 0, but for last biases that real and fake drawings pull both ways alike. A",
        "cell shows the adversarial term of the generator / of the discriminator in the last step.",
        "",
        f"| generator | discriminator | {' | '.join(' + '.join(v) for v in losses.values())} |",
        "|---" * (len(losses) + 2) + "|",
    ]
    failed = 0
    places = [*itertools.product(names("generator"), names("discriminator"))]
    # Python keeps one core busy: several processes share the rows.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for (generator, discriminator), cells in zip(
            places, pool.map(row, *zip(*places, strict=True)), strict=True
        ):
            failed += sum(text.startswith("FAILED") for text in cells)
            lines.append(f"| {generator} | {discriminator} | {' | '.join(cells)} |")
            print(lines[-1], flush=True)
    if failed:
        raise SystemExit(f"{failed} cells failed; {out} was not written")
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("docs/matrix.md"))
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    main(given.out, given.processes)
