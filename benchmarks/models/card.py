"""The card of a shipped model: what a person wants to know before using it."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import zoo
from zoo.bundles import parameters_of
from zoo.evaluation.compare import remake_cases
from zoo.evaluation.fog import fog
from zoo.evaluation.predictions import Predictions
from zoo.evaluation.results import Results, Row
from zoo.evaluation.sheet import Shown, draw_sheet
from zoo.runs import Run
from zoo.training.curves import write_curves

# Drawings of a picture, and the floor that stands beside the model in it.
SHOWN, BESIDE = 6, "navier_stokes"
# Drawings on which float16 is compared with float32, and of which fog is measured.
COMPARED, FOGGED = 16, 300

_LICENCE = """\
It was trained on the training split of a subset of the Quick, Draw! dataset: 20,249 drawings in 345
categories, of which 80 % by key were trained on. "This data made available by Google, Inc. under
the [Creative Commons Attribution 4.0 International
license](https://creativecommons.org/licenses/by/4.0/)." Whoever passes the model on passes this
attribution on. The weights themselves are under the licence of this package. Chairs were only
measured on, never trained on: MIT, (c) 2018 Judy Fan (Hawkins, Sano, Goodman and Fan)."""


@dataclass(frozen=True)
class Subject:
    """What a card is about.

    Attributes:
        name: Of the model.
        about: ``about.json`` of its recipe.
        runs: Its trainings in order.
        draft: Its bundle, float16.
        results: Protocol -> its results, with predictions.
        beside: Protocol -> those of the floors.
        command: What made it.
        data: Folder of the drawings.
    """

    name: str
    about: Mapping[str, Any]
    runs: Sequence[Run]
    draft: Path
    results: Mapping[str, Results]
    beside: Mapping[str, Sequence[Results]]
    command: str
    data: Path


def describe(subject: Subject) -> dict[str, bytes]:
    """The card and its pictures, by file name."""
    main = next(iter(subject.results))
    pictures = {
        f"{kind}.png": _sheet(subject, main, rows)
        for kind, rows in _chosen(subject.results[main].rows).items()
    }
    pictures["curves.png"] = _curves(subject.runs)
    return {"card.md": _text(subject, main).encode(), **pictures}


def _text(subject: Subject, main: str) -> str:
    config = subject.runs[-1].config()
    size = config.settings.size
    steps = " + ".join(str(run.status()["step"]) for run in subject.runs)
    results = subject.results[main]
    ours, real = _fog(results, subject.data)
    return f"""# {subject.name}: {subject.about["summary"]}

{subject.about["story"]}

    pip install sketch-zoo-models
    zoo complete sketch.png --mask hole.png --model {subject.name}

| | |
|---|---|
| size | {size}x{size} pixels; larger pictures are completed around the hole |
| generator | `{config.gen.id}`, {parameters_of(subject.draft):,} weights in float16 |
| training | {steps} steps of {config.settings.batch_size} drawings |
| threshold | {results.summary["threshold"]:g}, chosen on validation drawings |
| float16 against float32 | ink differs by at most {_rounding(subject, main):.1g} |
| grey among the hole's ink | {ours:.0%}; in the true drawings {real:.0%} |

## Scores

`ink_f1` with 95 % intervals, on drawings that it has never seen (what the protocols are, says
`docs/evaluation.md` of the zoo):

{_scores(subject)}

By the share of the ink that was hidden, {main}:

{_bins(results)}

## What it draws

Each row: the drawing, what the model saw, what it drew, what the inpainting of Navier-Stokes drew,
with their `ink_f1`. All are drawings of {main}.

Typical, around the median:

![typical cases](typical.png)

The best among holes that took a fifth of the ink or more:

![best cases](best.png)

The worst:

![worst cases](worst.png)

## Limits

{subject.about["limits"]}

## Data and licence

{_LICENCE}

## How it was made

    {subject.command}

{_recipes(subject)}

![training curves](curves.png)
"""


def _scores(subject: Subject) -> str:
    lines = ["| | " + " | ".join(subject.results) + " |", "|---" * (1 + len(subject.results)) + "|"]
    columns = [[results, *subject.beside[name]] for name, results in subject.results.items()]
    for rows in zip(*columns, strict=True):
        cells = [_interval(results) for results in rows]
        name = f"**{subject.name}**" if rows[0] is columns[0][0] else rows[0].name
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _interval(results: Results) -> str:
    said = results.summary["means"]["ink_f1"]
    return f"{said['mean']:.3f} ({said['low']:.3f} to {said['high']:.3f})"


def _bins(results: Results) -> str:
    bins = [b for b in results.summary["bins"] if b["images"]]
    head = "| " + " | ".join("{:.0%} to {:.0%}".format(*b["removed"]) for b in bins) + " |"
    values = [f"{b['means']['ink_f1']:.3f} of {b['images']}" for b in bins]
    return "\n".join([head, "|---" * len(bins) + "|", "| " + " | ".join(values) + " |"])


def _recipes(subject: Subject) -> str:
    parts = []
    for run in subject.runs:
        text = (run.path / "config.toml").read_text(encoding="utf-8")
        # Where the drawings and earlier trainings were is nobody's business.
        kept = [line for line in text.splitlines() if not line.startswith(("path =", "init ="))]
        parts.append("```toml\n" + "\n".join(kept).strip() + "\n```")
    return "\n\nThen, from the weights of that training:\n\n".join(parts)


def _chosen(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Typical, best and worst drawings, spread over neighbours in rank."""
    ranked = sorted(rows, key=lambda row: row.values["ink_f1"])
    large = [row for row in ranked if row.removed >= 0.2] or ranked
    middle = len(ranked) // 2
    return {
        "typical": ranked[max(0, middle - SHOWN // 2) :][:SHOWN],
        "best": large[-SHOWN:],
        "worst": ranked[:SHOWN],
    }


def _sheet(subject: Subject, protocol: str, rows: Iterable[Row]) -> bytes:
    results = subject.results[protocol]
    floor = next(r for r in subject.beside[protocol] if r.name == BESIDE)
    theirs = {row.key: row.values["ink_f1"] for row in floor.rows}
    chosen = {row.key: row for row in rows}
    removed = {key: row.removed for key, row in chosen.items()}
    cases = remake_cases(results, removed, data_root=subject.data)
    shown = []
    for key, row in chosen.items():
        drawn = [
            Predictions(r.predictions).read(key, *cases[key].mask.shape) for r in (results, floor)
        ]
        scores = (row.values["ink_f1"], theirs[key])
        shown.append(Shown(cases[key], (drawn[0], drawn[1]), scores))
    return _few_colours(draw_sheet(shown, (subject.name, BESIDE), "ink_f1"))


def _few_colours(png: bytes) -> bytes:
    """A picture of ink on paper needs 64 colours, and a third of the bytes."""
    file = io.BytesIO()
    Image.open(io.BytesIO(png)).quantize(64).save(file, format="PNG", optimize=True)
    return file.getvalue()


def _curves(runs: Sequence[Run]) -> bytes:
    """All trainings one behind the other."""
    records: list[dict[str, Any]] = []
    for run in runs:
        before = records[-1]["step"] if records else 0
        records += [{**record, "step": before + record["step"]} for record in run.log_records()]
    path = runs[-1].path / "all-curves.png"
    write_curves(path, records)
    return _few_colours(path.read_bytes())


def _fog(results: Results, data: Path) -> tuple[float, float]:
    """How grey the model's ink is, before decoding, and that of the true drawings."""
    removed = {row.key: row.removed for row in results.rows[:FOGGED]}
    cases = list(remake_cases(results, removed, data_root=data).values())
    masks = np.stack([case.mask for case in cases])
    predictions = Predictions(results.predictions)
    drawn = np.stack([predictions.read(case.key, *case.mask.shape) for case in cases])
    return fog(drawn, masks), fog(np.stack([case.target for case in cases]), masks)


def _rounding(subject: Subject, protocol: str) -> float:
    """The largest difference of ink between the model as trained and as shipped."""
    results = subject.results[protocol]
    removed = {row.key: row.removed for row in results.rows[:COMPARED]}
    cases = list(remake_cases(results, removed, data_root=subject.data).values())
    images = np.stack([case.masked for case in cases])[..., None]
    masks = np.stack([case.mask for case in cases])[..., None]
    keys, seeds = [case.key for case in cases], range(len(cases))
    models = (zoo.load(subject.runs[-1].path), zoo.load(subject.draft))
    first, second = (model(keys, images, masks, seeds) for model in models)
    return float(np.abs(first - second).max())
