"""A model zoo for GANs that complete hand-drawn sketches.

Importing this package is cheap: every public name is loaded when it is first used (PEP 562).
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Keras reads its backend when it is first imported, which may be in a plugin.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

_HOME = {
    "hookimpl": "zoo.hookspecs",
    "GeneratorSpec": "zoo.specs",
    "DiscriminatorSpec": "zoo.specs",
    "LossSpec": "zoo.specs",
    "MaskSpec": "zoo.specs",
    "SourceSpec": "zoo.specs",
    "MetricSpec": "zoo.specs",
    "CompleterSpec": "zoo.specs",
    "PresetSpec": "zoo.specs",
    "ModelSpec": "zoo.specs",
    "ZooError": "zoo.errors",
    "UsageError": "zoo.errors",
    "OptionError": "zoo.errors",
    "DataError": "zoo.errors",
    "KINDS": "zoo.discovery",
    "add_plugin": "zoo.discovery",
    "list_components": "zoo.registry",
    "Options": "zoo.options",
    "AbsolutePath": "zoo.options",
    "Arrival": "zoo.contracts.mask",
    "Grow": "zoo.contracts.mask",
    "MaskFamily": "zoo.contracts.mask",
    "Sketch": "zoo.contracts.source",
    "Source": "zoo.contracts.source",
    "Metric": "zoo.contracts.metric",
    "Completer": "zoo.contracts.completer",
    "LossTerm": "zoo.contracts.loss",
    "LossContext": "zoo.contracts.loss",
    "Judgement": "zoo.contracts.loss",
    "Drawing": "zoo.contracts.loss",
    "over_maps": "zoo.contracts.loss",
    "train": "zoo.training.run",
    "resume": "zoo.training.run",
    "load": "zoo.completion",
    "complete": "zoo.complete_files",
    "evaluate": "zoo.evaluation.evaluate",
}

__all__ = ["__version__", *_HOME]

if TYPE_CHECKING:
    from zoo.complete_files import complete as complete
    from zoo.completion import load as load
    from zoo.contracts.completer import Completer as Completer
    from zoo.contracts.loss import (
        Drawing as Drawing,
        Judgement as Judgement,
        LossContext as LossContext,
        LossTerm as LossTerm,
        over_maps as over_maps,
    )
    from zoo.contracts.mask import Arrival as Arrival, Grow as Grow, MaskFamily as MaskFamily
    from zoo.contracts.metric import Metric as Metric
    from zoo.contracts.source import Sketch as Sketch, Source as Source
    from zoo.discovery import KINDS as KINDS, add_plugin as add_plugin
    from zoo.errors import (
        DataError as DataError,
        OptionError as OptionError,
        UsageError as UsageError,
        ZooError as ZooError,
    )
    from zoo.evaluation.evaluate import evaluate as evaluate
    from zoo.hookspecs import hookimpl as hookimpl
    from zoo.options import AbsolutePath as AbsolutePath, Options as Options
    from zoo.registry import list_components as list_components
    from zoo.specs import (
        CompleterSpec as CompleterSpec,
        DiscriminatorSpec as DiscriminatorSpec,
        GeneratorSpec as GeneratorSpec,
        LossSpec as LossSpec,
        MaskSpec as MaskSpec,
        MetricSpec as MetricSpec,
        ModelSpec as ModelSpec,
        PresetSpec as PresetSpec,
        SourceSpec as SourceSpec,
    )
    from zoo.training.run import resume as resume, train as train


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'zoo' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
