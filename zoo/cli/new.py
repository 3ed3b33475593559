"""``zoo new``."""

import shlex
from pathlib import Path

import click

from zoo.cli import Verbosity

_TRY = {
    "generator": "zoo train --gen {name}",
    "discriminator": "zoo train --disc {name}",
    "loss": "zoo train --disc none --loss {name}",
    "mask": "zoo masks preview --mask {name}",
    "source": "zoo train --data {name}",
    "metric": "zoo evaluate telea --data doodles --split test --metric {name}",
}


@click.group()
def command() -> None:
    """Start a plugin: a complete package, ready to install, check and change.

    \b
      zoo new generator halo
      zoo new model runs/001-unet-convdense
    """


def _component(kind: str) -> click.Command:
    @click.command(kind, help=f"Start a package with a {kind}: zoo-NAME.")
    @click.argument("name")
    @_out
    @click.pass_obj
    def new(verbosity: Verbosity, /, name: str, out: Path | None) -> None:
        from zoo.scaffold.package import new_package

        path = new_package(kind, name, out)
        _say(verbosity, path, f"zoo check zoo-{name.replace('_', '-')}", _TRY[kind].format(name=name))

    return new
