"""``zoo.evaluate``: complete the drawings of a protocol and score them."""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from zoo.contracts.completer import Completer
from zoo.errors import DataError, PluginError, UsageError
from zoo.evaluation.contestants import Contestant, find_contestant
from zoo.evaluation.judges import Judge, make_judges, score
from zoo.evaluation.predictions import file_name, write_ink, write_threshold
from zoo.evaluation.progress import shown
from zoo.evaluation.protocol import (
    Protocol,
    change,
    load_protocol,
    protocol_names,
    protocol_of_size,
)
from zoo.evaluation.results import PREDICTIONS, Results, check_place, read_results, write_results
from zoo.evaluation.summary import Measured, row_of, summarise
from zoo.evaluation.task import Case, Task, TrainingDrawings, noise_seed, open_task
from zoo.files import write_folder

_DEFAULT_SIZE = 128
# What may differ from a protocol.
CHANGES = (
    "split",
    "size",
    "count",
    "mask",
    "pen",
    "margin",
    "seed",
    "ink_min",
    "ink_max",
    "area_max",
)


def evaluate(
    model: str | Path,
    *,
    protocol: str | Path | None = None,
    data: str | None = None,
    data_root: str | Path | None = None,
    metrics: Iterable[str] = (),
    out: str | Path | None = None,
    raw: bool = False,
    save_predictions: bool = False,
    batch_size: int = 16,
    quiet: bool = True,
    **changes: Any,
) -> Results:
    """Complete the drawings of a protocol and score them.

        zoo.evaluate("telea", protocol="P128", data_root="data").summary["means"]["ink_f1"]

    Args:
        model: A run directory, a model bundle's folder, the name of an installed model or of a
            floor, or a folder of predictions (``<key>.png``).
        protocol: A released protocol or a TOML file of one's own; default: the released one of
            the model's size, P128 where there is no size.
        data: Drawings as ``NAME:key=value,…``. With ``protocol``: where the protocol's own
            drawings are. Without: measure on these; the results are of a custom protocol.
        data_root: Folder below which a protocol's paths lie; default: ``ZOO_DATA``.
        metrics: More metrics, such as ``diversity``; the protocol stays the same.
        out: Results folder; default: ``results/PROTOCOL/MODEL``. Earlier results of the same
            thing are replaced.
        raw: Leave out the model's decoding, but for its threshold.
        save_predictions: Write the completed drawings, too.
        batch_size: Drawings completed at once. Holes, drawings and seeds do not depend on it.
        quiet: Show nothing.
        changes: Other values than the protocol's, which make it a custom one: ``split``,
            ``size``, ``count``, ``mask`` (a list of expressions), ``pen``, ``margin``, ``seed``,
            ``ink_min``, ``ink_max``, ``area_max``.

    Returns:
        The results, as they stand in the folder.

    Raises:
        UsageError: The arguments do not fit each other, or the folder is taken.
        DataError: Drawings or predictions are missing or damaged.
    """
    contestant = find_contestant(str(model), raw=raw)
    return evaluate_under(
        choose_protocol(protocol, data, changes, contestant.size),
        contestant,
        data=data if protocol else None,
        data_root=Path(data_root) if data_root else None,
        metrics=metrics,
        out=Path(out) if out is not None else None,
        save_predictions=save_predictions,
        batch_size=batch_size,
        quiet=quiet,
    )


def evaluate_under(
    protocol: Protocol,
    contestant: Contestant,
    *,
    data: str | None = None,
    data_root: Path | None = None,
    metrics: Iterable[str] = (),
    out: Path | None = None,
    save_predictions: bool = False,
    batch_size: int = 16,
    quiet: bool = True,
) -> Results:
    """``evaluate`` with what its names mean. ``data`` is where the protocol's own drawings are."""
    _check_size(contestant, protocol)
    judges = make_judges(protocol, metrics)
    _check_draws(contestant, judges)
    task = open_task(protocol, data, data_root)
    place = out or default_place(task.protocol, contestant)
    check_place(place, {"id": contestant.id, "protocol_hash": task.protocol.hash})
    completer = contestant.open(TrainingDrawings(task))
    try:
        with write_folder(place) as folder:
            save = folder / PREDICTIONS if save_predictions else None
            measured = _measure(task, contestant, completer, judges, batch_size, save, quiet)
            write_results(
                folder, summarise(task.protocol, contestant, judges, measured), measured.rows
            )
    except OSError as error:
        raise DataError(f"{place}: cannot be written: {error.strerror or error}") from None
    return read_results(place)


def choose_protocol(
    protocol: str | Path | None, data: str | None, changes: dict[str, Any], size: int | None
) -> Protocol:
    """The protocol that the arguments of ``evaluate`` mean; ``size`` is the model's.

    Raises:
        UsageError: There is none, or a value is not valid.
    """
    unknown = changes.keys() - CHANGES
    if unknown:
        raise UsageError(
            f"evaluate has no argument {', '.join(sorted(unknown))}: "
            f"a protocol can be changed in {', '.join(CHANGES)}"
        )
    if protocol is not None:
        return change(load_protocol(str(protocol)), **changes)
    base = protocol_of_size(changes.get("size") or size or _DEFAULT_SIZE)
    return change(base, data=data, **changes)


def default_place(protocol: Protocol, contestant: Contestant) -> Path:
    """Where results go if nobody says: ``results/PROTOCOL/NAME``."""
    parts = (re.sub(r"[^\w.,=+-]+", "_", name) for name in (protocol.name, contestant.name))
    return Path("results", *parts)


def complete_cases(
    completer: Completer, protocol: Protocol, cases: Sequence[Case], draws: int
) -> np.ndarray:
    """Composites (B, K, H, W) float32 of drawings, each completed ``draws`` times.

    Raises:
        PluginError: The completer gives something else than ink.
    """
    images = np.stack([case.masked for case in cases])[..., None]
    masks = np.stack([case.mask for case in cases])[..., None]
    keys = [case.key for case in cases]
    composites = []
    for draw in range(draws):
        seeds = [noise_seed(protocol, key, draw) for key in keys]
        ink = np.asarray(completer(keys, images, masks, seeds), np.float32)
        if ink.shape != images.shape or not np.isfinite(ink).all():
            raise PluginError(
                f"a completer must give finite ink of shape {images.shape}, this gave {ink.shape}"
            )
        composites.append(np.where(masks > 0, ink.clip(0, 1), images)[..., 0])
    return np.stack(composites, axis=1)


def _measure(
    task: Task,
    contestant: Contestant,
    completer: Completer,
    judges: Sequence[Judge],
    batch_size: int,
    save: Path | None,
    quiet: bool,
) -> Measured:
    measured = Measured()
    draws = max(judge.spec.draws for judge in judges)
    if save is not None:
        save.mkdir()
        write_threshold(save, contestant.decoding.threshold)
    cases = shown(task.cases(), len(task), contestant.name, quiet=quiet)
    for batch in _batches(measured.note(cases), batch_size):
        started = time.perf_counter()
        composites = complete_cases(completer, task.protocol, batch, draws)
        measured.rates.append(draws * len(batch) / (time.perf_counter() - started))
        for case, completions in zip(batch, composites, strict=True):
            threshold = contestant.decoding.threshold
            scores = score(judges, completions, case.target, case.mask, threshold)
            measured.scores.append(scores)
            measured.rows.append(row_of(case, scores))
            if save is not None:
                write_ink(save / file_name(case.key), completions[0])
    if not measured.rows:
        raise DataError(
            f"protocol {task.protocol.name}: none of {len(task)} drawings can be used: each has "
            "too little ink for these holes"
        )
    return measured


def _batches(cases: Iterator[Case], size: int) -> Iterator[list[Case]]:
    while batch := list(islice(cases, size)):
        yield batch


def _check_size(contestant: Contestant, protocol: Protocol) -> None:
    if contestant.size not in (None, protocol.size):
        assert contestant.size is not None
        fits = [n for n in protocol_names() if load_protocol(n).size == contestant.size]
        hint = (
            f": use --protocol {' or '.join(fits)}" if fits else f": use --size {contestant.size}"
        )
        raise UsageError(
            f"{contestant.name} completes drawings of {contestant.size}x{contestant.size}, "
            f"protocol {protocol.name} has {protocol.size}x{protocol.size}{hint}"
        )


def _check_draws(contestant: Contestant, judges: Sequence[Judge]) -> None:
    many = [judge.id for judge in judges if judge.spec.draws > 1]
    if many and not contestant.draws:
        raise UsageError(
            f"{many[0]} wants several completions of a drawing, {contestant.name} has one: "
            "evaluate the model itself"
        )
