"""Results folders: what an evaluation leaves behind.

summary.json     means with intervals, the protocol in full, who was evaluated
images.csv       one line per drawing
predictions/     the completed drawings, if they were asked for
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoo.errors import DataError, UsageError
from zoo.evaluation.protocol import Protocol
from zoo.files import write_file
from zoo.options import validate

FORMAT = 1
SUMMARY, IMAGES, PREDICTIONS = "summary.json", "images.csv", "predictions"
_TEXT = ("key", "label")


@dataclass(frozen=True)
class Row:
    """The scores of one drawing.

    Attributes:
        key: Of the drawing.
        label: Its category, or an empty string.
        removed: Share of its ink that was hidden.
        values: Every metric's numbers by column.
    """

    key: str
    label: str
    removed: float
    values: Mapping[str, float]


@dataclass(frozen=True)
class Results:
    """A results folder.

    Attributes:
        path: Where it is.
        summary: What ``summary.json`` holds.
        rows: What ``images.csv`` holds.
    """

    path: Path
    summary: Mapping[str, Any]
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """Who was evaluated."""
        return str(self.summary["name"])

    @property
    def protocol(self) -> Protocol:
        """Under what."""
        return validate(Protocol, self.summary["protocol"], str(self.path))

    @property
    def predictions(self) -> Path:
        """Folder of the completed drawings; need not exist."""
        return self.path / PREDICTIONS

    def mean(self, column: str) -> float:
        """Mean of a column over drawings."""
        return float(self.summary["means"][column]["mean"])


def write_results(folder: Path, summary: Mapping[str, Any], rows: Sequence[Row]) -> None:
    """Fill a folder.

    Raises:
        OSError: It cannot be written.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    columns = list(rows[0].values)
    table.writerow([*_TEXT, "removed", *columns])
    for row in rows:
        table.writerow([row.key, row.label, row.removed, *(row.values[c] for c in columns)])
    write_file(folder / IMAGES, text.getvalue().encode("utf-8", "surrogatepass"))
    write_file(folder / SUMMARY, json.dumps(summary, indent=2) + "\n")


def read_results(path: Path) -> Results:
    """Read a results folder.

    Raises:
        UsageError: It is none.
        DataError: It is damaged or of a newer format.
    """
    if not (path / SUMMARY).is_file():
        raise UsageError(f"{path} holds no results: make some: zoo evaluate … --out {path}")
    try:
        summary = json.loads((path / SUMMARY).read_text(encoding="utf-8"))
        if summary["format"] > FORMAT:
            raise DataError(
                f"{path}: format {summary['format']} is newer than this zoo can read: "
                "pip install -U sketch-zoo"
            )
        text = (path / IMAGES).read_bytes().decode("utf-8", "surrogatepass")
        records = list(csv.DictReader(io.StringIO(text)))
        rows = tuple(_row(record) for record in records)
        if len(rows) != summary["images"] or not rows:
            raise ValueError(f"{len(rows)} lines in {IMAGES}, {summary['images']} in {SUMMARY}")
        if set(rows[0].values) != set(summary["means"]):
            raise ValueError(f"{IMAGES} and {SUMMARY} have other columns")
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise DataError(
            f"{path}: damaged results ({type(error).__name__}: {error}): evaluate again"
        ) from None
    return Results(path, summary, rows)


def find_results(paths: Sequence[Path]) -> list[Results]:
    """The results folders among paths, each of them one or a folder of some, in the given order.

    Raises:
        UsageError: A path is neither.
        DataError: One is damaged.
    """
    found: dict[Path, Results] = {}
    for path in paths:
        inside = [path] if (path / SUMMARY).is_file() else []
        if not inside and path.is_dir():
            inside = sorted(p.parent for p in path.glob(f"*/{SUMMARY}") if p.parent.name[0] != ".")
        for folder in inside or [path]:
            found.setdefault(folder.resolve(), read_results(folder))
    return list(found.values())


def comparable(one: Results, other: Results) -> bool:
    """Whether both were measured on the same drawings and holes in the same way."""
    return all(one.summary[key] == other.summary[key] for key in ("protocol_hash", "holes"))


def check_comparable(results: Sequence[Results]) -> None:
    """Refuse results that are not comparable.

    Raises:
        UsageError: Two differ; both are named.
    """
    first, *others = results
    for other in others:
        if not comparable(first, other):
            same = first.summary["protocol_hash"] == other.summary["protocol_hash"]
            one, two = (f"{r.path} ({r.protocol.name})" for r in (first, other))
            raise UsageError(
                f"these cannot be compared: {one} and {two} were measured "
                f"{'on different holes' if same else 'under different protocols'}: "
                "evaluate both under one --protocol with one version of the zoo"
            )


def check_place(path: Path, identity: Mapping[str, Any]) -> None:
    """Refuse to overwrite anything but earlier results of the same thing.

    Args:
        path: Where results are to be written.
        identity: ``id``, ``protocol_hash`` of what is to be written.

    Raises:
        UsageError: Something else stands there.
    """
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    if not (path / SUMMARY).is_file():
        raise UsageError(f"{path} exists and holds no results: choose another --out")
    there = read_results(path).summary
    if any(there.get(key) != value for key, value in identity.items()):
        raise UsageError(
            f"{path} holds results of {there['name']} under {there['protocol']['name']}: "
            "choose another --out"
        )


def _row(record: Mapping[str, str]) -> Row:
    values = {k: float(v) for k, v in record.items() if k not in (*_TEXT, "removed")}
    return Row(record["key"], record["label"], float(record["removed"]), values)
