"""Finding plugins, one by one, so that a broken one never takes the others with it."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

import pluggy

from zoo import __version__, builtin, hookspecs
from zoo.commands import COMMANDS
from zoo.errors import PluginError, did_you_mean
from zoo.specs import Spec

ENTRY_POINT_GROUP = "zoo.plugins"
HOST = "sketch-zoo"
LOCAL = "local"
"""Stands for the distribution of what ``add_plugin`` adds."""

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
PLURAL = {kind: hook.removeprefix("zoo_") for hook, kind in KIND_OF_HOOK.items()}

_IMPORT_STRING = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")


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
    """What is wrong with a plugin: it was skipped, or one of its commands was.

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


_added: dict[str, Plugin] = {}


def discover() -> Discovery:
    """All installed plugins, loaded once per process, and those that were added to it.

    A plugin that fails is skipped with one line on stderr; ``zoo doctor`` shows the traceback.
    ``ZOO_DISABLE=a,b`` blocks plugins by entry-point name, distribution or ``dist:entry_point``.

    Raises:
        PluginError: A plugin failed and ``ZOO_STRICT=1`` is set.
    """
    found = _installed()
    return replace(found, plugins=(*found.plugins, *_added.values()))


def add_plugin(module: ModuleType) -> None:
    """Add a module's components to this process, as if a package had brought them.

    For trying out a design before it is packaged, in a notebook: ``zoo.add_plugin(__main__)``. Its
    canonical ids begin with ``local/``. Added again, a module replaces what it brought before.
    Other processes know nothing of it: one that loads a model of it must add it, too, and a
    training with it has no worker processes. Commands are left out.

    Args:
        module: It has hooks, decorated with ``zoo.hookimpl``.

    Raises:
        PluginError: A hook is unknown, fails or returns what it may not.
    """
    others = [plugin for name, plugin in _added.items() if name != module.__name__]
    plugin = _register(_manager(), module, LOCAL, module.__name__, "0", others)
    if not plugin.specs:
        raise PluginError(f"module {module.__name__} has no hooks: decorate them: @zoo.hookimpl")
    _added[module.__name__] = replace(plugin, commands={})


def _manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager("zoo")
    manager.add_hookspecs(hookspecs)
    return manager


@cache
def _installed() -> Discovery:
    manager = _manager()
    plugins = [_register(manager, builtin, HOST, "builtin", __version__)]
    problems: list[Problem] = []
    disabled: list[str] = []
    blocked = {name.strip() for name in os.environ.get("ZOO_DISABLE", "").split(",")}
    for dist, version, entry_point in _entry_points():
        plugin_id = f"{dist}:{entry_point.name}"
        if blocked & {dist, entry_point.name, plugin_id}:
            disabled.append(plugin_id)
            continue
        try:
            _check_requirement(entry_point)
            plugin = _register(
                manager, entry_point.load(), dist, entry_point.name, version, plugins
            )
        # SystemExit: a plugin that calls sys.exit() must not end the program.
        except (Exception, SystemExit) as error:
            problems.append(_problem(plugin_id, version, f"skipped: {_reason(error)}", error))
            continue
        taken = _taken_commands(plugin, plugins)
        problems += [_problem(plugin_id, version, reason) for reason in taken.values()]
        free = {k: target for k, target in plugin.commands.items() if k not in taken}
        plugins.append(replace(plugin, commands=free))
    return Discovery(tuple(plugins), tuple(problems), tuple(disabled))


def _entry_points() -> list[tuple[str, str, EntryPoint]]:
    found: dict[tuple[str, str], tuple[str, str, EntryPoint]] = {}
    for ep in entry_points(group=ENTRY_POINT_GROUP):
        metadata = ep.dist.metadata if ep.dist else None
        known = {key: metadata[key] for key in ("Name", "Version") if metadata and key in metadata}
        name = _canonical(known.get("Name", "unknown"))
        # A distribution that stands twice on sys.path counts where it is found first.
        found.setdefault((name, ep.name), (name, known.get("Version", "unknown"), ep))
    return [found[key] for key in sorted(found)]


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _check_requirement(entry_point: EntryPoint) -> None:
    dist = entry_point.dist
    if dist is None or "Name" not in dist.metadata:
        raise PluginError("its package metadata is missing: uninstall what is left and reinstall")
    for line in dist.requires or ():
        if _canonical(re.split(r"[^\w.-]", line.strip(), maxsplit=1)[0]) != HOST:
            continue
        # Here, because packaging is slow to import and core alone does not need it.
        from packaging.requirements import Requirement

        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        if not requirement.specifier.contains(__version__, prereleases=True):
            raise PluginError(
                f"needs {HOST} {requirement.specifier}, this is {__version__}: "
                f"pip install -U {dist.name} {HOST}"
            )


def _register(
    manager: pluggy.PluginManager,
    module: object,
    dist: str,
    entry_point: str,
    version: str,
    others: Iterable[Plugin] = (),
) -> Plugin:
    plugin_id = f"{dist}:{entry_point}"
    if not isinstance(module, ModuleType):
        raise PluginError(f"its entry point names {module!r}: it must name a module")
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
            commands |= _checked_commands(result)
            continue
        kind = KIND_OF_HOOK[caller.name]
        if not isinstance(result, list | tuple):
            raise PluginError(f'hook "{caller.name}" returned {result!r}: not a list of specs')
        for spec in result:
            if not isinstance(spec, Spec) or spec.kind != kind:
                raise PluginError(f'hook "{caller.name}" returned {spec!r}: not a {kind} spec')
            specs.append(spec)
    return tuple(specs), commands


def _checked_commands(result: Any) -> dict[str, str]:
    if not isinstance(result, Mapping) or not all(
        isinstance(text, str) for pair in result.items() for text in pair
    ):
        raise PluginError(
            f'hook "zoo_commands" returned {result!r}: not a dict of name -> import string'
        )
    for name, target in result.items():
        if not _IMPORT_STRING.fullmatch(target):
            raise PluginError(f'command "{name}": {target!r} is not of the form module:attribute')
    return dict(result)


def _taken_commands(plugin: Plugin, others: Iterable[Plugin]) -> dict[str, str]:
    owners = {name: f"plugin {other.id}" for other in others for name in other.commands}
    owners |= dict.fromkeys(COMMANDS, "zoo itself")
    return {
        name: f'command "{name}" ignored: {owners[name]} has one of that name'
        for name in plugin.commands
        if name in owners
    }


def _check_identity(dist: str, specs: Iterable[Spec], others: Iterable[Plugin]) -> None:
    taken = {(s.kind, s.name) for plugin in others if plugin.dist == dist for s in plugin.specs}
    for spec in specs:
        if (spec.kind, spec.name) in taken:
            which = f'{PLURAL[spec.kind]} are called "{dist}/{spec.name}"'
            raise PluginError(f"two {which}: rename one")
        taken.add((spec.kind, spec.name))


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split()) or "no message"
    return text if isinstance(error, PluginError) else f"{type(error).__name__}: {text}"


def _problem(
    plugin_id: str, version: str, reason: str, error: BaseException | None = None
) -> Problem:
    message = f"plugin {plugin_id} {version} {reason}"
    if os.environ.get("ZOO_STRICT") == "1":
        raise PluginError(f"{message} (ZOO_STRICT=1)") from error
    print(f"zoo: {message} (see: zoo doctor)", file=sys.stderr)
    if error is None:
        return Problem(plugin_id, version, message)
    import traceback

    details = "".join(traceback.format_exception(error))
    return Problem(plugin_id, version, message, details)
