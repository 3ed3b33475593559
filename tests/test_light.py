"""The light layer stays light: the truth is sys.modules of a fresh process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"tensorflow", "keras", "numpy", "cv2"}
LAZY = {"pydantic", "rich"}

RUN = """
import json, sys
try:
    from zoo.cli import main
    main(json.loads(sys.argv[1]))
except SystemExit as stop:
    code = stop.code
print()
print(json.dumps([code, sorted(sys.modules)]))
"""


def _modules(code: str, *args: str) -> tuple[int, set[str]]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ZOO_")}
    done = subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, env=kept, check=True
    )
    exit_code, modules = json.loads(done.stdout.splitlines()[-1])
    return exit_code, set(modules)


@pytest.mark.parametrize(
    ("command", "banned"),
    [
        ("--help", HEAVY | LAZY),
        ("--version", HEAVY | LAZY),
        ("list", HEAVY | LAZY),
        ("list generators *net* --json", HEAVY | LAZY),
        ("plugins", HEAVY | LAZY),
        ("completion zsh", HEAVY | LAZY),
        ("new --help", HEAVY | LAZY),
        ("info --kind source quickdraw", HEAVY),
        ("info --kind mask box --json", HEAVY),
    ],
)
def test_light_commands_import_nothing_heavy(command: str, banned: set[str]) -> None:
    code, modules = _modules(RUN, json.dumps(command.split()))
    assert code == 0
    assert not modules & banned


def test_a_new_package_imports_nothing_heavy(tmp_path: Path) -> None:
    folder = str(tmp_path / "halo")
    code, modules = _modules(RUN, json.dumps(["new", "generator", "halo", "-o", folder]))
    assert code == 0
    assert not modules & (HEAVY | LAZY)


def test_info_of_a_generator_and_its_preset_is_light() -> None:
    pytest.importorskip("zoo_unet")
    code, modules = _modules(RUN, json.dumps(["info", "sketch-zoo-unet/unet"]))
    assert code == 0
    assert "zoo_unet.options" in modules
    assert not modules & HEAVY


@pytest.mark.parametrize(
    "name", ["train", "resume", "complete", "evaluate", "leaderboard", "compare", "check"]
)
def test_help_of_a_heavy_command_is_light(name: str) -> None:
    code, modules = _modules(RUN, json.dumps([name, "--help"]))
    assert code == 0
    assert not modules & HEAVY


def test_the_package_is_light() -> None:
    code = "import json, sys, zoo; print(json.dumps([0, sorted(sys.modules)]))"
    assert not _modules(code)[1] & (HEAVY | LAZY | {"click", "pluggy", "zoo.discovery"})


def test_the_names_that_a_plugin_module_uses_are_light() -> None:
    code = (
        "import json, sys, zoo; zoo.hookimpl, zoo.GeneratorSpec, zoo.list_components();"
        "print(json.dumps([0, sorted(sys.modules)]))"
    )
    assert not _modules(code)[1] & (HEAVY | LAZY | {"click"})
