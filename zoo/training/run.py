"""``zoo.train`` and ``zoo.resume``: from a configuration to a trained run directory."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.bundles import find_bundle, generator_part, read_manifest
from zoo.config import RunConfig, resolve
from zoo.contracts.generator import check_size
from zoo.contracts.source import Source
from zoo.data.examples import Randomness, make_examples, open_source
from zoo.data.splits import splits
from zoo.quiet import import_tensorflow
from zoo.runs import create_run, open_run
from zoo.training.log import check_log
from zoo.training.position import Position

if TYPE_CHECKING:
    from zoo.training.loop import TrainResult


def train(
    *,
    preset: str | None = None,
    config: str | Path | None = None,
    edits: Iterable[str] = (),
    out: str | Path | None = None,
    quiet: bool = True,
    verbose: bool = False,
    **flags: Any,
) -> "TrainResult":
    """Train a generator and leave a run directory.

        zoo.train(gen="unet", disc="convdense", data="doodles:count=2000", steps=500, out="mine")

    Args:
        preset: Name of an installed preset to start from.
        config: TOML file in the form of a run's ``config.toml``.
        edits: ``key=value`` changes, applied last.
        out: The run directory; must not exist. Default: ``runs/NNN-generator-discriminator``.
        quiet: Show nothing.
        verbose: Show the resolved configuration too.
        flags: ``gen``, ``disc``, ``data``, ``loss``, ``mask`` and every field of
            ``zoo.settings.Settings``.

    Returns:
        How it ended, and where.

    Raises:
        UsageError: The configuration is not valid; nothing was written.
        DataError: There are no drawings.
        ZooError: Training failed; the run directory says how far it came.
    """
    file = Path(config) if config is not None else None
    resolved, source = prepare(flags, preset=preset, file=file, edits=edits)
    import_tensorflow()
    from zoo.training.loop import run_loop
    from zoo.training.setup import make_trainer

    made = make_trainer(resolved, source)
    if verbose:
        print(made.config.to_toml(), file=sys.stderr)
    if not quiet:
        print(drawings(source), file=sys.stderr)
    run = create_run(Path(out) if out is not None else None, made.config)
    if not quiet:
        print(f"run directory {run.path}", file=sys.stderr)
    return run_loop(made, run, Position(), quiet=quiet)


def resume(path: str | Path, *, quiet: bool = True) -> "TrainResult":
    """Go on with a run from its last whole checkpoint, as if it had never stopped.

    A finished run is left as it is.

    Raises:
        UsageError: It is not a run directory, or a plugin is missing.
        RunError: It has checkpoints, but none of them is whole.
    """
    run = open_run(Path(path))
    config = run.config()
    check_log(config.settings)
    for line in run.plugin_changes():
        _warn(f"{line}: the result may differ")
    source = open_source(config)
    import_tensorflow()
    from zoo.training.checkpoints import drop_after, restore_checkpoint
    from zoo.training.loop import run_loop
    from zoo.training.setup import make_trainer

    trainer = make_trainer(config, source)
    position = restore_checkpoint(run, trainer.state, _warn)
    drop_after(run, position.step)
    run.rewind_log(position.step)
    if not quiet:
        said = f"{run.path}: step {position.step} of {config.settings.steps}"
        print(said, file=sys.stderr, flush=True)
    return run_loop(trainer, run, position, quiet=quiet)


def _warn(line: str) -> None:
    print(f"zoo: {line}", file=sys.stderr)


def prepare(
    flags: dict[str, Any],
    *,
    preset: str | None = None,
    file: Path | None = None,
    edits: Iterable[str] = (),
) -> tuple[RunConfig, Source]:
    """Resolve a configuration and open its source.

    Where neither preset, file nor flags name a generator, it is that of ``init``; epochs become
    steps.
    """
    start = {}
    if flags.get("init"):
        part = generator_part(read_manifest(find_bundle(flags["init"])))
        start = {"gen": {"name": part.id, **part.table()}}
    config = resolve(flags, preset=preset, file=file, edits=edits, start=start)
    if config.settings.init:
        # The run must find it from any folder.
        bundle = find_bundle(config.settings.init).resolve()
        config = config.with_settings(init=str(bundle))
    settings = config.settings
    check_log(settings)
    check_size(config.gen.name, config.gen.options, settings.size, settings.size)
    source = open_source(config)
    if config.settings.epochs:
        examples = make_examples(config, source, "train", Randomness())
        steps = config.settings.epochs * examples.steps_per_epoch()
        config = config.with_settings(steps=steps, epochs=None)
    return config, source


def drawings(source: Source) -> str:
    """How many drawings there are, what was skipped, and whether some can be held out."""
    line = f"{len(source)} drawings"
    skipped = list(source.skipped)
    if skipped:
        shown = "; ".join(skipped[:3]) + ("; …" if len(skipped) > 3 else "")
        line += f", {len(skipped)} skipped: {shown}"
    if len(source) < 100 and not {"train", "validation"} <= {*splits(source)}:
        line += ". Too few to hold some out: validation shows what was trained on"
    return line
