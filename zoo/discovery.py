"""Finding plugins, one by one, so that a broken one never takes the others with it."""

import os
import sys
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, EntryPoint, entry_points
from types import ModuleType
from typing import Any

import pluggy
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from zoo import __version__, builtin, hookspecs
from zoo.errors import PluginError, did_you_mean
from zoo.specs import Spec

ENTRY_POINT_GROUP = "zoo.plugins"
HOST = "sketch-zoo"

KIND_OF_HOOK = {
    "zoo_generators": "generator",
    "zoo_discriminators": "discriminator",
    "zoo_losses": "loss",
    "zoo_masks": "mask",
    "zoo_sources": "source",
    "zoo_metrics": "metric",
    "zoo_completers": "completer",
    "zoo_presets": "preset",
    "zoo_models": "model",
}
KINDS = tuple(KIND_OF_HOOK.values())


@dataclass(frozen=True)
class Plugin:
    """A plugin that loaded.

    Attributes:
        dist: Name of its distribution (``"sketch-zoo-unet"``).
        entry_point: Name of its entry point (``"unet"``).
        version: Version of its distribution.
        module: Name of the module that the entry point names.
        specs: Everything that its hooks returned.
        commands: Command name -> import string.
    """

    dist: str
    entry_point: str
    version: str
    module: str
    specs: tuple[Spec, ...]
    commands: Mapping[str, str]

    @property
    def id(self) -> str:
        """``dist:entry_point``, unique among installed plugins."""
        return f"{self.dist}:{self.entry_point}"


@dataclass(frozen=True)
class Problem:
    """A plugin that was skipped, and why.

    Attributes:
        plugin: ``dist:entry_point``.
        version: Version of its distribution.
        message: One line.
        traceback: The whole traceback, or an empty string where there was no exception.
    """

    plugin: str
    version: str
    message: str
    traceback: str = ""


@dataclass(frozen=True)
class Discovery:
    """What is installed: plugins in the order of their ids, core first."""

    plugins: tuple[Plugin, ...]
    problems: tuple[Problem, ...]
    disabled: tuple[str, ...]


@cache
def discover() -> Discovery:
    """Load all installed plugins, once per process.

    A plugin that fails is skipped with one line on stderr; ``zoo doctor`` shows the traceback.
    ``ZOO_DISABLE=a,b`` blocks plugins by entry-point name, distribution or ``dist:entry_point``.

    Raises:
        PluginError: A plugin failed and ``ZOO_STRICT=1`` is set.
    """
    manager = pluggy.PluginManager("zoo")
    manager.add_hookspecs(hookspecs)
    plugins = [_register(manager, builtin, HOST, "builtin", __version__)]
    problems: list[Problem] = []
    disabled: list[str] = []
    blocked = {name.strip() for name in os.environ.get("ZOO_DISABLE", "").split(",")}
    for dist, entry_point in _entry_points():
        name = canonicalize_name(dist.name)
        plugin_id = f"{name}:{entry_point.name}"
        if blocked & {name, entry_point.name, plugin_id}:
            disabled.append(plugin_id)
            continue
        try:
            _check_requirement(dist)
            plugin = _register(
                manager, entry_point.load(), name, entry_point.name, dist.version, plugins
            )
        except Exception as error:
            problems.append(_problem(plugin_id, dist.version, error))
        else:
            plugins.append(plugin)
    return Discovery(tuple(plugins), tuple(problems), tuple(disabled))


def _entry_points() -> Iterable[tuple[Distribution, EntryPoint]]:
    found: dict[tuple[str, str], tuple[Distribution, EntryPoint]] = {}
    for ep in entry_points(group=ENTRY_POINT_GROUP):
        if ep.dist is not None:
            # A distribution that stands twice on sys.path counts where it is found first.
            found.setdefault((canonicalize_name(ep.dist.name), ep.name), (ep.dist, ep))
    return [found[key] for key in sorted(found)]


def _check_requirement(dist: Distribution) -> None:
    for line in dist.requires or ():
        try:
            requirement = Requirement(line)
        except InvalidRequirement:
            continue
        if canonicalize_name(requirement.name) != HOST or requirement.marker is not None:
            continue
        if not requirement.specifier.contains(__version__, prereleases=True):
            raise PluginError(
                f"needs {HOST} {requirement.specifier}, this is {__version__}: "
                f"pip install -U {dist.name} {HOST}"
            )


def _register(
    manager: pluggy.PluginManager,
    module: ModuleType,
    dist: str,
    entry_point: str,
    version: str,
    others: Iterable[Plugin] = (),
) -> Plugin:
    plugin_id = f"{dist}:{entry_point}"
    _check_hook_names(module)
    manager.register(module, name=plugin_id)
    try:
        specs, commands = _call_hooks(manager, module)
        _check_identity(dist, specs, others)
    except BaseException:
        manager.unregister(name=plugin_id)
        raise
    return Plugin(dist, entry_point, version, module.__name__, specs, commands)


def _check_hook_names(module: ModuleType) -> None:
    known = [*KIND_OF_HOOK, "zoo_commands"]
    for name, value in vars(module).items():
        marked = hasattr(value, "zoo_impl")
        if marked and name not in known:
            raise PluginError(f'unknown hook "{name}".{did_you_mean(name, known)}')
        if not marked and name in known and callable(value):
            raise PluginError(f'hook "{name}" is not decorated: put @zoo.hookimpl above it')


def _call_hooks(
    manager: pluggy.PluginManager, module: ModuleType
) -> tuple[tuple[Spec, ...], dict[str, str]]:
    specs: list[Spec] = []
    commands: dict[str, str] = {}
    for caller in manager.get_hookcallers(module) or ():
        (impl,) = (impl for impl in caller.get_hookimpls() if impl.plugin is module)
        result: Any = impl.function()
        if caller.name == "zoo_commands":
            commands.update(result)
            continue
        kind = KIND_OF_HOOK[caller.name]
        for spec in result:
            if not isinstance(spec, Spec) or spec.kind != kind:
                raise PluginError(f'hook "{caller.name}" returned {spec!r}: not a {kind} spec')
            specs.append(spec)
    return tuple(specs), commands


def _check_identity(dist: str, specs: Iterable[Spec], others: Iterable[Plugin]) -> None:
    taken = {(s.kind, s.name) for plugin in others if plugin.dist == dist for s in plugin.specs}
    for spec in specs:
        if (spec.kind, spec.name) in taken:
            raise PluginError(f'two {spec.kind}s are called "{dist}/{spec.name}": rename one')
        taken.add((spec.kind, spec.name))


def _problem(plugin_id: str, version: str, error: Exception) -> Problem:
    text = " ".join(str(error).split()) or "no message"
    reason = text if isinstance(error, PluginError) else f"{type(error).__name__}: {text}"
    message = f"plugin {plugin_id} {version} skipped: {reason}"
    if os.environ.get("ZOO_STRICT") == "1":
        raise PluginError(f"{message} (ZOO_STRICT=1)") from error
    print(f"zoo: {message} (see: zoo doctor)", file=sys.stderr)
    details = "".join(traceback.format_exception(error))
    return Problem(plugin_id, version, message, details)
