"""From a name to a spec to a built component."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib import import_module
from typing import Any

from zoo.discovery import HOST, KINDS, LOCAL, Plugin, discover
from zoo.errors import (
    AmbiguousComponentError,
    PluginError,
    UnknownComponentError,
    ZooError,
    did_you_mean,
)
from zoo.specs import Spec


@dataclass(frozen=True)
class Component:
    """A spec and the plugin that brings it."""

    spec: Spec
    plugin: Plugin

    @property
    def id(self) -> str:
        """Canonical id, ``dist/name``."""
        return f"{self.plugin.dist}/{self.spec.name}"

    @property
    def names(self) -> tuple[str, ...]:
        """What finds it: canonical id, short name and aliases."""
        return (self.id, self.spec.name, *self.spec.aliases)


def list_components(kind: str | None = None, pattern: str | None = None) -> list[Component]:
    """Installed components in natural order (``v2`` before ``v10``).

    Args:
        kind: One of ``zoo.KINDS``; all kinds if omitted.
        pattern: Shell pattern matched with names, aliases, tags and ids (``"*net*"``).

    Raises:
        UnknownComponentError: There is no such kind.
    """
    if kind is not None and kind not in KINDS:
        raise UnknownComponentError(
            f'No kind "{kind}".{did_you_mean(kind, KINDS)} Kinds: {", ".join(KINDS)}'
        )
    every = (Component(spec, plugin) for plugin in discover().plugins for spec in plugin.specs)
    chosen = [component for component in every if kind in (None, component.spec.kind)]
    if pattern is not None:
        chosen = [c for c in chosen if any(fnmatch(w, pattern) for w in (*c.names, *c.spec.tags))]
    return sorted(chosen, key=lambda c: (KINDS.index(c.spec.kind), _natural(c.id, c.spec.name)))


def find(kind: str, name: str) -> Component:
    """Find one component by short name, alias or canonical id.

    Raises:
        UnknownComponentError: Nothing installed has that name.
        AmbiguousComponentError: Several plugins bring it.
    """
    components = list_components(kind)
    found = [c for c in components if name in c.names]
    if len(found) == 1:
        return found[0]
    if found:
        ids = " or ".join(f'"{c.id}"' for c in found)
        raise AmbiguousComponentError(
            f'Several plugins bring a {kind} "{name}". Name one in full: {ids}'
        )
    raise UnknownComponentError(_not_found(kind, name, components))


def build(kind: str, name: str, options: object, *args: object) -> Any:
    """Resolve a component's target and call it with its options and what the kind needs more."""
    return load(find(kind, name).spec.target)(options, *args)  # type: ignore[attr-defined]


def load(import_string: str) -> Any:
    """Import ``"module:attribute"``.

    Raises:
        PluginError: The module or the attribute does not exist, or the module fails.
    """
    module, _, attribute = import_string.partition(":")
    try:
        value: Any = import_module(module)
        for part in attribute.split("."):
            value = getattr(value, part)
    except ZooError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise PluginError(f'cannot import "{import_string}": {reason}') from error
    return value


def _not_found(kind: str, name: str, components: Sequence[Component]) -> str:
    dist = name.rpartition("/")[0]
    discovery = discover()
    if any(p.plugin.partition(":")[0] == dist for p in discovery.problems):
        return f'No {kind} "{name}": {dist} is installed but has a problem (see: zoo doctor)'
    if any(plugin.partition(":")[0] == dist for plugin in discovery.disabled):
        return f'No {kind} "{name}": {dist} is disabled by ZOO_DISABLE'
    if dist == LOCAL:
        return f'No {kind} "{name}": add the module that brings it first: zoo.add_plugin(module)'
    if dist and all(p.dist != dist for p in discovery.plugins):
        every = ', or all first-party plugins: pip install "sketch-zoo[all]"'
        hint = every if dist.startswith(f"{HOST}-") else ""
        return f'No {kind} "{name}". Install the package that brings it: pip install {dist}{hint}'
    if not components:
        return (
            f'No {kind} "{name}": no {kind} is installed. '
            'The first-party ones come with: pip install "sketch-zoo[all]"'
        )
    known = [n for c in components for n in (c.names if dist else c.names[1:])]
    installed = ", ".join(c.id if dist else c.spec.name for c in components)
    return f'No {kind} "{name}".{did_you_mean(name, known)} Installed: {installed}'


def _natural(*texts: str) -> list[list[tuple[int, str]]]:
    return [
        [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text)]
        for text in reversed(texts)
    ]
