"""Fresh processes: what a component does to one that has nothing else in it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from typing import Any

from zoo.discovery import discover
from zoo.testing.check import ConformanceError

_PATIENCE = 300  # seconds

# The entry-point module and its hooks, then a module of options: what they import, in two lists.
_IMPORT = """
import importlib, json, sys, zoo, zoo.discovery, zoo.specs
plugin, options = sys.argv[1:]
before = set(sys.modules)
module = importlib.import_module(plugin)
for value in list(vars(module).values()):
    if hasattr(value, "zoo_impl"):
        value()
hooks = sorted(set(sys.modules) - before)
importlib.import_module(options)
print()
print(json.dumps([hooks, sorted(set(sys.modules) - before)]))
"""


@cache
def imported_by(plugin: str, options: str) -> tuple[frozenset[str], frozenset[str]]:
    """What importing a plugin's module and calling its hooks imports, and its options with it.

    Args:
        plugin: Name of the module that the entry point names.
        options: Name of the module of an options class.

    Raises:
        ConformanceError: One of them cannot be imported by itself.
    """
    done = _python("-c", _IMPORT, plugin, options)
    if done.returncode:
        raise ConformanceError(f"{plugin} cannot be imported by itself: {_last_line(done.stderr)}")
    hooks, both = json.loads(done.stdout.splitlines()[-1])
    return frozenset(hooks), frozenset(both)


@cache
def listed_in_strict_mode(plugin: str) -> tuple[Mapping[str, Any], ...]:
    """What ``ZOO_STRICT=1 zoo list --json`` says where no other plugin is enabled.

    Args:
        plugin: ``dist:entry_point``.

    Raises:
        ConformanceError: The command fails.
    """
    found = discover()
    ids = [p.id for p in found.plugins] + [p.plugin for p in found.problems]
    others = ",".join(sorted({*ids, *found.disabled} - {plugin}))
    done = _python("-m", "zoo", "list", "--json", ZOO_STRICT="1", ZOO_DISABLE=others)
    if done.returncode:
        raise ConformanceError(f"ZOO_STRICT=1 zoo list fails: {_last_line(done.stderr)}")
    return tuple(json.loads(done.stdout))


def _python(*args: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZOO_", "_ZOO_"))}
    return subprocess.run(
        [sys.executable, *args],
        capture_output=True,
        text=True,
        env=kept | variables,
        timeout=_PATIENCE,
    )


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no message"])[-1]
