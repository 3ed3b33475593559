"""The loop around the step: batches in, log, validation, samples and checkpoints out."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from zoo.bundles import write_bundle
from zoo.config import RunConfig
from zoo.data.batches import batches
from zoo.data.examples import Batch, Examples
from zoo.decoding import Decoding
from zoo.errors import NonFiniteLossError, RunError
from zoo.inference import Predict
from zoo.runs import Run
from zoo.training.card import run_card
from zoo.training.checkpoints import save_checkpoint
from zoo.training.curves import write_curves
from zoo.training.log import Log, open_log
from zoo.training.objective import WeightedTerm, weights_at
from zoo.training.position import Position
from zoo.training.progress import Report, progress
from zoo.training.schedule import lr_factor
from zoo.training.signals import caught_signals
from zoo.training.state import TrainState, ema_decay
from zoo.training.step import Step
from zoo.training.threshold import choose_threshold
from zoo.training.validation import SHOWN, complete_fixed, mean_hole_bce, write_samples

LOG_EVERY = 10


@dataclass(frozen=True)
class Trainer:
    """What the loop works with.

    Attributes:
        config: The resolved configuration.
        state: Models and optimizers; changes as training goes on.
        terms: The loss terms.
        step: The compiled step, which updates ``state``.
        train: Training examples by batch.
        validation: Fixed drawings for score and samples.
        predict: Inference with the averaged generator.
    """

    config: RunConfig
    state: TrainState
    terms: tuple[WeightedTerm, ...]
    step: Step
    train: Examples
    validation: Batch
    predict: Predict


@dataclass(frozen=True)
class TrainResult:
    """How a training ended.

    Attributes:
        run: Its run directory.
        state: finished, stopped (by max_minutes) or interrupted.
        step: Steps done.
        best: Best validation score (``ink_f1``), or None.
        signal: The signal that interrupted it, or None.
    """

    run: Run
    state: str
    step: int
    best: float | None
    signal: int | None = None


@dataclass
class _Interval:
    """Values since the last line of the log, still on the device."""

    first: int
    values: list[Mapping[str, Any]] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def record(self, step: int, config: RunConfig) -> dict[str, Any]:
        """Average them; the first that is not finite stops the run."""
        sums: dict[str, list[float]] = {}
        for offset, values in enumerate(self.values):
            for label, tensor in values.items():
                value = float(tensor)
                if not math.isfinite(value):
                    raise NonFiniteLossError(
                        f"loss term {label} became {value} at step {self.first + offset + 1}: "
                        "lower --lr or --d-lr, set --clip, or check the loss"
                    )
                sums.setdefault(label, []).append(value)
        seconds = time.monotonic() - self.started
        images = len(self.values) * config.settings.batch_size * config.settings.n_critic
        return {
            "step": step,
            "lr": config.settings.lr * lr_factor(config.settings, step - 1),
            "images_per_s": round(images / seconds, 2),
            **{label: sum(v) / len(v) for label, v in sums.items()},
        }


def run_loop(trainer: Trainer, run: Run, start: Position, *, quiet: bool) -> TrainResult:
    """Train from ``start`` to the last step.

    Raises:
        NonFiniteLossError: A term became NaN or infinite.
        RunError: Something cannot be written.
    """
    steps = trainer.config.settings.steps
    run.write_status("running", start.step, steps)
    try:
        with (
            caught_signals() as caught,
            progress(start.step, steps, trainer.config.settings.max_minutes, quiet=quiet) as report,
            open_log(run, trainer.config.settings) as log,
        ):
            position, state = _train(trainer, log, start, caught, report)
            number = caught()
        write_curves(run.path / "curves.png", run.log_records())
    except OSError as error:
        _write_failed(run)
        where = error.filename or run.path
        raise RunError(
            f"{where}: cannot write: {error.strerror or error}. "
            f"Make room, then: zoo resume {run.path}"
        ) from error
    except BaseException:
        _write_failed(run)
        raise
    run.write_status(state, position.step, steps)
    return TrainResult(run, state, position.step, position.best, number)


def _write_failed(run: Run) -> None:
    """Say that the run failed after its last checkpoint."""
    status = run.status()
    # A full disk is being reported already.
    with suppress(OSError):
        run.write_status("failed", status["step"], status["steps"])


def _train(
    trainer: Trainer, log: Log, start: Position, caught: Callable[[], int | None], report: Report
) -> tuple[Position, str]:
    settings = trainer.config.settings
    position = start
    begun = time.monotonic()
    with batches(trainer.train, start.step * settings.n_critic) as stream:
        interval = _Interval(start.step)
        for step in range(start.step, settings.steps):
            *ahead, batch = islice(stream, settings.n_critic)
            interval.values.append(_one_step(trainer, step, batch, ahead))
            done = step + 1
            late = _minutes_since(begun) >= (settings.max_minutes or math.inf)
            last = done == settings.steps or late or caught() is not None
            due = done % settings.checkpoint_every == 0 or last
            if done % LOG_EVERY == 0 or due:
                record = interval.record(done, trainer.config)
                log.record(record)
                report(done, record)
                interval = _Interval(done)
            if due:
                position = _checkpoint(trainer, log, Position(done, position.best))
                interval = _Interval(done)
            if last:
                break
    if position.step == settings.steps:
        return position, "finished"
    return position, "interrupted" if caught() else "stopped"


def _one_step(
    trainer: Trainer, step: int, batch: Batch, ahead: Sequence[Batch]
) -> Mapping[str, Any]:
    settings, state = trainer.config.settings, trainer.state
    factor = lr_factor(settings, step)
    if settings.warmup or settings.lr_schedule != "constant":
        state.g_optimizer.learning_rate = settings.lr * factor
        if state.d_optimizer is not None:
            state.d_optimizer.learning_rate = settings.d_lr * factor
    return trainer.step(
        batch,
        weights_at(trainer.terms, step),
        step / settings.steps,
        ema_decay(settings.ema, step),
        ahead,
    )


def _checkpoint(trainer: Trainer, log: Log, position: Position) -> Position:
    """Validate, show, save; return the position with the best score so far."""
    config, fixed, run = trainer.config, trainer.validation, log.run
    ink = complete_fixed(trainer.predict, fixed, config.settings.batch_size)
    bce = mean_hole_bce(ink, fixed["target"], fixed["mask"])
    threshold, score = choose_threshold(ink, fixed["target"], fixed["mask"])
    log.record({"step": position.step, "hole_bce": bce, "ink_f1": score, "threshold": threshold})
    shown = {key: array[:SHOWN] for key, array in fixed.items()}
    write_samples(run.sample(position.step), shown, ink[:SHOWN])
    log.samples(position.step)
    if position.best is None or score > position.best:
        position = Position(position.step, score)
        write_bundle(
            run.best,
            trainer.state.average,
            config.gen,
            config.settings.size,
            position.step,
            run_card(config, position.step, bce, score, threshold),
            Decoding(threshold),
        )
    save_checkpoint(run, trainer.state, position)
    run.write_status("running", position.step, config.settings.steps)
    return position


def _minutes_since(begun: float) -> float:
    return (time.monotonic() - begun) / 60
