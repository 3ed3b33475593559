"""Two results drawing by drawing: paired differences, and the drawings where they differ most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from zoo.errors import DataError, UsageError
from zoo.evaluation.bootstrap import interval
from zoo.evaluation.predictions import Predictions
from zoo.evaluation.results import Results, check_comparable
from zoo.evaluation.sheet import Shown, draw_sheet
from zoo.evaluation.task import Case, make_case, open_task
from zoo.files import write_file


@dataclass(frozen=True)
class Difference:
    """A paired difference, the first's number minus the second's, over drawings.

    Attributes:
        column: Of the numbers.
        higher_is_better: Their direction.
        mean: Of the difference.
        low: Lower end of its 95 % interval.
        high: Upper end.
        wins: Drawings on which the first is better.
        ties: Drawings on which both are equal.
        losses: Drawings on which the second is better.
    """

    column: str
    higher_is_better: bool
    mean: float
    low: float
    high: float
    wins: int
    ties: int
    losses: int


def compare(first: Results, second: Results) -> list[Difference]:
    """The difference in each metric that both have.

    Raises:
        UsageError: They are not comparable.
    """
    check_comparable([first, second])
    differences = []
    for column, said in first.summary["scores"].items():
        if column not in second.summary["scores"]:
            continue
        values = _paired(first, second, column)
        low, high = interval(values.tolist())
        better = values if said["higher_is_better"] else -values
        differences.append(
            Difference(
                column,
                said["higher_is_better"],
                float(values.mean()),
                low,
                high,
                wins=int((better > 0).sum()),
                ties=int((better == 0).sum()),
                losses=int((better < 0).sum()),
            )
        )
    return differences


def write_sheet(
    path: Path,
    first: Results,
    second: Results,
    *,
    count: int = 12,
    data: str | None = None,
    data_root: Path | None = None,
) -> None:
    """Write a picture of the drawings whose scores differ most, the largest difference first.

    Args:
        path: PNG file.
        first: Results with predictions.
        second: Comparable ones with predictions.
        count: How many drawings.
        data: Where the protocol's drawings are, as for ``evaluate``.
        data_root: The same.

    Raises:
        UsageError: They are not comparable, or one has no predictions.
        DataError: The drawings are missing, or look different by now.
    """
    check_comparable([first, second])
    for results in (first, second):
        if not results.predictions.is_dir():
            raise UsageError(
                f"{results.path} has no predictions: evaluate again with --save-predictions"
            )
    score = next(iter(first.summary["scores"]))
    gaps = np.abs(_paired(first, second, score))
    # Of equal ones those that come first in the protocol.
    numbers = np.argsort(-gaps, kind="stable")[:count]
    chosen = {first.rows[i].key: first.rows[i].removed for i in numbers}
    cases = remake_cases(first, chosen, data, data_root)
    shown = []
    for key in chosen:
        case = cases[key]
        drawn = [Predictions(r.predictions).read(key, *case.mask.shape) for r in (first, second)]
        scores = [_values(r, score)[key] for r in (first, second)]
        shown.append(Shown(case, (drawn[0], drawn[1]), (scores[0], scores[1])))
    try:
        write_file(path, draw_sheet(shown, (first.name, second.name), score))
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror or error}") from None


def remake_cases(
    results: Results,
    chosen: Mapping[str, float],
    data: str | None = None,
    data_root: Path | None = None,
) -> dict[str, Case]:
    """Some drawings of results with their holes, made again from the protocol.

    Args:
        results: The results.
        chosen: Key of a drawing -> its share of removed ink, as ``Row`` has it.
        data: Where the protocol's drawings are, as for ``evaluate``.
        data_root: The same.

    Raises:
        DataError: The drawings are missing, or look different by now.
    """
    task = open_task(results.protocol, data, data_root)
    cases = {}
    for index in task.indices:
        sketch = task.source[index]
        if sketch.key in chosen:
            case = make_case(task.protocol, sketch)
            if not isinstance(case, Case) or abs(case.removed - chosen[sketch.key]) > 1e-6:
                raise DataError(
                    f"{results.path}: drawing {sketch.key} has another hole by now: "
                    "evaluate again with this version of the zoo"
                )
            cases[sketch.key] = case
    return cases


def _paired(first: Results, second: Results, column: str) -> np.ndarray:
    """First minus second (n,), in the order of the first's drawings."""
    theirs = _values(second, column)
    ours: Sequence[float] = [row.values[column] - theirs[row.key] for row in first.rows]
    return np.array(ours)


def _values(results: Results, column: str) -> dict[str, float]:
    return {row.key: row.values[column] for row in results.rows}
