"""Results side by side, floors among them: CSV, Markdown and a picture."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zoo.errors import DataError, UsageError, ZooError
from zoo.evaluation.contestants import find_contestant, floors
from zoo.evaluation.evaluate import evaluate_under
from zoo.evaluation.results import Results, check_comparable, comparable, read_results
from zoo.files import write_file

# The floor that every trained model should be above: a hole filled with ink.
FULL = "full"
FILES = ("leaderboard.csv", "leaderboard.md", "leaderboard.png")


@dataclass(frozen=True)
class Leaderboard:
    """Comparable results, the best first.

    Attributes:
        score: The column that ranks.
        higher_is_better: Its direction.
        columns: The metrics' own columns that any of them has.
        ranked: The results.
        extra: More columns by name of the result, such as what training cost.
    """

    score: str
    higher_is_better: bool
    columns: tuple[str, ...]
    ranked: tuple[Results, ...]
    extra: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def below_full(self, result: Results) -> bool:
        """Whether a result is worse than a hole filled with ink, if that floor is among them."""
        full = [r.mean(self.score) for r in self.ranked if r.name == FULL and _is_floor(r)]
        sign = 1 if self.higher_is_better else -1
        return any(sign * result.mean(self.score) < sign * score for score in full)


def _is_floor(result: Results) -> bool:
    return bool(result.summary["kind"] == "floor")


def read_extra(path: Path) -> dict[str, dict[str, Any]]:
    """Read more columns from a JSON file, ``{"MODEL": {"COLUMN": VALUE}}``.

    Raises:
        UsageError: It cannot be read or is not of that form.
    """
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        return {name: dict(columns.items()) for name, columns in table.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise UsageError(
            f'{path}: not {{"MODEL": {{"COLUMN": VALUE}}}}: {type(error).__name__}: {error}'
        ) from None


def rank(
    results: Sequence[Results], extra: Mapping[str, Mapping[str, Any]] | None = None
) -> Leaderboard:
    """Rank results by the protocol's first metric.

    Args:
        results: What is compared.
        extra: More columns by name of the result.

    Raises:
        UsageError: There are none, or they are not comparable.
    """
    if not results:
        raise UsageError(
            "no results: name results folders, such as: zoo leaderboard results/P128/*"
        )
    check_comparable(results)
    score, said = next(iter(results[0].summary["scores"].items()))
    higher = bool(said["higher_is_better"])
    ranked = sorted(results, key=lambda r: (-r.mean(score) if higher else r.mean(score), r.name))
    columns = tuple(dict.fromkeys(c for r in ranked for c in r.summary["scores"]))
    return Leaderboard(score, higher, columns, tuple(ranked), extra or {})


def with_floors(
    results: Sequence[Results],
    folder: Path,
    *,
    data: str | None,
    data_root: Path | None,
    quiet: bool,
    missing: Callable[[str], None],
) -> list[Results]:
    """The results and those of every floor; floors that are missing are evaluated.

    Args:
        results: Comparable results, at least one.
        folder: Where results of floors are kept.
        data: Where the protocol's drawings are, as for ``evaluate``.
        data_root: The same.
        quiet: Show no progress.
        missing: Called with a line if a floor cannot be evaluated.
    """
    have = {r.name for r in results if r.summary["kind"] == "floor"}
    protocol = results[0].protocol
    everybody = list(results)
    for name in floors():
        if name in have:
            continue
        place = folder / name
        try:
            if place.exists() and comparable(there := read_results(place), results[0]):
                everybody.append(there)
                continue
            floor = find_contestant(name)
            everybody.append(
                evaluate_under(
                    protocol, floor, data=data, data_root=data_root, out=place, quiet=quiet
                )
            )
        except ZooError as error:
            missing(
                f"floor {name} is missing: {error}; or name its results, made by: "
                f"zoo evaluate {name} --protocol {protocol.name} --data-root DIR"
            )
    return everybody


def write_leaderboard(board: Leaderboard, folder: Path) -> list[Path]:
    """Write ``leaderboard.csv``, ``.md`` and ``.png``.

    Raises:
        DataError: They cannot be written.
    """
    from zoo.evaluation.chart import draw_chart

    paths = [folder / name for name in FILES]
    contents: tuple[str | bytes, ...] = (as_csv(board), as_markdown(board), draw_chart(board))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in zip(paths, contents, strict=True):
            write_file(path, content)
    except OSError as error:
        raise DataError(f"{folder}: cannot be written: {error.strerror or error}") from None
    return paths


def as_records(board: Leaderboard) -> list[dict[str, Any]]:
    """One flat record per result; what a result lacks is None."""
    records = []
    for place, result in enumerate(board.ranked, 1):
        summary = result.summary
        record: dict[str, Any] = {"rank": place, "name": result.name, "kind": summary["kind"]}
        for column in board.columns:
            value = summary["means"].get(column, {})
            record[column] = value.get("mean")
            record[f"{column}_low"], record[f"{column}_high"] = value.get("low"), value.get("high")
        for key in ("parameters", "images_per_s", "images", "threshold", "zoo_version"):
            record[key] = summary[key]
        record["below_full"] = board.below_full(result)
        record |= {key: _extra_of(board, result.name).get(key) for key in _extra_columns(board)}
        records.append(record)
    return records


def _extra_columns(board: Leaderboard) -> list[str]:
    said = (_extra_of(board, result.name) for result in board.ranked)
    return list(dict.fromkeys(column for columns in said for column in columns))


def _extra_of(board: Leaderboard, name: str) -> Mapping[str, Any]:
    return board.extra.get(name, {})


def as_csv(board: Leaderboard) -> str:
    """The records as CSV."""
    records = as_records(board)
    text = io.StringIO()
    table = csv.DictWriter(text, list(records[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(records)
    return text.getvalue()


def as_markdown(board: Leaderboard) -> str:
    """A page with the table for people."""
    protocol, summary = board.ranked[0].protocol, board.ranked[0].summary
    arrows = {
        column: "↑" if said["higher_is_better"] else "↓"
        for result in board.ranked
        for column, said in result.summary["scores"].items()
    }
    head = ["rank", "model", *(f"{column} {arrows[column]}" for column in board.columns)]
    more = _extra_columns(board)
    rows = [[*head, "parameters", "images/s", *more]]
    rows.append(["--:", "---", *("--:" for _ in rows[0][2:])])
    for record in as_records(board):
        name = f"*{record['name']}*" if record["kind"] == "floor" else record["name"]
        scores = [_score(record, column) for column in board.columns]
        parameters = "" if record["parameters"] is None else f"{record['parameters']:,}"
        speed = f"{record['images_per_s']:,.0f}" if record["kind"] != "predictions" else ""
        name += " †" if record["below_full"] else ""
        extra = ["" if record[key] is None else str(record[key]) for key in more]
        rows.append([str(record["rank"]), name, *scores, parameters, speed, *extra])
    lines = (" | ".join(cell.replace("|", "/") for cell in row) for row in rows)
    table = "".join(f"| {line} |\n" for line in lines)
    marked = any(board.below_full(result) for result in board.ranked)
    note = f"† below `{FULL}`, a hole filled with ink.\n\n" if marked else ""
    what = protocol.summary or f"A custom protocol, {protocol.size}x{protocol.size}"
    return (
        f"# {protocol.name}\n\n{what}: "
        f"{summary['images']} drawings. Ranked by "
        f"{board.score}; 95 % intervals in brackets; floors in italics.\n\n{table}\n{note}"
        f"Protocol `{summary['protocol_hash'][:12]}`, holes `{summary['holes'][:12]}`.\n"
    )


def _score(record: dict[str, Any], column: str) -> str:
    if record[column] is None:
        return ""
    return f"{record[column]:.3f} ({record[f'{column}_low']:.3f} to {record[f'{column}_high']:.3f})"
