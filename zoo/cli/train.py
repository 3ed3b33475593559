"""``zoo train``: every setting is a flag, made from ``zoo.settings.Settings``."""

import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import annotated_types
import click
from pydantic.fields import FieldInfo

from zoo.cli import Verbosity
from zoo.settings import Settings

_SHORT = {"batch_size": "-b", "out": "-o"}


def _settings(command: Callable[..., Any]) -> Callable[..., Any]:
    for name, field in reversed(Settings.model_fields.items()):
        command = _option(name, field)(command)
    return command


def _option(name: str, field: FieldInfo) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    kind = _without_none(field.annotation)
    flag = f"--{name.replace('_', '-')}"
    text = field.description or ""
    if field.default is not None and kind is not bool:
        text += f"; default: {field.default}"
    if kind is bool:
        return click.option(f"{flag}/--no-{flag[2:]}", name, default=None, help=text)
    return click.option(flag, name, type=_type(kind, field), default=None, help=text)


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        (annotation,) = [a for a in get_args(annotation) if a is not types.NoneType]
    return annotation


def _type(kind: Any, field: FieldInfo) -> "click.ParamType[Any]":
    if get_origin(kind) is Literal:
        return click.Choice(get_args(kind))
    if kind is str:
        return click.STRING
    bounds: dict[str, Any] = {}
    for bound in field.metadata:
        match bound:
            case annotated_types.Ge(ge=value):
                bounds |= {"min": value}
            case annotated_types.Gt(gt=value):
                bounds |= {"min": value, "min_open": True}
            case annotated_types.Le(le=value):
                bounds |= {"max": value}
            case annotated_types.Lt(lt=value):
                bounds |= {"max": value, "max_open": True}
    return click.IntRange(**bounds) if kind is int else click.FloatRange(**bounds)


@click.command()
@click.option("--gen", metavar="NAME[:key=value,…]", help="generator; default: unet")
@click.option("--disc", metavar="NAME[:…]", help="discriminator, or none; default: convdense")
@click.option(
    "--loss",
    metavar="NAME[:…]",
    multiple=True,
    help="loss term, repeatable; any given one replaces the configured list; "
    "default: ink_bce, and bce:weight=0.01,start=1000,ramp=1000",
)
@click.option(
    "--mask",
    metavar="NAME[:…]",
    multiple=True,
    help="kind of hole, repeatable; default: box and strokes",
)
@click.option("--data", metavar="NAME[:…]", help="drawings; default: doodles, the built-in source")
@click.option("--preset", metavar="NAME", help="start from an installed preset")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="start from a TOML file, such as the config.toml of a run",
)
@click.option("--set", "edits", metavar="KEY=VALUE", multiple=True, help="change one value")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), help="run directory; default: runs/NNN-GEN-DISC"
)
@click.option("--dry-run", is_flag=True, help="show configuration, sizes and memory; train nothing")
@_settings
@click.pass_obj
def command(
    verbosity: Verbosity,
    /,
    preset: str | None,
    config: Path | None,
    edits: tuple[str, ...],
    out: Path | None,
    dry_run: bool,
    **flags: Any,
) -> None:
    """Train a generator to complete drawings.

    \b
      zoo train                                    unet and convdense on built-in doodles
      zoo train --gen unet:depth=3 --steps 2000
      zoo train --data quickdraw:path=cat.ndjson.gz --size 128 --max-minutes 60
      zoo train --loss bce:weight=0.01 --loss ink_bce --mask box:weight=2 --mask strokes
      zoo train --preset completion-gan --data folder:path=drawings --batch-size 8

    Ctrl-C writes a checkpoint; go on with: zoo resume RUN
    """
    given = {
        k: list(v) if isinstance(v, tuple) else v for k, v in flags.items() if v not in (None, ())
    }
    if dry_run:
        from zoo.training.plan import plan

        click.echo(plan(given, preset=preset, file=config, edits=edits))
        return
    from zoo.training.run import train

    result = train(
        preset=preset,
        config=config,
        edits=edits,
        out=out,
        quiet=verbosity.quiet,
        verbose=verbosity.verbose > 0,
        **given,
    )
    report(result, verbosity)


def report(result: Any, verbosity: Verbosity) -> None:
    """Say how a training ended and what to do next; exit with 128 + signal if one ended it."""
    run = result.run.path
    if not verbosity.quiet:
        click.echo(f"{result.state} at step {result.step}: {run}")
        if result.best is not None:
            click.echo(f"best ink_f1 on validation drawings: {result.best:.3f}")
        click.echo(f"pictures: {run / 'samples'}, curves: {run / 'curves.png'}")
        if result.state != "finished":
            click.echo(f"go on: zoo resume {run}")
        click.echo(f"use it: zoo complete sketch.png --mask hole.png --model {run}")
    if result.signal is not None:
        sys.exit(128 + result.signal)
