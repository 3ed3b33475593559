"""``zoo doctor``: is the installation sound?"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click

from zoo.cli.table import columns
from zoo.discovery import HOST, Discovery, Plugin, Problem, discover

HEAVY = ("tensorflow", "keras", "numpy", "cv2")

_PATIENCE = 300  # seconds

_PACKAGES = (
    HOST,
    "tensorflow",
    "keras",
    "numpy",
    "opencv-python-headless",
    "pydantic",
    "pluggy",
    "click",
)

# What zoo itself imports comes first, so that only the plugin's own share is timed.
_TIME_IMPORT = """
import importlib, json, sys, time
import zoo.discovery
module, *heavy = sys.argv[1:]
start = time.perf_counter()
importlib.import_module(module)
seconds = time.perf_counter() - start
print()
print(json.dumps([seconds, [name for name in heavy if name in sys.modules]]))
"""

_LIST_DEVICES = """
import json
import tensorflow as tf
devices = tf.config.list_physical_devices()
details = tf.config.experimental.get_device_details
print()
print(json.dumps([
    [d.name.removeprefix("/physical_device:"), details(d).get("device_name", "")] for d in devices
]))
"""


@dataclass(frozen=True)
class Import:
    """How long a plugin's entry-point module takes to import, and what heavy it drags in."""

    plugin: str
    module: str
    seconds: float
    heavy: tuple[str, ...]


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Check the installation: versions, devices, plugins. Exit code 1 if there is a problem.

    Each plugin is imported in a fresh process: one that drags in TensorFlow, Keras, NumPy or
    OpenCV makes every command slow, and is reported with its cost.
    """
    discovery = discover()
    devices, device_problems = _devices()
    imports, import_problems = _imports(discovery)
    problems = (*discovery.problems, *device_problems, *import_problems)
    if as_json:
        data = {
            "versions": dict(_versions()),
            "devices": [{"device": device, "name": name} for device, name in devices],
            "plugins": [asdict(item) for item in imports],
            "disabled": list(discovery.disabled),
            "problems": [asdict(problem) for problem in problems],
        }
        click.echo(json.dumps(data, indent=2))
    else:
        _print(imports, devices, discovery, problems)
    ctx.exit(1 if problems else 0)


def _print(
    imports: list[Import],
    devices: list[tuple[str, str]],
    discovery: Discovery,
    problems: tuple[Problem, ...],
) -> None:
    timed = [(i.plugin, f"{i.seconds:.3f} s", " ".join(i.heavy)) for i in imports]
    sections: dict[str, Sequence[Sequence[str]]] = {
        "versions": _versions(),
        "devices": devices,
        "plugins, and the time to import each": timed,
        "disabled": [(name,) for name in discovery.disabled],
    }
    for title, rows in sections.items():
        if rows:
            click.echo(title)
            click.echo("\n".join(columns(rows)) + "\n")
    click.echo("problems" if problems else "no problems")
    for problem in problems:
        click.echo(f"  {problem.message}")
        for line in problem.traceback.rstrip().splitlines():
            click.echo(f"    {line}")


def _versions() -> list[tuple[str, str]]:
    return [
        ("python", f"{platform.python_version()} ({sys.executable})"),
        *((name, _version(name)) for name in _PACKAGES),
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _devices() -> tuple[list[tuple[str, str]], list[Problem]]:
    answer, error = _ask(_LIST_DEVICES)
    if answer is None:
        message = "TensorFlow cannot be imported: reinstall it, or see the text below"
        return [], [Problem("tensorflow", _version("tensorflow"), message, error)]
    cores = os.cpu_count() or 1
    return [
        (device, name or (f"{cores} cores" if device.startswith("CPU") else ""))
        for device, name in answer
    ], []


def _imports(discovery: Discovery) -> tuple[list[Import], list[Problem]]:
    imports, problems = [], []
    for plugin in discovery.plugins:
        answer, error = _ask(_TIME_IMPORT, plugin.module, *HEAVY)
        if answer is None:
            message = f"plugin {plugin.id}: {plugin.module} cannot be imported by itself"
            problems.append(Problem(plugin.id, plugin.version, message, error))
            continue
        seconds, heavy = answer
        imports.append(Import(plugin.id, plugin.module, seconds, tuple(heavy)))
        if heavy:
            problems.append(_costly(plugin, imports[-1]))
    return imports, problems


def _costly(plugin: Plugin, found: Import) -> Problem:
    return Problem(
        plugin.id,
        plugin.version,
        f"plugin {plugin.id} {plugin.version}: {plugin.module} imports "
        f"{', '.join(found.heavy)} at its top, which costs every command {found.seconds:.1f} s: "
        "import inside the function that needs it",
    )


def _ask(code: str, *args: str) -> tuple[Any, str]:
    """Run code in a fresh interpreter: the JSON of its last line, or None and its stderr."""
    run = [sys.executable, "-c", code, *args]
    try:
        done = subprocess.run(run, capture_output=True, text=True, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        return None, f"no answer in {_PATIENCE} seconds"
    if done.returncode:
        return None, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), ""
