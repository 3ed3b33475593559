"""``zoo report``."""

from pathlib import Path

import click

from zoo.cli import Verbosity


@click.command()
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="the HTML file; default: report.html in the run, or here for several runs",
)
@click.option(
    "--drawings",
    type=click.IntRange(0),
    default=64,
    show_default=True,
    help="validation drawings on which each run's model and the floors are measured; 0: none",
)
@click.pass_obj
def command(
    verbosity: Verbosity, /, runs: tuple[Path, ...], out: Path | None, drawings: int
) -> None:
    """Write one HTML file about runs: curves, samples through time, scores, worst cases.

    Configuration and versions stand in it, too; it needs no network. Several runs stand side by
    side, and their curves in the same pictures.

    \b
      zoo report runs/001-unet-convdense
      zoo report runs/001-unet-convdense runs/002-shuffle-patch -o both.html
    """
    from zoo.report.write import write_report
    from zoo.runs import open_run

    opened = [open_run(path) for path in runs]
    path = out or (opened[0].path if len(opened) == 1 else Path()) / "report.html"
    write_report(opened, path, drawings, quiet=verbosity.quiet)
    click.echo(path)
