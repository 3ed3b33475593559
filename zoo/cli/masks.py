"""``zoo masks``."""

from pathlib import Path
from typing import Any

import click

from zoo.cli import Verbosity


@click.group()
def command() -> None:
    """Look at what masks hide."""


@command.command()
@click.option("--data", metavar="NAME[:…]", default="doodles", help="drawings; default: doodles")
@click.option(
    "--mask",
    metavar="NAME[:…]",
    multiple=True,
    help="kind of hole, repeatable; default: every one that needs no options",
)
@click.option("--size", type=click.IntRange(16, 2048), default=128, help="pixels; default: 128")
@click.option("--count", type=click.IntRange(1, 50), default=8, help="drawings; default: 8")
@click.option("--seed", type=click.IntRange(0), default=0, help="other drawings, other holes")
@click.option("--ink-min", type=float, help="smallest share of ink that is removed")
@click.option("--ink-max", type=float, help="largest share of ink that is removed")
@click.option("--area-max", type=float, help="largest share of the area that is hidden")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), default="masks.png", help="default: masks.png"
)
@click.pass_obj
def preview(
    verbosity: Verbosity,
    /,
    data: str,
    mask: tuple[str, ...],
    size: int,
    count: int,
    seed: int,
    out: Path,
    **bounds: Any,
) -> None:
    """Write a contact sheet: a row of drawings for each mask, the hole tinted.

    Under each drawing stands the share of its ink that the hole removes.

    \b
      zoo masks preview
      zoo masks preview --mask box:side_max=0.5 --mask gap --size 256 -o holes.png
      zoo masks preview --data quickdraw:path=cat.ndjson.gz --ink-min 0.4
    """
    from zoo.data.contact_sheet import write_contact_sheet

    given = {name: value for name, value in bounds.items() if value is not None}
    write_contact_sheet(out, data=data, masks=mask, size=size, count=count, seed=seed, **given)
    if not verbosity.quiet:
        click.echo(out)
