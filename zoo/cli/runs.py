"""``zoo runs``: list runs, remove runs."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zoo.cli import Verbosity
from zoo.cli.table import columns

if TYPE_CHECKING:
    from zoo.run_summary import RunSummary


@click.group(invoke_without_command=True)
@click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("runs"),
    show_default=True,
    help="folder of the runs, searched at any depth",
)
@click.option("--json", "as_json", is_flag=True, help="print the list as JSON")
@click.pass_context
def command(ctx: click.Context, /, folder: Path, as_json: bool) -> None:
    """List the runs: how far each is, its best validation score, what it takes on disk.

    \b
      zoo runs
      zoo runs --in experiments --json
      zoo runs rm runs/001-unet-convdense
    """
    if ctx.invoked_subcommand is not None:
        return
    from zoo.errors import UsageError
    from zoo.run_summary import find_runs, summarise_run

    if not folder.is_dir() and folder != Path("runs"):
        raise UsageError(f"{folder}: no such folder: name the folder of your runs")
    found = [summarise_run(run) for run in find_runs(folder)] if folder.is_dir() else []
    if as_json:
        import json

        click.echo(json.dumps([summary.record() for summary in found], indent=2))
    elif found:
        click.echo("\n".join(_table(found)))
    else:
        click.echo(f"no runs in {folder}: start one: zoo train --gen unet --disc convdense")


@command.command("rm")
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--yes", "-y", is_flag=True, help="do not ask")
@click.pass_context
def remove(ctx: click.Context, /, runs: tuple[Path, ...], yes: bool) -> None:
    """Remove runs with their checkpoints and models, after asking.

    \b
      zoo runs rm runs/001-unet-convdense
    """
    from zoo.run_summary import remove_run, summarise_run
    from zoo.runs import open_run

    # All are found before the first is removed.
    opened = [open_run(path) for path in dict.fromkeys(runs)]
    if not yes:
        click.echo("\n".join(_table([summarise_run(run) for run in opened])), err=True)
        if not click.confirm("Remove for good?", err=True):
            click.echo("nothing removed", err=True)
            ctx.exit(1)
    verbosity: Verbosity = ctx.obj
    for run in opened:
        remove_run(run)
        if not verbosity.quiet:
            click.echo(f"removed {run.path}")


def _table(found: list["RunSummary"]) -> list[str]:
    rows = [("run", "state", "step", "best ink_f1", "at step", "MB")]
    for summary in found:
        scored = summary.best_score is not None
        rows.append(
            (
                str(summary.path),
                summary.state,
                f"{summary.step}/{summary.steps}",
                f"{summary.best_score:.4f}" if scored else "",
                str(summary.best_step) if scored else "",
                f"{summary.bytes / 1e6:,.1f}",
            )
        )
    return columns(rows, right={2, 3, 4, 5}, indent="")
