"""``zoo complete``."""

from pathlib import Path

import click

from zoo.cli import Verbosity


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
    "--mask", type=click.Path(path_type=Path), help="image of the same size, white = hole"
)
@click.option(
    "--hole", metavar="X,Y,W,H", callback=_hole, help="rectangle in pixels, in place of a mask"
)
@click.option("--model", metavar="RUN|BUNDLE|NAME", help="trained model")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), help="PNG file; default: NAME-completed.png"
)
@click.option("--samples", type=click.IntRange(1, 1000), default=1, help="completions; default: 1")
@click.option("--seed", type=click.IntRange(0), default=0, help="another seed, another completion")
@click.pass_obj
def command(
    verbosity: Verbosity,
    /,
    image: Path,
    mask: Path | None,
    hole: tuple[int, int, int, int] | None,
    model: str | None,
    out: Path | None,
    samples: int,
    seed: int,
) -> None:
    """Redraw a part of a drawing; the rest of the picture stays as it is, pixel by pixel.

    \b
      zoo complete sketch.png --mask hole.png --model runs/001-unet-convdense
      zoo complete photo.jpg --hole 40,60,100,80 --model RUN -o done.png --samples 4
    """
    from zoo.completion import complete
    from zoo.errors import UsageError

    if model is None:
        raise UsageError("no model: name a trained one with --model RUN, or make one: zoo train")
    paths = complete(image, model=model, mask=mask, hole=hole, out=out, samples=samples, seed=seed)
    if not verbosity.quiet:
        for path in paths:
            click.echo(path)
