"""Run directories: what a training leaves behind.

config.toml      the resolved configuration
plugins.txt      ids and versions of the plugins in use
metrics.jsonl    one line per log interval
tensorboard/     the same for TensorBoard, if asked for
samples/         pictures of fixed drawings as training goes on
checkpoints/     the last three, for resuming
best/            model bundle of the best validation score
curves.png       losses and validation score over steps
status           state, step and steps as JSON
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zoo import __version__, registry
from zoo.config import RunConfig, resolve
from zoo.discovery import HOST
from zoo.errors import RunError, UsageError
from zoo.files import settle, write_file


@dataclass(frozen=True)
class Run:
    """A run directory."""

    path: Path

    @property
    def checkpoints(self) -> Path:
        """Folder of the checkpoints."""
        return self.path / "checkpoints"

    @property
    def samples(self) -> Path:
        """Folder of the sample pictures."""
        return self.path / "samples"

    def sample(self, step: int) -> Path:
        """The sample picture of a step."""
        return self.samples / f"step-{step:06d}.png"

    @property
    def best(self) -> Path:
        """Model bundle of the best validation score."""
        return self.path / "best"

    @property
    def metrics(self) -> Path:
        """The log."""
        return self.path / "metrics.jsonl"

    def write_status(self, state: str, step: int, steps: int) -> None:
        """Say how far the run is: running, finished, interrupted, stopped or failed."""
        status = {"state": state, "step": step, "steps": steps}
        write_file(self.path / "status", json.dumps(status) + "\n")

    def status(self) -> dict[str, Any]:
        """What ``write_status`` wrote last."""
        result: dict[str, Any] = json.loads((self.path / "status").read_text())
        return result

    def log(self, record: Mapping[str, Any]) -> None:
        """Append a line to the log."""
        with self.metrics.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(record) + "\n")

    def log_records(self) -> list[dict[str, Any]]:
        """The lines of the log; one that was cut short is left out."""
        records = []
        lines = self.metrics.read_text().splitlines() if self.metrics.exists() else []
        for line in lines:
            try:
                records.append(json.loads(line))
            except json.JSONDecodeError:
                continue
        return records

    def rewind_log(self, step: int) -> None:
        """Drop the lines after ``step``, which will be written again."""
        kept = [json.dumps(r) + "\n" for r in self.log_records() if r["step"] <= step]
        write_file(self.metrics, "".join(kept))

    def config(self) -> RunConfig:
        """The resolved configuration.

        Raises:
            UsageError: A component is not installed any more.
        """
        return resolve(file=self.path / "config.toml")

    def plugin_changes(self) -> list[str]:
        """One line for each plugin whose version differs from the one the run was made with."""
        lines = (self.path / "plugins.txt").read_text().splitlines()
        recorded = dict(line.split() for line in lines)
        now = plugin_versions(self.config())
        return [
            f"plugin {dist}: the run was made with {old}, installed is {now.get(dist, 'none')}"
            for dist, old in recorded.items()
            if now.get(dist) != old
        ]


def plugin_versions(config: RunConfig) -> dict[str, str]:
    """Distribution -> version of everything that the run uses."""
    ids = {part.id for part in config.parts()}
    used = [c.plugin for c in registry.list_components() if c.id in ids]
    return {HOST: __version__} | {plugin.dist: plugin.version for plugin in used}


def create_run(path: Path | None, config: RunConfig) -> Run:
    """Make a new run directory.

    Args:
        path: Where; ``runs/NNN-generator-discriminator`` if None.
        config: The resolved configuration.

    Raises:
        UsageError: Something stands there already.
        RunError: The directory cannot be made.
    """
    run = Run(path or _next_path(config))
    try:
        run.path.mkdir(parents=True)
        for folder in (run.checkpoints, run.samples):
            folder.mkdir()
        versions = plugin_versions(config)
        write_file(run.path / "plugins.txt", "".join(f"{d} {v}\n" for d, v in versions.items()))
        write_file(run.path / "config.toml", config.to_toml())
        run.write_status("running", 0, config.settings.steps)
    except FileExistsError:
        raise UsageError(
            f"{run.path} exists: choose another --out, or continue it: zoo resume {run.path}"
        ) from None
    except OSError as error:
        raise RunError(f"{run.path}: cannot make the run directory: {error.strerror}") from None
    return run


def open_run(path: Path) -> Run:
    """Open an existing run directory.

    Raises:
        UsageError: It is not one.
    """
    if not (path / "config.toml").is_file():
        raise UsageError(f"{path} is not a run directory: it has no config.toml")
    run = Run(path)
    settle(run.best)
    return run


def _next_path(config: RunConfig) -> Path:
    runs = Path("runs")
    names = [p.name for p in runs.iterdir()] if runs.is_dir() else []
    numbers = [int(m[0]) for name in names if (m := re.match(r"\d+", name))]
    disc = config.disc.name if config.disc else "none"
    return runs / f"{max(numbers, default=0) + 1:03d}-{config.gen.name}-{disc}"
