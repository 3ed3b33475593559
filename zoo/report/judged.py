"""Scores of a run's best model on its own validation drawings, floors beside it."""

from dataclasses import dataclass
from pathlib import Path

from zoo.config import RunConfig
from zoo.evaluation.compare import remake_cases
from zoo.evaluation.contestants import find_contestant, floors
from zoo.evaluation.evaluate import evaluate_under
from zoo.evaluation.predictions import Predictions
from zoo.evaluation.protocol import Protocol, protocol_of_size
from zoo.evaluation.results import Results, read_results
from zoo.evaluation.sheet import Shown, draw_sheet
from zoo.options import validate
from zoo.runs import Run

# Shown beside the model where it did worst, and how many drawings.
_BESIDE, _WORST = "navier_stokes", 6


@dataclass(frozen=True)
class Judged:
    """What was measured of a run.

    Attributes:
        model: Results of its best model.
        floors: Those of the floors on the same drawings, best first.
        worst: PNG of the drawings that it did worst.
    """

    model: Results
    floors: tuple[Results, ...]
    worst: bytes


def validation_protocol(config: RunConfig, count: int) -> Protocol:
    """A protocol of a run's own drawings and holes, on its validation split."""
    settings = config.settings
    base = protocol_of_size(settings.size)
    values = base.model_dump(exclude_none=True, exclude={"training"}) | {
        "name": "validation",
        "summary": "",
        "data": {"name": config.data.id, **config.data.table()},
        "mask": {part.id: part.table() for part in config.mask},
        "split": "validation",
        "count": count,
        "drawings": "",
        **{key: getattr(settings, key) for key in ("ink_min", "ink_max", "area_max")},
    }
    return validate(Protocol, values, "the run's validation drawings")


def judge_run(run: Run, count: int, folder: Path, *, quiet: bool) -> Judged:
    """Score the best model of a run and the floors.

    Args:
        run: The run.
        count: How many validation drawings.
        folder: Where results go; what is there of the same drawings is not measured again.
        quiet: Show nothing.

    Raises:
        ZooError: It has no model yet, or its drawings or a plugin are not there.
    """
    protocol = validation_protocol(run.config(), count)

    def scored(who: str, place: Path) -> Results:
        if place.is_dir():
            return read_results(place)
        # A relative path in a configuration is one from where the user stands.
        return evaluate_under(
            protocol,
            find_contestant(who),
            data_root=Path.cwd(),
            out=place,
            save_predictions=True,
            quiet=quiet,
        )

    model = scored(str(run.best), folder / "model")
    kept = folder.parent / f"floors-{protocol.hash[:12]}"
    others = [scored(floor, kept / floor) for floor in floors()]
    others.sort(key=lambda results: -results.mean("ink_f1"))
    beside = next((r for r in others if r.name == _BESIDE), others[0])
    return Judged(model, tuple(others), _draw_worst(model, beside))


def _draw_worst(model: Results, beside: Results) -> bytes:
    rows = sorted(model.rows, key=lambda row: row.values["ink_f1"])[:_WORST]
    cases = remake_cases(model, {row.key: row.removed for row in rows}, data_root=Path.cwd())
    floor = {row.key: row.values["ink_f1"] for row in beside.rows}
    shown = []
    for row in rows:
        case = cases[row.key]
        ours, theirs = (
            Predictions(results.predictions).read(row.key, *case.mask.shape)
            for results in (model, beside)
        )
        shown.append(Shown(case, (ours, theirs), (row.values["ink_f1"], floor[row.key])))
    return draw_sheet(shown, ("the run", beside.name), "ink_f1")
