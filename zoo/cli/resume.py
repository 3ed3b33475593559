"""``zoo resume``."""

from pathlib import Path

import click

from zoo.cli import Verbosity
from zoo.cli.train import report


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.pass_obj
def command(verbosity: Verbosity, /, run: Path) -> None:
    """Go on with a run from its last checkpoint, as if it had never stopped.

    \b
      zoo resume runs/001-unet-convdense
    """
    from zoo.training.run import resume

    report(resume(run, quiet=verbosity.quiet), verbosity)
