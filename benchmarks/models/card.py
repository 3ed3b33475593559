"""The card of a shipped model: what a person wants to know before using it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pictures import cases_of, choose_rows, draw_curves, draw_rows
from recipe import Recipe

import zoo
from zoo.bundles import parameters_of, read_manifest
from zoo.evaluation.fog import fog
from zoo.evaluation.predictions import Predictions
from zoo.evaluation.results import Results
from zoo.runs import Run

# The floor that stands beside the model in pictures.
_BESIDE = "navier_stokes"
# Drawings on which float16 is compared with float32, and of which fog is measured.
_COMPARED, _FOGGED = 64, 300
_BAD = 0.3

_LIMITS = """\
It learnt from drawings made in 20 seconds: simple things in few lines. It continues lines, closes
shapes and repeats what is symmetric; what is hidden altogether, such as a whole face, it does not
invent. Shading, hatching, text and photographs are beyond it. A hole that hides more than half of a
drawing is filled with something plausible at best."""
_LICENCE = """\
It was trained on the training split, 80 % by key, of a subset of Quick, Draw!: 20,249 drawings of
345 categories. "This data made available by Google, Inc. under the Creative Commons Attribution
4.0 International license": <https://creativecommons.org/licenses/by/4.0/>.
Whoever passes the model or the pictures of this card on passes this attribution on. The weights are
under the licence of their package, Apache-2.0."""
_CHAIRS = """\
The drawings of P128-chairs were only measured on, never trained on: MIT, (c) 2018 Judy Fan."""


@dataclass(frozen=True)
class Measured:
    """The scores under a protocol, with predictions.

    Attributes:
        decoded: Those of the model.
        raw: Those without its decoding, but for the threshold.
        floors: Those of the floors.
    """

    decoded: Results
    raw: Results
    floors: Sequence[Results]


@dataclass(frozen=True)
class Subject:
    """What a card is about.

    Attributes:
        recipe: The model's recipe.
        runs: Its trainings in order.
        draft: Its bundle, in float16.
        measured: Its scores by protocol, that of its size first.
        data: Folder of the drawings.
    """

    recipe: Recipe
    runs: Sequence[Run]
    draft: Path
    measured: Mapping[str, Measured]
    data: Path

    @property
    def main(self) -> Measured:
        """The scores under the protocol of its size."""
        return next(iter(self.measured.values()))


def describe(subject: Subject) -> dict[str, bytes]:
    """The card and its pictures, by file name."""
    ours = subject.main.decoded
    floor = next(results for results in subject.main.floors if results.name == _BESIDE)
    pictures = {
        f"{kind}.png": draw_rows(ours, floor, rows, subject.data)
        for kind, rows in choose_rows(ours.rows).items()
    }
    pictures["curves.png"] = draw_curves(subject.runs)
    return {"card.md": _text(subject).encode(), **pictures}


def _text(subject: Subject) -> str:
    name, main = subject.recipe.name, subject.main
    return f"""# {name}

{subject.recipe.story}

    pip install sketch-zoo-models
    zoo complete sketch.png --mask hole.png --model {name}

{_facts(subject)}

## Scores

`ink_f1` with 95 % intervals, on drawings that it has never seen, beside the floors: what needs no
training. The zoo's `docs/evaluation.md` says what is measured and how.

{_scores(subject)}

{_protocols(subject)}

By the share of the ink that was hidden, {main.decoded.protocol.name}:

{_bins(main.decoded)}

{_more(subject)}

## What it draws

Each row: the drawing, what was left of it, what the model made of it, what the inpainting of
Navier-Stokes made of it; all of {main.decoded.protocol.name}. Typical cases, around the median:

![typical cases](typical.png)

The best, where at least a fifth of the ink was hidden:

![best cases](best.png)

The worst:

![worst cases](worst.png)

## Limits

{_LIMITS} {subject.recipe.limits}

{_failures(main.decoded)}

## Data and licence

{_LICENCE}
{_CHAIRS if any("chairs" in name for name in subject.measured) else ""}

## How it was made

    python benchmarks/models/make.py {name} --data-root DATA

in the zoo's repository trains, measures and describes it{_start(subject.recipe)}.
Its trainings, each a file for `zoo train --config`:

{_trainings(subject.runs)}

![training curves](curves.png)
"""


def _facts(subject: Subject) -> str:
    config, manifest = subject.runs[-1].config(), read_manifest(subject.draft)
    size = config.settings.size
    weights = subject.draft / "generator.weights.h5"
    steps = " + ".join(
        f"{run.status()['step']:,} of {run.config().settings.batch_size}" for run in subject.runs
    )
    init = f", from the weights of `{subject.recipe.init}`" if subject.recipe.init else ""
    rows = {
        "size": f"{size}x{size} pixels; larger pictures are completed around the hole",
        "generator": f"`{config.gen.id}`, {parameters_of(subject.draft):,} parameters",
        "file": f"{weights.stat().st_size / 1e6:.1f} MB, float16: the ink of {_COMPARED} drawings "
        f"differs from float32 by at most {_rounding(subject):.1g}",
        "training": f"steps: {steps} drawings, {_hours(subject.runs):.1f} hours{init}",
        "decoding": f"{manifest.decoding.words}; chosen on validation drawings",
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {key} | {text} |" for key, text in rows.items())])


def _hours(runs: Sequence[Run]) -> float:
    """What the steps took, without validation."""
    hours = 0.0
    for run in runs:
        batch, before = run.config().settings.batch_size, 0
        for record in run.log_records():
            if "images_per_s" in record:
                hours += (record["step"] - before) * batch / record["images_per_s"] / 3600
                before = record["step"]
    return hours


def _scores(subject: Subject) -> str:
    lines = [
        "| | " + " | ".join(subject.measured) + " |",
        "|---" * (1 + len(subject.measured)) + "|",
    ]
    rows = {f"**{subject.recipe.name}**": [m.decoded for m in subject.measured.values()]}
    decoding = read_manifest(subject.draft).decoding
    if decoding != decoding.raw:
        rows["without decoding"] = [m.raw for m in subject.measured.values()]
    for floor in sorted(subject.main.floors, key=lambda results: -results.mean("ink_f1")):
        everywhere = (m.floors for m in subject.measured.values())
        rows[floor.name] = [r for floors in everywhere for r in floors if r.name == floor.name]
    for who, results in rows.items():
        lines.append(f"| {who} | " + " | ".join(_interval(r, "ink_f1") for r in results) + " |")
    return "\n".join(lines)


def _interval(results: Results, column: str) -> str:
    said = results.summary["means"][column]
    return f"{said['mean']:.3f} ({said['low']:.3f} to {said['high']:.3f})"


def _protocols(subject: Subject) -> str:
    said = []
    for measured in subject.measured.values():
        protocol, count = measured.decoded.protocol, measured.decoded.summary["images"]
        masks = " or ".join(name.rpartition("/")[2] for name in protocol.mask)
        said.append(
            f"- {protocol.name}: {protocol.summary or 'a part of a protocol'}; {count} drawings of "
            f"the {protocol.split} split, of each {protocol.ink_min:.0%} to {protocol.ink_max:.0%} "
            f"of the ink hidden by {masks}; seed {protocol.seed}."
        )
    return "\n".join(said)


def _bins(results: Results) -> str:
    bins = [b for b in results.summary["bins"] if b["images"]]
    head = "| hidden | " + " | ".join("{:.0%} to {:.0%}".format(*b["removed"]) for b in bins) + " |"
    scores = "| `ink_f1` | " + " | ".join(f"{b['means']['ink_f1']:.3f}" for b in bins) + " |"
    counts = "| drawings | " + " | ".join(str(b["images"]) for b in bins) + " |"
    return "\n".join([head, "|---" * (1 + len(bins)) + "|", scores, counts])


def _more(subject: Subject) -> str:
    """The other figures of the protocol of its size."""
    ours, raw = subject.main.decoded, subject.main.raw
    mine, true = _fog(raw, subject.data)
    lines = [
        f"- Precision {_interval(ours, 'precision')}, recall {_interval(ours, 'recall')}; Chamfer "
        f"distance {_interval(ours, 'chamfer')} pixels.",
        f"- Sharpness, before decoding: of the ink above 0.2 in the hole {mine:.1%} is below 0.8; "
        f"of the true drawings' {true:.1%}.",
    ]
    if "best_ink_f1" in raw.summary["means"]:
        best, mean, differ = (
            raw.mean(column) for column in ("best_ink_f1", "mean_ink_f1", "diversity")
        )
        lines.append(
            f"- Of 8 completions of a drawing the best scores {best:.3f}, their mean {mean:.3f}; "
            f"two of them differ by {differ:.4f} per pixel of the hole."
        )
    for name, measured in list(subject.measured.items())[1:]:
        share = measured.decoded.mean("ink_f1") / max(ours.mean("ink_f1"), 1e-9)
        lines.append(f"- {name}, which it was not trained for: {share:.0%} of its score.")
    return "\n".join(lines)


def _fog(results: Results, data: Path) -> tuple[float, float]:
    """How grey the ink of results is, and that of the true drawings."""
    cases = cases_of(results, results.rows[:_FOGGED], data).values()
    masks = np.stack([case.mask for case in cases])
    predictions = Predictions(results.predictions)
    drawn = np.stack([predictions.read(case.key, *case.mask.shape) for case in cases])
    return fog(drawn, masks), fog(np.stack([case.target for case in cases]), masks)


def _rounding(subject: Subject) -> float:
    """The largest difference of ink between the model as trained and as shipped."""
    results = subject.main.decoded
    cases = list(cases_of(results, results.rows[:_COMPARED], subject.data).values())
    images = np.stack([case.masked for case in cases])[..., None]
    masks = np.stack([case.mask for case in cases])[..., None]
    keys, seeds = [case.key for case in cases], range(len(cases))
    models = (zoo.load(subject.runs[-1].path), zoo.load(subject.draft))
    first, second = (model(keys, images, masks, seeds) for model in models)
    return float(np.abs(first - second).max())


def _failures(results: Results) -> str:
    bad = [row for row in results.rows if row.values["ink_f1"] < _BAD]
    share = len(bad) / len(results.rows)
    return f"Of the drawings of {results.protocol.name} {share:.0%} score below {_BAD:g}."


def _start(recipe: Recipe) -> str:
    return f", from the shipped `{recipe.init}`" if recipe.init else " from scratch"


def _trainings(runs: Sequence[Run]) -> str:
    parts = []
    for run in runs:
        text = (run.path / "config.toml").read_text(encoding="utf-8")
        # Where the drawings and earlier trainings were is nobody's business.
        kept = [line for line in text.splitlines() if not line.startswith(("path =", "init ="))]
        parts.append("```toml\n" + "\n".join(kept).strip() + "\n```")
    return "\n\nThen, from the weights of that training:\n\n".join(parts)
