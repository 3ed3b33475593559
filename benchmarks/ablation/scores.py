"""Means over seeds, and how far two rows must be apart to differ."""

from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import mean, variance

from benchmarks.ablation.plan import Plan
from benchmarks.ablation.results import Result, read_result

SCORE = "ink_f1"


@dataclass(frozen=True)
class Scores:
    """Everything that was measured.

    Attributes:
        plan: The rows.
        results: What each row came to, by its name, seeds in order; rows not run are missing.
    """

    plan: Plan
    results: dict[str, tuple[Result, ...]]

    def has(self, row: str, column: str = SCORE) -> bool:
        """Whether a row has a number in a column."""
        return bool(self._values(row, column))

    def mean(self, row: str, column: str = SCORE) -> float:
        """Mean over seeds. The row must have it."""
        return mean(self._values(row, column))

    def count(self, row: str) -> int:
        """How many seeds of a row have a score."""
        return len(self._values(row, SCORE))

    def spread(self, row: str, column: str = SCORE) -> float | None:
        """Standard deviation over seeds, pooled over all rows of the same base, or None.

        A row of one seed has the spread of its kind.
        """
        kind = self.plan.rows[row].base
        many = [
            values
            for other in self.plan.rows.values()
            if other.base == kind and len(values := self._values(other.name, column)) > 1
        ]
        if not many:
            return None
        squares = sum((len(values) - 1) * variance(values) for values in many)
        return sqrt(squares / sum(len(values) - 1 for values in many))

    def difference(self, row: str, against: str, column: str = SCORE) -> tuple[float, float | None]:
        """How much more a row has than another, and twice the standard error of that, if known."""
        found = self.mean(row, column) - self.mean(against, column)
        errors = []
        for name in (row, against):
            spread = self.spread(name, column)
            if spread is None:
                return found, None
            errors.append(spread**2 / len(self._values(name, column)))
        return found, 2 * sqrt(sum(errors))

    def cpu_minutes(self, row: str) -> float | None:
        """What training a row once costs: mean over seeds."""
        known = [r.cpu_minutes for r in self.results.get(row, ()) if r.cpu_minutes is not None]
        return mean(known) if known else None

    def _values(self, row: str, column: str) -> list[float]:
        return [r.means[column] for r in self.results.get(row, ()) if column in r.means]


def read_scores(plan: Plan, folder: Path) -> Scores:
    """Read what is there; results of other commands than the plan's do not count."""
    found: dict[str, list[Result]] = {}
    for row, seed in plan.jobs():
        result = read_result(folder, row, seed)
        if result is not None:
            found.setdefault(row.name, []).append(result)
    return Scores(plan, {name: tuple(results) for name, results in found.items()})
