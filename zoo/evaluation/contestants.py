"""What can be evaluated, found by name: trained models, floors, folders of predictions."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import sha1
from pathlib import Path
from typing import Literal

from zoo import registry
from zoo.bundles import find_bundle, parameters_of, read_manifest
from zoo.config import parse_component
from zoo.contracts.completer import Completer
from zoo.contracts.source import Source
from zoo.decoding import Decoding
from zoo.errors import DataError, UsageError, did_you_mean
from zoo.evaluation.predictions import Predictions, read_threshold

_FLOOR = Decoding(threshold=0.5)


@dataclass(frozen=True)
class Contestant:
    """Something that completes drawings.

    Attributes:
        name: What tables call it.
        kind: What it is.
        id: Which one exactly: a component with its options, or the sha256 of weights.
        decoding: What was done with its ink, and from where on it counts as a line.
        parameters: Numbers that its weights hold; 0 where nothing was trained, None: not known.
        size: Height and width of the drawings that it takes; None: any.
        draws: It can complete a drawing more than once.
        open: Make the completer; floors may look at the training drawings.
    """

    name: str
    kind: Literal["model", "floor", "predictions"]
    id: str
    decoding: Decoding
    parameters: int | None
    size: int | None
    draws: bool
    open: Callable[[Source], Completer]


def find_contestant(name: str, *, raw: bool = False) -> Contestant:
    """Find what a name means, without loading it.

    Args:
        name: A run directory, a model bundle's folder, an installed model; a floor, with options
            (``telea:radius=3``); or a folder of ``<key>.png``.
        raw: A model without its decoding, but for the threshold.

    Raises:
        UsageError: It is none of these, or more than one; or no model is to be ``raw``.
        RunError: The bundle is damaged.
    """
    path = Path(name)
    floor, model = _known("completer", name.partition(":")[0]), _known("model", name)
    known = [*floor, *model]
    if len(known) + path.is_dir() > 1:
        folder = [f"./{name}"] if path.is_dir() else []
        raise UsageError(f'"{name}" means several things: write {" or ".join([*folder, *known])}')
    if model or (path / "manifest.json").is_file() or (path / "config.toml").is_file():
        return _model(name, raw)
    if raw and (floor or path.is_dir()):
        raise UsageError(f"{name} is no model, which alone is decoded: leave out --raw")
    if floor:
        return _floor(name)
    if path.is_dir():
        return _predictions(path)
    if "/" in name or path.exists():
        raise UsageError(f"{name}: no such folder: name a run, a bundle or a folder of predictions")
    raise UsageError(_not_found(name))


def floors() -> list[str]:
    """Short names of the installed floors, those that no trained model should be below."""
    return [c.spec.name for c in registry.list_components("completer") if "floor" in c.spec.tags]


def _known(kind: str, name: str) -> list[str]:
    """Ids of the components of a kind that a name finds."""
    return [c.id for c in registry.list_components(kind) if name in c.names]


def _floor(expression: str) -> Contestant:
    part = parse_component("completer", expression)

    def make(training: Source) -> Completer:
        completer: Completer = registry.build("completer", part.id, part.options, training)
        return completer

    told = json.dumps(part.table(), sort_keys=True)
    return Contestant(expression, "floor", f"{part.id} {told}", _FLOOR, 0, None, True, make)


def _model(name: str, raw: bool) -> Contestant:
    path = find_bundle(name)
    manifest = read_manifest(path)
    decoding = manifest.decoding.raw if raw else manifest.decoding

    def make(training: Source) -> Completer:
        from zoo.completion import load

        return load(path).decoded(decoding)

    # Scores of the same weights that were decoded otherwise are another's.
    told = "" if decoding == decoding.raw else f" {json.dumps(asdict(decoding))}"
    shown = path.resolve().parent.name if path.name == "best" else path.name
    return Contestant(
        f"{shown}+raw" if raw else shown,
        "model",
        f"{manifest.generator} {manifest.files['generator.weights.h5']}{told}",
        decoding,
        parameters_of(path),
        manifest.size,
        True,
        make,
    )


def _predictions(path: Path) -> Contestant:
    if (path / "summary.json").is_file():
        raise UsageError(
            f"{path} holds results already: to judge its predictions again, name {path}/predictions"
        )
    if next(path.glob("*.png"), None) is None:
        raise DataError(f"{path}: neither a run, nor a model bundle, nor a folder of <key>.png")
    whole = path.resolve()
    shown = whole.parent.name if whole.name == "predictions" else whole.name
    threshold = read_threshold(path)
    # Another folder of that name is somebody else's; where it is, is nobody's business.
    place = sha1(os.fsencode(whole)).hexdigest()[:12]
    return Contestant(
        shown,
        "predictions",
        f"{shown} {place}",
        Decoding(threshold),
        None,
        None,
        False,
        lambda training: Predictions(path),
    )


def _not_found(name: str) -> str:
    models = [c.spec.name for c in registry.list_components("model")]
    runs = [str(p.parent) for p in Path("runs").glob("*/config.toml")]
    known = [*models, *floors(), *runs, *(Path(run).name for run in runs)]
    return (
        f'No run, bundle, model or floor "{name}".{did_you_mean(name, known)} '
        f"Floors: {', '.join(floors())}; models: {', '.join(models) or 'none'}; "
        f"runs: {', '.join(sorted(runs)) or 'none, make one: zoo train'}"
    )
