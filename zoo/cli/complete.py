"""``zoo complete``."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from zoo.complete_files import Completed


def _hole(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> tuple[int, int, int, int] | None:
    if value is None:
        return None
    try:
        x, y, w, h = (int(part) for part in value.split(","))
    except ValueError:
        raise click.BadParameter(f'"{value}" is not x,y,w,h in whole pixels', ctx, param) from None
    if w <= 0 or h <= 0:
        raise click.BadParameter(f'"{value}" has no area: w and h must be above 0', ctx, param)
    return x, y, w, h


@click.command()
@click.argument("image", type=click.Path(path_type=Path))
@click.option(
    "--mask",
    type=click.Path(path_type=Path),
    help="image of the same size, white = hole; for a folder also a folder of them",
)
@click.option(
    "--hole", metavar="X,Y,W,H", callback=_hole, help="rectangle in pixels, in place of a mask"
)
@click.option(
    "--hole-color", metavar="COLOR", help="what is painted so, such as red or #ff0080, is the hole"
)
@click.option(
    "--model",
    metavar="RUN|BUNDLE|NAME",
    help="trained model; default: the installed one that fits the picture",
)
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    help="PNG file, or folder for a folder; default: NAME-completed",
)
@click.option("--samples", type=click.IntRange(1, 1000), default=1, help="completions; default: 1")
@click.option("--seed", type=click.IntRange(0), default=0, help="another seed, another completion")
@click.option(
    "--binarize", is_flag=True, help="draw in two colours, line and paper, nothing between"
)
@click.option("--vector", is_flag=True, help="also write the new strokes as SVG beside each PNG")
@click.option("--json", "as_json", is_flag=True, help="one JSON object for each picture")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    image: Path,
    mask: Path | None,
    hole: tuple[int, int, int, int] | None,
    hole_color: str | None,
    model: str | None,
    out: Path | None,
    samples: int,
    seed: int,
    binarize: bool,
    vector: bool,
    as_json: bool,
) -> None:
    """Redraw a part of a drawing; the rest of the picture stays as it is, pixel by pixel.

    IMAGE is a picture or a folder of pictures. Without --mask, --hole or --hole-color the hole is
    what is transparent.

    \b
      zoo complete sketch.png --mask hole.png
      zoo complete photo.jpg --hole 40,60,100,80 -o done.png --samples 4
      zoo complete marked.png --hole-color red --vector
      zoo complete scans/ --mask masks/ -o done/
      zoo complete sketch.png --mask hole.png --model runs/001-unet-convdense
    """
    from zoo.complete_files import Request, complete_jobs, plan
    from zoo.evaluation.progress import shown

    request = Request(hole, hole_color, samples, seed, binarize, vector)
    jobs = plan(image, mask, out, request)
    done = complete_jobs(jobs, model, request)
    quiet, folder = ctx.obj.quiet, image.is_dir()
    if folder:
        done = shown(done, len(jobs), "completing", quiet=quiet)
    if model is None and not quiet:
        done = _model_said(done)
    errors = []
    for each in done:
        if each.error is not None and not folder:
            raise each.error
        if each.error is not None:
            errors.append(_line(each))
        if as_json:
            click.echo(json.dumps(_record(each)))
        elif not folder and not quiet:
            click.echo("\n".join(str(path) for path in each.outputs))
    for line in errors:
        click.echo(f"Error: {line}", err=True)
    if folder and not quiet:
        click.echo(f"{len(jobs) - len(errors)} of {len(jobs)} pictures completed", err=True)
        if not as_json:
            click.echo(jobs[0].outputs[0].parent)
    if errors:
        ctx.exit(1)


def _model_said(done: Iterable["Completed"]) -> Iterator["Completed"]:
    """Say once of each model that it was chosen."""
    said = {""}
    for each in done:
        if each.model not in said:
            said.add(each.model)
            click.echo(f"model {each.model}", err=True)
        yield each


def _line(each: "Completed") -> str:
    """The error of a picture among others, which must name it."""
    text = " ".join(str(each.error).split())
    return text if str(each.image) in text else f"{each.image}: {text}"


def _record(each: "Completed") -> dict[str, object]:
    record: dict[str, object] = {"path": str(each.image)}
    if each.error is not None:
        return record | {"error": _line(each)}
    outputs = [str(path) for path in each.outputs]
    return record | {"outputs": outputs, "model": each.model, "seconds": round(each.seconds, 3)}
