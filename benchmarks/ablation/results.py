"""What the rows of a comparison came to: one JSON file a row and seed, and a picture a row."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.ablation.plan import Row
from zoo.evaluation.predictions import Predictions
from zoo.evaluation.protocol import load_protocol
from zoo.evaluation.task import Case, open_task
from zoo.files import write_file

_SHOWN = 6
# Drawings of which less is hidden look alike whoever completes them.
_HIDDEN = 0.2
_GAP = 2
_PAPER, _HOLE = np.array([255, 255, 255]), np.array([255, 222, 184])
_GROUND = (200, 200, 200)
TRUTH = "drawings.png"


@dataclass(frozen=True)
class Result:
    """One row, trained and evaluated with one seed.

    Attributes:
        row: Its name.
        seed: The seed.
        command: What trained it.
        steps: Steps that it was trained.
        best_step: The step whose weights validation liked best: these were evaluated.
        cpu_seconds: User and system time of training, drawing of batches included.
        cpu_steps: The steps in which that time was spent: fewer than ``steps`` if training was
            killed on the way, and then ``cpu_seconds`` leaves out what was lost.
        parameters: Weights of the generator.
        means: Each column's mean over the drawings of the protocol.
        identity: Protocol, holes and version, as the evaluation says.
        evaluation_cpu_seconds: What evaluation took beside it.
        failed: Why training could not go on, or None.
    """

    row: str
    seed: int
    command: str
    steps: int
    best_step: int
    cpu_seconds: float
    cpu_steps: int
    parameters: int
    means: Mapping[str, float]
    identity: Mapping[str, str]
    evaluation_cpu_seconds: float = 0.0
    failed: str | None = None

    @property
    def cpu_minutes(self) -> float | None:
        """What all steps cost; None if nobody knows."""
        if not self.cpu_steps:
            return None
        return self.cpu_seconds * self.steps / self.cpu_steps / 60


def result_file(folder: Path, row: str, seed: int) -> Path:
    """Where a result stands."""
    return folder / f"{row}-{seed}.json"


def write_result(folder: Path, result: Result) -> None:
    """Write a result, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(result), indent=2, ensure_ascii=False) + "\n"
    write_file(result_file(folder, result.row, result.seed), text)


def read_result(folder: Path, row: Row, seed: int) -> Result | None:
    """The result of a row and seed; None if there is none, or one of another command."""
    file = result_file(folder, row.name, seed)
    if not file.is_file():
        return None
    result = Result(**json.loads(file.read_text(encoding="utf-8")))
    return result if result.command == row.command(seed) else None


def shown_cases(protocol: str, data_root: Path) -> list[Case]:
    """The protocol's first drawings of which at least a fifth of the ink is hidden."""
    task = open_task(load_protocol(protocol), root=data_root)
    cases: list[Case] = []
    for case in task.cases():
        if isinstance(case, Case) and case.removed >= _HIDDEN:
            cases.append(case)
        if len(cases) == _SHOWN:
            break
    return cases


def write_strip(file: Path, cases: list[Case], predictions: Path) -> None:
    """Write what a row drew: its completions side by side, holes tinted."""
    read = Predictions(predictions).read
    _write(file, [[_panel(read(case.key, *case.mask.shape), case.mask) for case in cases]])


def write_truth(file: Path, cases: list[Case]) -> None:
    """Write the drawings themselves, and below them what is seen of them."""
    whole = [_panel(case.target, np.zeros_like(case.mask)) for case in cases]
    _write(file, [whole, [_panel(case.masked, case.mask) for case in cases]])


def _panel(ink: np.ndarray, mask: np.ndarray) -> np.ndarray:
    ground = np.where(mask[..., None] > 0, _HOLE, _PAPER)
    return np.rint(ground * (1 - ink[..., None])).astype(np.uint8)


def _write(file: Path, lines: list[list[np.ndarray]]) -> None:
    height, width = lines[0][0].shape[:2]
    size = (len(lines[0]) * (width + _GAP) - _GAP, len(lines) * (height + _GAP) - _GAP)
    picture = Image.new("RGB", size, _GROUND)
    for line, panels in enumerate(lines):
        for column, panel in enumerate(panels):
            place = (column * (width + _GAP), line * (height + _GAP))
            picture.paste(Image.fromarray(panel), place)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}")
    picture.save(partial, format="PNG", optimize=True)
    partial.replace(file)
