"""Results side by side, floors among them: CSV, Markdown and a picture."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoo.errors import DataError, UsageError, ZooError
from zoo.evaluation.contestants import find_contestant, floors
from zoo.evaluation.evaluate import evaluate_under
from zoo.evaluation.results import Results, check_comparable, comparable, read_results
from zoo.files import write_file

FILES = ("leaderboard.csv", "leaderboard.md", "leaderboard.png")


@dataclass(frozen=True)
class Leaderboard:
    """Comparable results, the best first.

    Attributes:
        score: The column that ranks.
        higher_is_better: Its direction.
        columns: The metrics' own columns that any of them has.
        ranked: The results.
    """

    score: str
    higher_is_better: bool
    columns: tuple[str, ...]
    ranked: tuple[Results, ...]


def rank(results: Sequence[Results]) -> Leaderboard:
    """Rank results by the protocol's first metric.

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
    return Leaderboard(score, higher, columns, tuple(ranked))


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
        records.append(record)
    return records


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
    rows = [[*head, "parameters", "images/s"]]
    rows.append(["--:", "---", *("--:" for _ in rows[0][2:])])
    for record in as_records(board):
        name = f"*{record['name']}*" if record["kind"] == "floor" else record["name"]
        scores = [_score(record, column) for column in board.columns]
        parameters = "" if record["parameters"] is None else f"{record['parameters']:,}"
        speed = f"{record['images_per_s']:,.0f}" if record["kind"] != "predictions" else ""
        rows.append([str(record["rank"]), name, *scores, parameters, speed])
    lines = (" | ".join(cell.replace("|", "/") for cell in row) for row in rows)
    table = "".join(f"| {line} |\n" for line in lines)
    what = protocol.summary or f"A custom protocol, {protocol.size}x{protocol.size}"
    return (
        f"# {protocol.name}\n\n{what}: "
        f"{summary['images']} drawings. Ranked by "
        f"{board.score}; 95 % intervals in brackets; floors in italics.\n\n{table}\n"
        f"Protocol `{summary['protocol_hash'][:12]}`, holes `{summary['holes'][:12]}`.\n"
    )


def _score(record: dict[str, Any], column: str) -> str:
    if record[column] is None:
        return ""
    return f"{record[column]:.3f} ({record[f'{column}_low']:.3f} to {record[f'{column}_high']:.3f})"
