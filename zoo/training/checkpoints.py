"""Checkpoints: written whole or not at all, checked when read, the last three kept."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import tensorflow as tf

from zoo.errors import RunError
from zoo.files import digest, write_file, write_folder
from zoo.runs import Run
from zoo.training.position import Position
from zoo.training.state import TrainState

KEPT = 3


def save_checkpoint(run: Run, state: TrainState, position: Position) -> None:
    """Write a checkpoint and drop all but the last three.

    Raises:
        OSError: It cannot be written; the ones before it still stand.
    """
    path = run.checkpoints / f"step-{position.step:08d}"
    with write_folder(path) as folder:
        try:
            state.checkpoint().write(str(folder / "state"))
        except tf.errors.OpError as error:
            raise OSError(str(error.message).splitlines()[0]) from error
        record = {
            "step": position.step,
            "best": position.best,
            "files": {file.name: digest(file) for file in sorted(folder.iterdir())},
        }
        write_file(folder / "checkpoint.json", json.dumps(record, indent=2) + "\n")
    for old in _all(run)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def restore_checkpoint(run: Run, state: TrainState, warn: Callable[[str], None]) -> Position:
    """Restore the newest checkpoint that is whole.

    Args:
        run: The run.
        state: Overwritten.
        warn: Called with one line for each damaged checkpoint that is passed over.

    Returns:
        Where the run stands; step 0 if it has no checkpoint.

    Raises:
        RunError: It has checkpoints, but none of them is whole.
    """
    paths = _all(run)
    for path in reversed(paths):
        problem = _damage(path)
        if problem:
            warn(f"checkpoint {path} is damaged ({problem}): using the one before it")
            continue
        record = json.loads((path / "checkpoint.json").read_text())
        state.checkpoint().read(str(path / "state")).assert_consumed()
        return Position(record["step"], record["best"])
    if paths:
        raise RunError(f"{run.checkpoints}: no checkpoint is whole: start again: zoo train")
    return Position()


def drop_after(run: Run, step: int) -> None:
    """Remove checkpoints beyond ``step``: damaged ones that were passed over."""
    for path in _all(run):
        if int(path.name.removeprefix("step-")) > step:
            shutil.rmtree(path, ignore_errors=True)


def _all(run: Run) -> list[Path]:
    return sorted(run.checkpoints.glob("step-*"))


def _damage(path: Path) -> str:
    try:
        files = json.loads((path / "checkpoint.json").read_text())["files"]
        for name, expected in files.items():
            if digest(path / name) != expected:
                return f"{name} is cut short or changed"
    except FileNotFoundError as error:
        return f"{Path(error.filename).name} is missing"
    except (OSError, ValueError, KeyError) as error:
        return f"checkpoint.json cannot be read: {error}"
    return ""
