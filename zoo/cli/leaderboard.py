"""``zoo leaderboard``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zoo.cli import Verbosity
from zoo.cli.table import columns

if TYPE_CHECKING:
    from zoo.evaluation.leaderboard import Leaderboard


@click.command()
@click.argument("results", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    "-o",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="folder for leaderboard.csv, leaderboard.md, leaderboard.png and missing floors",
)
@click.option(
    "--data-root", type=click.Path(path_type=Path), help="where protocols' drawings are: ZOO_DATA"
)
@click.option("--data", metavar="NAME[:…]", help="a source that has the protocol's drawings")
@click.option(
    "--extra",
    type=click.Path(dir_okay=False, path_type=Path),
    help='JSON file of more columns: {"MODEL": {"COLUMN": VALUE}}',
)
@click.option("--json", "as_json", is_flag=True, help="print the table as JSON")
@click.pass_obj
def command(
    verbosity: Verbosity,
    /,
    results: tuple[Path, ...],
    out: Path,
    data_root: Path | None,
    data: str | None,
    extra: Path | None,
    as_json: bool,
) -> None:
    """Rank results of one protocol, floors always among them.

    RESULTS are folders that `zoo evaluate` made, or folders of such folders. Floors that are not
    among them are evaluated if the drawings are there. Rows below `full` are marked.

    \b
      zoo leaderboard results/P128 -o board --data-root data
      zoo leaderboard results/P128/mine results/P128/telea -o board
    """
    from zoo.evaluation.leaderboard import (
        as_records,
        rank,
        read_extra,
        with_floors,
        write_leaderboard,
    )
    from zoo.evaluation.results import check_comparable, find_results

    more = read_extra(extra) if extra else None
    found = find_results(results)
    check_comparable(found)
    everybody = with_floors(
        found,
        out / "floors",
        data=data,
        data_root=data_root,
        quiet=verbosity.quiet or as_json,
        missing=lambda line: click.echo(f"zoo: {line}", err=True),
    )
    board = rank(everybody, more)
    paths = write_leaderboard(board, out)
    if as_json:
        import json

        click.echo(json.dumps(as_records(board), indent=2))
        return
    click.echo("\n".join(_table(board)))
    if not verbosity.quiet:
        for path in paths:
            click.echo(path)


def _table(board: "Leaderboard") -> list[str]:
    from zoo.evaluation.leaderboard import FULL

    rows = [("", "model", board.score, "95 % interval", "parameters", "images/s")]
    for place, result in enumerate(board.ranked, 1):
        value, parameters = result.summary["means"][board.score], result.summary["parameters"]
        rows.append(
            (
                str(place),
                f"{result.name} †" if board.below_full(result) else result.name,
                f"{value['mean']:.4f}",
                f"{value['low']:.4f} to {value['high']:.4f}",
                "" if parameters is None else f"{parameters:,}",
                f"{result.summary['images_per_s']:,.1f}",
            )
        )
    lines = columns(rows, right={0, 2, 3, 4, 5}, indent="")
    marked = any(board.below_full(result) for result in board.ranked)
    return [*lines, f"† below {FULL}, a hole filled with ink"] if marked else lines
