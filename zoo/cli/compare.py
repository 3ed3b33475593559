"""``zoo compare``."""

import re
from pathlib import Path

import click

from zoo.cli import Verbosity


@click.command()
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@click.option(
    "--out",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="PNG sheet of the drawings that differ most; default: FIRST-SECOND.png",
)
@click.option("--count", type=click.IntRange(1, 200), default=12, help="drawings on the sheet")
@click.option(
    "--data-root", type=click.Path(path_type=Path), help="where protocols' drawings are: ZOO_DATA"
)
@click.option("--data", metavar="NAME[:…]", help="a source that has the protocol's drawings")
@click.option("--json", "as_json", is_flag=True, help="print the differences as JSON")
@click.pass_obj
def command(
    verbosity: Verbosity,
    /,
    first: Path,
    second: Path,
    out: Path | None,
    count: int,
    data_root: Path | None,
    data: str | None,
    as_json: bool,
) -> None:
    """Compare two results drawing by drawing: FIRST minus SECOND.

    FIRST and SECOND are folders that `zoo evaluate` made under one protocol. If both were made with
    --save-predictions, a sheet shows the drawings whose scores differ most.

    \b
      zoo compare results/P128/mine results/P128/telea --data-root data
      zoo compare results/P128/mine results/P128/yours -o sheet.png --count 20
    """
    from zoo.errors import ZooError
    from zoo.evaluation.compare import compare, write_sheet
    from zoo.evaluation.results import read_results

    one, two = read_results(first), read_results(second)
    differences = compare(one, two)
    if as_json:
        import json
        from dataclasses import asdict

        click.echo(json.dumps([asdict(difference) for difference in differences], indent=2))
    else:
        from zoo.cli.table import columns

        rows: list[tuple[str, ...]] = [
            ("", "difference", "95 % interval", "wins", "ties", "losses")
        ]
        rows += [
            (
                d.column,
                f"{d.mean:+.4f}",
                f"{d.low:+.4f} to {d.high:+.4f}",
                *(str(n) for n in (d.wins, d.ties, d.losses)),
            )
            for d in differences
        ]
        click.echo(f"{one.name} minus {two.name}, {len(one.rows)} drawings")
        click.echo("\n".join(columns(rows, right={1, 2, 3, 4, 5})))
    path = out or Path(re.sub(r"[^\w.=-]+", "_", f"{one.name}-{two.name}") + ".png")
    try:
        write_sheet(path, one, two, count=count, data=data, data_root=data_root)
    except ZooError as error:
        if out is not None:
            raise
        # Nobody asked for the sheet, and the numbers are there.
        click.echo(f"zoo: no sheet: {error}", err=True)
        return
    if not as_json:
        click.echo(f"sheet: {path}")
