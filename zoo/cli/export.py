"""``zoo export``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zoo.cli import Verbosity

if TYPE_CHECKING:
    from zoo.export.runtimes import Format

FORMATS = ("savedmodel", "onnx", "litert")


@click.command()
@click.argument("model", metavar="MODEL|RUN")
@click.option("--format", "format_", type=click.Choice(FORMATS), required=True, help="which one")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), required=True, help="file or folder to write"
)
@click.option("--size", type=click.IntRange(16, 2048), help="of drawings; default: the model's own")
@click.option("--float16", is_flag=True, help="store weights in half of the bytes")
@click.option("--json", "as_json", is_flag=True, help="print what was written as JSON")
@click.pass_obj
def command(
    verbosity: Verbosity,
    /,
    model: str,
    format_: "Format",
    out: Path,
    size: int | None,
    float16: bool,
    as_json: bool,
) -> None:
    """Write a trained model for another runtime: TensorFlow, ONNX Runtime or LiteRT.

    The graph takes `image`, `mask` and, if the model has it, `noise`, in batches of any size, and
    gives `completed`, the finished drawing in [0, 1], ink = 1. What was written is run there on 8
    drawings, and kept only if it agrees with the model.

    \b
      zoo export best-128 --format onnx -o sketch.onnx
      zoo export runs/001-unet-convdense --format litert --float16 -o sketch.tflite
    """
    from zoo.export.write import export

    written = export(model, format_, out, size=size, float16=float16)
    if as_json:
        import json

        click.echo(json.dumps(written.record(), indent=2))
        return
    kind = "float16" if written.float16 else "float32"
    click.echo(
        f"{written.path}: {written.format}, {kind}, {written.size}x{written.size}, "
        f"{written.bytes / 1e6:.1f} MB; largest difference on 8 drawings {written.difference:.1e}"
    )
