"""The pictures of a model's card: drawings that it completed, and its training curves."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from zoo.evaluation.compare import remake_cases
from zoo.evaluation.predictions import Predictions
from zoo.evaluation.results import Results, Row
from zoo.evaluation.sheet import Shown, draw_sheet
from zoo.evaluation.task import Case
from zoo.runs import Run
from zoo.training.curves import write_curves

# Drawings of a picture. The best are chosen among those that are not too easy.
_SHOWN, _HARD = 6, 0.2


def choose_rows(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Typical drawings, around the median of ``ink_f1``, the best, best first, and the worst."""
    ranked = sorted(rows, key=lambda row: row.values["ink_f1"])
    hard = [row for row in ranked if row.removed >= _HARD] or ranked
    first = max(0, (len(ranked) - _SHOWN) // 2)
    return {
        "typical": ranked[first : first + _SHOWN],
        "best": hard[: -_SHOWN - 1 : -1],
        "worst": ranked[:_SHOWN],
    }


def cases_of(results: Results, rows: Sequence[Row], data: Path) -> Mapping[str, Case]:
    """The drawings of some rows with their holes, by key, in the rows' order."""
    cases = remake_cases(results, {row.key: row.removed for row in rows}, data_root=data)
    return {row.key: cases[row.key] for row in rows}


def draw_rows(results: Results, beside: Results, rows: Sequence[Row], data: Path) -> bytes:
    """A PNG of drawings: original, hidden, and as completed by a model and by a floor."""
    both = (results, beside)
    theirs = {row.key: row.values["ink_f1"] for row in beside.rows}
    shown = []
    for row, (key, case) in zip(rows, cases_of(results, rows, data).items(), strict=True):
        ours, floor = (Predictions(r.predictions).read(key, *case.mask.shape) for r in both)
        shown.append(Shown(case, (ours, floor), (row.values["ink_f1"], theirs[key])))
    return _few_colours(draw_sheet(shown, (results.name, beside.name), "ink_f1"))


def draw_curves(runs: Sequence[Run]) -> bytes:
    """A PNG of losses and validation scores, one training behind the other."""
    records: list[dict[str, Any]] = []
    for run in runs:
        before = records[-1]["step"] if records else 0
        records += [{**record, "step": before + record["step"]} for record in run.log_records()]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "curves.png"
        write_curves(path, records)
        return _few_colours(path.read_bytes())


def _few_colours(png: bytes) -> bytes:
    """A picture of ink on paper needs 64 colours, and a third of the bytes."""
    file = io.BytesIO()
    Image.open(io.BytesIO(png)).quantize(64).save(file, format="PNG", optimize=True)
    return file.getvalue()
