"""What a run directory says in one line: how far, how good, how large."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from zoo.errors import RunError
from zoo.files import bytes_of
from zoo.runs import Run, open_run


@dataclass(frozen=True)
class RunSummary:
    """One line of ``zoo runs``.

    Attributes:
        path: The run directory.
        state: ``running``, ``finished``, ``interrupted``, ``stopped``, ``failed``, or ``damaged``
            where its status cannot be read. What was killed still says ``running``.
        step: Steps done.
        steps: Steps asked for.
        best_score: Best mean ``ink_f1`` on the fixed validation drawings; None: none yet.
        best_step: Its step.
        bytes: What the directory takes on disk.
    """

    path: Path
    state: str
    step: int
    steps: int
    best_score: float | None
    best_step: int | None
    bytes: int

    def record(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return asdict(self) | {"path": str(self.path)}


def summarise_run(run: Run) -> RunSummary:
    """Read the summary of a run; damaged files make it ``damaged``, not an error."""
    try:
        status = run.status()
        state, step, steps = str(status["state"]), int(status["step"]), int(status["steps"])
    except (OSError, ValueError, KeyError, TypeError):
        state, step, steps = "damaged", 0, 0
    scores = validation_scores(run)
    best_step, best = max(scores, key=lambda s: s[1], default=(None, None))
    return RunSummary(run.path, state, step, steps, best, best_step, bytes_of(run.path))


def validation_scores(run: Run) -> list[tuple[int, float]]:
    """Step and mean ``ink_f1`` of each validation."""
    return [(r["step"], r["ink_f1"]) for r in run.log_records() if "ink_f1" in r]


def find_runs(folder: Path) -> Iterator[Run]:
    """The run directories of a folder, by name, at any depth but not inside of each other."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink() and not path.name.startswith("."):
            if (path / "config.toml").is_file():
                yield open_run(path)
            else:
                yield from find_runs(path)


def remove_run(run: Run) -> None:
    """Remove a run directory. It loses its name first, so that no half of it is taken for a run.

    Raises:
        RunError: It cannot be removed.
    """
    gone = run.path.with_name(f".{run.path.name}.removed")
    try:
        run.path.rename(gone)
        shutil.rmtree(gone)
    except OSError as error:
        raise RunError(f"{run.path}: cannot be removed: {error.strerror or error}") from None
