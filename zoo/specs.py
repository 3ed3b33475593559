"""Specs: pure data with which a plugin describes its components.

A spec never imports what it describes. ``target`` and ``options`` are import strings of the form
``"module:attribute"``; they are resolved when the component is built or described.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_IMPORT = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
_RESOURCE = re.compile(r"[A-Za-z_][\w.]*:[^:]+")


def _check(what: str, value: object, pattern: re.Pattern[str], form: str) -> None:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(f"{what} {value!r} is not of the form {form}")


@dataclass(frozen=True, kw_only=True)
class Spec:
    """What every spec has.

    Attributes:
        name: Short name in lower case, unique within the plugin and kind (``"unet"``).
        summary: One line for ``zoo list``.
        aliases: Other names that find the component.
        tags: Free words to filter by.
        reference: The paper or project that the component comes from.
    """

    kind: ClassVar[str]

    name: str
    summary: str
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    reference: str = ""

    def __post_init__(self) -> None:
        """Raise ``ValueError`` if a field is malformed."""
        for name in ("summary", "reference"):
            text = getattr(self, name)
            if not isinstance(text, str) or "\n" in text:
                raise ValueError(f"{name} of {self.name!r} is not one line of text: {text!r}")
        for name in ("aliases", "tags"):
            words = getattr(self, name)
            if not isinstance(words, tuple | list) or not all(isinstance(w, str) for w in words):
                raise ValueError(f"{name} of {self.name!r} is not a tuple of words: {words!r}")
        for name in (self.name, *self.aliases):
            _check("name", name, _NAME, "lower-case letters, digits, '_', '.', '-'")


@dataclass(frozen=True, kw_only=True)
class ComponentSpec(Spec):
    """A component that is built from options.

    Attributes:
        target: Import string of the builder (see ``zoo.contracts`` for each kind's signature).
        options: Import string of a ``zoo.Options`` subclass, in a module without heavy imports.
        known_failures: Checks of ``zoo check`` that it fails, each with the reason. Strict: one
            that passes is a failure.
    """

    target: str
    options: str = "zoo.options:Options"
    known_failures: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Raise ``ValueError`` if a field is malformed."""
        super().__post_init__()
        _check("target", self.target, _IMPORT, "module:attribute")
        _check("options", self.options, _IMPORT, "module:attribute")


@dataclass(frozen=True, kw_only=True)
class GeneratorSpec(ComponentSpec):
    """A generator: redraws the hole. Contract: ``zoo.contracts.generator``."""

    kind = "generator"


@dataclass(frozen=True, kw_only=True)
class DiscriminatorSpec(ComponentSpec):
    """A discriminator: judges drawings. Contract: ``zoo.contracts.discriminator``."""

    kind = "discriminator"


@dataclass(frozen=True, kw_only=True)
class LossSpec(ComponentSpec):
    """One or more loss terms. Contract: ``zoo.contracts.loss``."""

    kind = "loss"


@dataclass(frozen=True, kw_only=True)
class MaskSpec(ComponentSpec):
    """A family of holes. Contract: ``zoo.contracts.mask``."""

    kind = "mask"


@dataclass(frozen=True, kw_only=True)
class SourceSpec(ComponentSpec):
    """A collection of sketches. Contract: ``zoo.contracts.source``."""

    kind = "source"


@dataclass(frozen=True, kw_only=True)
class MetricSpec(ComponentSpec):
    """A score of completions. Contract: ``zoo.contracts.metric``.

    Attributes:
        version: Raised whenever the numbers change; part of every protocol.
        draws: How many completions of the same drawing it wants (K).
        higher_is_better: The direction of the score.
    """

    kind = "metric"

    version: int = 1
    draws: int = 1
    higher_is_better: bool = True


@dataclass(frozen=True, kw_only=True)
class CompleterSpec(ComponentSpec):
    """A completer that needs no training. Contract: ``zoo.contracts.completer``."""

    kind = "completer"


@dataclass(frozen=True, kw_only=True)
class PresetSpec(Spec):
    """A training configuration that names components by canonical id.

    Attributes:
        resource: ``"package:path/inside.toml"``, a TOML file in the form of ``config.toml``.
    """

    kind = "preset"

    resource: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` if a field is malformed."""
        super().__post_init__()
        _check("resource", self.resource, _RESOURCE, "package:path")


@dataclass(frozen=True, kw_only=True)
class ModelSpec(Spec):
    """A trained model bundle inside a package.

    Attributes:
        path: ``"package:directory"`` of the bundle.
        size: Side in pixels of the drawings that it was trained on.
        sha256: Hex digest of the bundle's ``manifest.json``, which holds those of the other files.
    """

    kind = "model"

    path: str
    size: int
    sha256: str

    def __post_init__(self) -> None:
        """Raise ``ValueError`` if a field is malformed."""
        super().__post_init__()
        _check("path", self.path, _RESOURCE, "package:directory")
