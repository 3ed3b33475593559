"""``zoo new``."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zoo.cli import Verbosity

if TYPE_CHECKING:
    from zoo.scaffold.package import Package

# What to try the new component with.
_TRY = {
    "generator": "zoo train --gen {}",
    "discriminator": "zoo train --disc {}",
    "loss": "zoo train --disc none --loss {}",
    "mask": "zoo masks preview --mask {}",
    "source": "zoo train --data {}",
    "metric": "zoo evaluate telea --data doodles --split test --metric {}",
}


def _out(command: Callable[..., Any]) -> Callable[..., Any]:
    kind = click.Path(path_type=Path)
    return click.option("--out", "-o", type=kind, help="folder to make; default: zoo-NAME")(command)


@click.group()
def command() -> None:
    """Start a plugin: a complete package to install, check and change.

    \b
      zoo new generator halo
      zoo new model runs/001-unet-convdense
    """


def _new(kind: str) -> click.Command:
    @click.command(kind, help=f"Write a package with a {kind} to change.")
    @click.argument("name")
    @_out
    @click.pass_obj
    def new(verbosity: Verbosity, /, name: str, out: Path | None) -> None:
        from zoo.scaffold.package import new_package

        package = new_package(kind, name, out)
        _say(verbosity, package, f"zoo check {package.names.dist}", _TRY[kind].format(name))

    return new


for _kind in _TRY:
    command.add_command(_new(_kind))


@command.command()
@click.argument("run", metavar="RUN|BUNDLE")
@click.argument("name", required=False)
@_out
@click.pass_obj
def model(verbosity: Verbosity, /, run: str, name: str | None, out: Path | None) -> None:
    """Write a package with a trained model.

    NAME is by default GENERATOR-SIZE. Installed, zoo list models shows it and zoo complete
    --model takes its name.
    """
    from zoo.scaffold.model import new_model

    package = new_model(run, name, out)
    use = f"zoo complete sketch.png --mask hole.png --model {package.names.name}"
    _say(verbosity, package, "zoo list models", use)


def _say(verbosity: Verbosity, package: "Package", *commands: str) -> None:
    click.echo(package.path)
    if not verbosity.quiet:
        click.echo("next:")
        for line in (f"pip install -e {shlex.quote(str(package.path))}", *commands):
            click.echo(f"  {line}")
