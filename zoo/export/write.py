"""``zoo export``: write a model for another runtime, and run it there before it counts."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo.bundles import find_bundle, load_generator, read_manifest
from zoo.config import resolve
from zoo.data.examples import Randomness, make_examples, open_source
from zoo.errors import RunError, UsageError
from zoo.export.runtimes import TOLERANCE, Format, what_is_missing, write_and_compare
from zoo.files import bytes_of

if TYPE_CHECKING:
    import keras

# Doodles on which what was written is compared with the original: every installation has them.
_COMPARED = 8


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        path: File or folder.
        format: Its format.
        size: Height and width of the drawings that it takes.
        float16: Its weights are float16.
        bytes: What it takes on disk.
        difference: Largest difference of its ink from the original's, in [0, 1].
    """

    path: Path
    format: Format
    size: int
    float16: bool
    bytes: int
    difference: float

    def record(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return asdict(self) | {"path": str(self.path)}


def export(
    model: str | Path,
    format: Format,  # noqa: A002
    out: Path,
    *,
    size: int | None = None,
    float16: bool = False,
) -> Exported:
    """Write a trained model's graph, compare it with the original on drawings, keep it.

    Args:
        model: A run directory, a model bundle's folder, or the name of an installed model.
        format: ``savedmodel``, ``onnx`` or ``litert``.
        out: File or folder, which must not exist.
        size: Height and width of the drawings; None: the model's own.
        float16: Store weights as float16.

    Returns:
        What was written.

    Raises:
        UsageError: Something stands at ``out``, a package is missing, or the generator does not
            take this size.
        RunError: The model is damaged, has an operation that the format lacks, or gives something
            else there.
    """
    if missing := what_is_missing(format):
        raise UsageError(f"--format {missing}")
    if out.exists():
        raise UsageError(f"{out} exists: choose another --out")
    generator = _load(model, size)
    side = int(generator.inputs[0].shape[1])
    inputs = _drawings(side)
    with _beside(out) as partial:
        try:
            difference = write_and_compare(generator, format, partial, inputs, float16=float16)
        except Exception as error:
            raise RunError(
                f"{model}: it cannot be exported to {format}: {_first_line(error)}"
            ) from error
        if not difference <= TOLERANCE and not float16:
            raise RunError(
                f"{model}: in {format} its ink differs by {difference:.2g}, more than "
                f"{TOLERANCE:g}: nothing was written; try another format"
            )
        taken = bytes_of(partial)
        partial.rename(out)
    return Exported(out, format, side, float16, taken, difference)


def _load(model: str | Path, size: int | None) -> "keras.Model":
    """The trained generator, built for a size."""
    bundle = find_bundle(model)
    manifest = read_manifest(bundle)
    if size in (None, manifest.size):
        return load_generator(bundle, manifest)
    assert size is not None
    try:
        return load_generator(bundle, replace(manifest, size=size))
    except RunError:
        raise UsageError(
            f"{model}: its weights are for {manifest.size}x{manifest.size} and do not fit "
            f"{size}x{size}: leave out --size"
        ) from None


def _drawings(size: int) -> dict[str, np.ndarray]:
    """Validation drawings of the default source and their holes."""
    config = resolve({"size": size})
    examples = make_examples(config, open_source(config), "validation", Randomness())
    fixed = examples.first(_COMPARED)
    return {"image": fixed["target"], "mask": fixed["mask"]}


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A path in a folder beside ``out``, which is removed with what is left in it."""
    try:
        folder = Path(mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        raise RunError(f"{out}: cannot be written: {error.strerror}") from None
    try:
        yield folder / out.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0][:300]}" if lines else type(error).__name__
