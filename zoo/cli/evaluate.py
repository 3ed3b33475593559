"""``zoo evaluate``."""

from pathlib import Path
from typing import Any

import click

from zoo.cli import Verbosity


@click.command()
@click.argument("model", required=False)
@click.option("--protocol", metavar="NAME|FILE", help="default: the released one of the size")
@click.option(
    "--data-root", type=click.Path(path_type=Path), help="where protocols' drawings are: ZOO_DATA"
)
@click.option(
    "--data",
    metavar="NAME[:…]",
    help="drawings; with --protocol: where its own are; without: measure on these",
)
@click.option(
    "--split", type=click.Choice(["train", "validation", "test", "all"]), help="which drawings"
)
@click.option("--count", type=click.IntRange(1), help="the first so many by sha1 of the key")
@click.option("--size", type=click.IntRange(16, 2048), help="height and width in pixels")
@click.option("--pen", type=click.FloatRange(0, 64, min_open=True), help="pen width in pixels")
@click.option("--margin", type=click.FloatRange(0, 256), help="margin in pixels")
@click.option("--mask", metavar="NAME[:…]", multiple=True, help="kind of hole, repeatable")
@click.option("--ink-min", type=click.FloatRange(0, 1), help="smallest share of ink removed")
@click.option("--ink-max", type=click.FloatRange(0, 1), help="largest share of ink removed")
@click.option("--area-max", type=click.FloatRange(0, 1), help="largest share of the area hidden")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), help="other holes and noise")
@click.option(
    "--metric", metavar="NAME[:…]", multiple=True, help="one more metric, such as diversity"
)
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), help="default: results/PROTOCOL/MODEL"
)
@click.option("--raw", is_flag=True, help="without the model's decoding, but for the threshold")
@click.option("--save-predictions", is_flag=True, help="write the completed drawings, too")
@click.option("--batch-size", "-b", type=click.IntRange(1, 4096), default=16, help="default: 16")
@click.option(
    "--export-task",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="evaluate nothing: write masked drawings and holes for an outside system",
)
@click.option("--json", "as_json", is_flag=True, help="print the summary as JSON")
@click.pass_obj
def command(
    verbosity: Verbosity,
    /,
    model: str | None,
    metric: tuple[str, ...],
    out: Path | None,
    raw: bool,
    save_predictions: bool,
    batch_size: int,
    export_task: Path | None,
    as_json: bool,
    **flags: Any,
) -> None:
    """Score a model on drawings with fixed holes, the same for every model.

    MODEL is a run, a model bundle, an installed model, a floor (blank, full, telea, navier_stokes,
    nearest) or a folder of predictions, <key>.png.

    \b
      zoo evaluate runs/001-unet-convdense --protocol P64 --data-root data
      zoo evaluate telea --data quickdraw:path=cat.ndjson --split all --mask box
      zoo evaluate RUN --metric diversity --save-predictions -o results/mine
      zoo evaluate --export-task task --protocol P128 --data-root data
      zoo evaluate returned/ --protocol P128 --data-root data

    A protocol fixes everything. Flags that change it make a custom one, which is not compared
    with the released one: --split, --count, --size, --pen, --margin, --mask, --ink-min, --ink-max,
    --area-max, --seed, and --data without --protocol.
    """
    from zoo.errors import UsageError

    given: dict[str, Any] = {
        k: list(v) if isinstance(v, tuple) else v for k, v in flags.items() if v not in (None, ())
    }
    if export_task is not None:
        from zoo.evaluation import export

        if model is not None:
            raise UsageError("--export-task evaluates nothing: leave out MODEL")
        folder = export.export_task(export_task, quiet=verbosity.quiet, **given)
        click.echo(f"{folder}: what to do is in {folder / 'README.md'}")
        return
    if model is None:
        raise UsageError("what is to be evaluated? name a run, a model, a floor or a folder")
    from zoo.evaluation.evaluate import evaluate

    results = evaluate(
        model,
        metrics=metric,
        out=out,
        raw=raw,
        save_predictions=save_predictions,
        batch_size=batch_size,
        quiet=verbosity.quiet or as_json,
        **given,
    )
    if as_json:
        import json

        click.echo(json.dumps(results.summary, indent=2))
        return
    from zoo.cli.scores import describe

    click.echo("\n".join(describe(results)))
