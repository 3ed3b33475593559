"""How far several completions of a drawing differ, how good the best is, and what that costs.

    python benchmarks/models/diversity.py fast-64 --data-root DATA [--no-control]

The model is the shipped one. Beside it stands the same network, trained without noise for as many
steps, with the same losses but that none asks for a second completion. Of the decoding that was
chosen for each on validation drawings only the threshold is used: a completion is one draw.
"""

import argparse
import tomllib
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from zoo.bundles import publish_bundle
from zoo.evaluation.bootstrap import interval
from zoo.evaluation.contestants import find_contestant
from zoo.evaluation.diversity import pairwise_difference
from zoo.evaluation.evaluate import complete_cases
from zoo.evaluation.ink_f1 import ink_f1
from zoo.evaluation.progress import shown
from zoo.evaluation.protocol import Protocol, load_protocol
from zoo.evaluation.task import Case, TrainingDrawings, open_task
from zoo.quiet import import_tensorflow

import_tensorflow()

from make import decoding_of  # noqa: E402
from recipe import Recipe, load_recipe, recipe_names, train_one  # noqa: E402

DRAWS, MANY = 8, 64
BATCH = 50


def without_noise(recipe: Recipe, data: Path, work: Path, edits: tuple[str, ...] = ()) -> Path:
    """Train the recipe's network without noise; return a bundle with its own decoding."""
    run = None
    assert recipe.init is None, "a trained start knows noise"
    for file in recipe.trainings:
        path = work / f"{recipe.name}-without-noise" / file.stem
        losses = _one_answer(tomllib.loads(file.read_text(encoding="utf-8"))["loss"])
        init = run.path if run else None
        run = train_one(file, path, data, init, ("gen.noise=none", *edits), losses)
    assert run is not None
    draft = work / "drafts" / f"{recipe.name}-without-noise"
    publish_bundle(run.best, draft, decoding=decoding_of(run))
    return draft


def _one_answer(losses: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The losses of a training, but those that ask for a second completion."""
    kept = {}
    for name, keys in losses.items():
        package, _, short = name.partition("/")
        if short == "best_of_two":
            of = keys.get("of", "ink_bce")
            kept[f"{package}/{of}"] = {key: keys[key] for key in keys if key != "of"}
        elif short != "modeseek":
            kept[name] = keys
    return kept


def score(
    model: str | Path, protocol: Protocol, data: Path, draws: int
) -> tuple[np.ndarray, float]:
    """``ink_f1`` (N, draws) of a protocol's drawings, and how far two of the first 8 differ."""
    task = open_task(protocol, None, data)
    contestant = find_contestant(str(model), raw=True)
    completer = contestant.open(TrainingDrawings(task))
    scores, apart = [], []
    drawings = shown(task.cases(), len(task), contestant.name, quiet=False)
    cases = (case for case in drawings if isinstance(case, Case))
    while batch := list(islice(cases, BATCH)):
        composites = complete_cases(completer, protocol, batch, draws)
        for case, completions in zip(batch, composites, strict=True):
            threshold = contestant.decoding.threshold
            scores.append([ink_f1(c, case.target, case.mask, threshold).f1 for c in completions])
            apart.append(pairwise_difference(completions[:DRAWS], case.mask))
    return np.array(scores), float(np.mean(apart))


def report(model: np.ndarray, apart: float, control: np.ndarray | None) -> str:
    """The figures as lines of Markdown; intervals are of the paired difference."""
    eight = model[:, :DRAWS]
    mean, best, most = eight.mean(1), eight.max(1), model.max(1)
    lines = [
        f"| one completion, mean of {DRAWS} | {mean.mean():.3f} | |",
        f"| the best of {DRAWS} | {best.mean():.3f} | {_paired(best - mean)} |",
        f"| the best of {MANY} | {most.mean():.3f} | {_paired(most - mean)} |",
    ]
    if control is not None:
        alone = control[:, 0]
        lines.append(f"| trained without noise | {alone.mean():.3f} | {_paired(alone - mean)} |")
    return "\n".join([*lines, "", f"Two completions differ by {apart:.4f} per pixel of the hole."])


def _paired(values: np.ndarray) -> str:
    low, high = interval(values.tolist())
    return f"{values.mean():+.3f} ({low:+.3f} to {high:+.3f})"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=recipe_names())
    parser.add_argument("--data-root", type=Path, required=True, help="has quickdraw")
    parser.add_argument("--work", type=Path, default=Path("runs/models"), help="that of make.py")
    parser.add_argument("--no-control", action="store_true", help="do not train without noise")
    given = parser.parse_args()
    recipe = load_recipe(given.name)
    protocol = load_protocol(recipe.protocols[0])
    scores, apart = score(given.name, protocol, given.data_root, MANY)
    alone = None
    if not given.no_control:
        control = without_noise(recipe, given.data_root, given.work)
        alone, _ = score(control, protocol, given.data_root, 1)
    print(report(scores, apart, alone))


if __name__ == "__main__":
    main()
