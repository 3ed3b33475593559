"""The rows of a comparison, as they stand in a TOML file: one line a row."""

import shlex
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What stands in written commands for the folder of drawings.
DATA = "DATA"


@dataclass(frozen=True)
class Row:
    """One training.

    Attributes:
        name: Its name, unique in the plan.
        base: Words of ``zoo train`` that rows of its kind have in common.
        adds: Words that follow them.
        metrics: Metrics beside the protocol's.
        seeds: How many times it is trained, with the seeds from 0 on.
    """

    name: str
    base: tuple[str, ...]
    adds: tuple[str, ...]
    metrics: tuple[str, ...]
    seeds: int

    def train(self, seed: int, data: str = DATA) -> list[str]:
        """The words of ``zoo`` that train it; ``data`` holds the folder ``quickdraw``."""
        return [
            *("train", *self.base, *self.adds),
            *("--data", f"quickdraw:path={data}/quickdraw"),
            *("--seed", str(seed)),
        ]

    def command(self, seed: int) -> str:
        """That command as it is written down."""
        return shlex.join(["zoo", *self.train(seed)])


@dataclass(frozen=True)
class Group:
    """Rows that answer one question.

    Attributes:
        title: The question.
        about: What is compared, in a few sentences.
        against: Name of the row that the others are compared with.
        rows: The rows.
    """

    title: str
    about: str
    against: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Plan:
    """All rows.

    Attributes:
        protocol: What every row is evaluated under.
        groups: The rows in the order of the page.
    """

    protocol: str
    groups: tuple[Group, ...]

    @property
    def rows(self) -> dict[str, Row]:
        """Every row by name."""
        return {row.name: row for group in self.groups for row in group.rows}

    def jobs(self) -> Iterator[tuple[Row, int]]:
        """Every row with every seed; all rows come once before any comes again."""
        most = max(row.seeds for row in self.rows.values())
        for seed in range(most):
            for row in self.rows.values():
                if seed < row.seeds:
                    yield row, seed


def read_plan(path: Path) -> Plan:
    """Read a plan.

    Raises:
        ValueError: A name stands twice, or names no row.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    three = set(table.get("three", ()))
    groups = tuple(_group(group, table["base"], three) for group in table["group"])
    names = [row.name for group in groups for row in group.rows]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{path}: row {min(twice)} stands twice: rename one")
    said = three | {group.against for group in groups}
    if unknown := said - set(names):
        raise ValueError(f"{path}: there is no row {min(unknown)}: correct three or against")
    return Plan(table["protocol"], groups)


def _group(table: Mapping[str, Any], bases: Mapping[str, str], three: set[str]) -> Group:
    base, metrics = tuple(shlex.split(bases[table["base"]])), tuple(table.get("metrics", ()))
    rows = (
        Row(name, base, tuple(shlex.split(adds)), metrics, 3 if name in three else 1)
        for name, adds in table["rows"].items()
    )
    return Group(table["title"], table["about"], table["against"], tuple(rows))
