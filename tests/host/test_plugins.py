"""The plugin host with real wheels: broken plugins are reported, the others live."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

GENERATOR = """
import zoo

@zoo.hookimpl
def zoo_generators():
    return [
        zoo.GeneratorSpec(
            name="tiny",
            summary="Two convolutions",
            aliases=("wee",),
            target="zt_good.model:build",
            options="zt_good.options:TinyOptions",
        )
    ]
"""
MASK = """
import zoo

@zoo.hookimpl
def zoo_masks():
    return [zoo.MaskSpec(name="veil", summary="A mask", target="nowhere:build")]
"""


def _hook(name: str, body: str) -> str:
    return f"import zoo\n@zoo.hookimpl\ndef {name}():\n    {body}\n"


GOOD: dict[str, Any] = {
    "dist": "zt-good",
    "code": GENERATOR + _hook("zoo_commands", 'return {"greet": "zt_good.commands:greet"}'),
    "files": {
        "options.py": """
            import zoo
            from pydantic import Field

            class TinyOptions(zoo.Options):
                width: int = Field(8, ge=1, le=64, description="channels in the middle")
        """,
        "model.py": """
            import keras

            def build(options, image_shape):
                image = keras.Input(image_shape, name="image")
                x = keras.layers.Conv2D(options.width, 3, padding="same", name="middle")(image)
                return keras.Model({"image": image}, keras.layers.Conv2D(1, 1, name="head")(x))
        """,
        "commands.py": """
            import click

            @click.command()
            @click.option("--name", default="you")
            def greet(name):
                print("hello", name)
        """,
    },
}


# What is installed beside the good plugin, and what stderr says of each (None: nothing).
CROWD: dict[str, tuple[dict[str, str], str | None]] = {
    "zt-namesake": ({"code": MASK, "entry_point": "zt-good"}, None),
    "zt-twin": ({"code": GENERATOR}, None),
    "zt-import": (
        {"code": "raise RuntimeError('boom\\nover two lines')"},
        "RuntimeError: boom over two lines",
    ),
    "zt-exit": ({"code": "import sys; sys.exit(3)"}, "SystemExit: 3"),
    "zt-typo": (
        {"code": MASK.replace("zoo_masks", "zoo_mask")},
        'unknown hook "zoo_mask". Did you mean "zoo_masks"?',
    ),
    "zt-bare": (
        {"code": MASK.replace("@zoo.hookimpl", "")},
        'hook "zoo_masks" is not decorated',
    ),
    "zt-future": (
        {
            "code": "import os, pathlib; pathlib.Path(os.environ['ZT_MARKER']).touch()",
            "requires": "Sketch_Zoo>=99",
        },
        "needs sketch-zoo >=99",
    ),
    "zt-raises": ({"code": _hook("zoo_losses", "raise KeyError('gone')")}, "KeyError: 'gone'"),
    "zt-half": ({"code": MASK + _hook("zoo_metrics", "1 / 0")}, "ZeroDivisionError"),
    "zt-double": (
        {"code": MASK.replace("]", "] * 2")},
        'two masks are called "zt-double/veil"',
    ),
    "zt-none": ({"code": _hook("zoo_models", "pass")}, 'hook "zoo_models" returned None'),
    "zt-shadow": (
        {
            "code": MASK
            + _hook("zoo_commands", "return {'list': 'nowhere:list', 'unveil': 'nowhere:unveil'}")
        },
        'command "list" ignored',
    ),
}
BROKEN = {dist: said for dist, (_, said) in CROWD.items() if said}
SKIPPED = sorted(set(BROKEN) - {"zt-shadow"})


@pytest.fixture(scope="session")
def good_wheel(build_wheel: Callable[..., Path]) -> Path:
    """The plugin that does everything right."""
    return build_wheel(**GOOD)


@pytest.fixture(scope="session")
def crowd(
    build_wheel: Callable[..., Path], new_environment: Callable[[], Any], good_wheel: Path
) -> Any:
    """The good plugin among all the broken ones that are cheap to import."""
    environment = new_environment()
    wheels = [build_wheel(dist=dist, **source) for dist, (source, _) in CROWD.items()]
    environment.install(good_wheel, *wheels)
    return environment


@pytest.fixture(scope="session")
def listed(crowd: Any) -> Any:
    """``zoo list --json`` in the crowd."""
    return crowd.zoo("list", "--json", ZT_MARKER=str(crowd.root / "imported"))


def _ids(listed: Any) -> set[str]:
    return {item["id"] for item in json.loads(listed.stdout)}


@pytest.mark.parametrize("dist", BROKEN)
def test_a_broken_plugin_is_one_line_on_stderr(listed: Any, dist: str) -> None:
    (line,) = [line for line in listed.stderr.splitlines() if f"{dist}:{dist} 1.2.3" in line]
    assert line.startswith("zoo: plugin ")
    assert BROKEN[dist] in line


def test_the_others_live(listed: Any) -> None:
    assert listed.returncode == 0
    assert len(listed.stderr.splitlines()) == len(BROKEN)
    own = {component for component in _ids(listed) if component.startswith("zt-")}
    assert own == {"zt-good/tiny", "zt-twin/tiny", "zt-namesake/veil", "zt-shadow/veil"}


def test_a_plugin_that_needs_a_newer_core_is_not_imported(crowd: Any, listed: Any) -> None:
    assert "zt-future" in listed.stderr
    assert not (crowd.root / "imported").exists()


@pytest.mark.parametrize("dist", BROKEN)
def test_strict_makes_it_an_error(crowd: Any, dist: str) -> None:
    others = [other for other in BROKEN if other != dist]
    done = crowd.zoo("list", ZOO_STRICT="1", disable=others)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: ")
    assert BROKEN[dist] in line
    assert done.stdout == ""


def test_strict_help_is_an_error_of_one_line_too(crowd: Any) -> None:
    done = crowd.zoo("--help", ZOO_STRICT="1")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


def test_an_ambiguous_name_is_an_error_that_names_both(crowd: Any) -> None:
    done = crowd.zoo("info", "tiny")
    assert done.returncode == 2
    error = done.stderr.splitlines()[-1]
    assert '"zt-good/tiny"' in error
    assert '"zt-twin/tiny"' in error
    full = crowd.zoo("info", "zt-good/tiny")
    assert full.returncode == 0
    assert "1 to 64" in full.stdout
    generators = crowd.zoo("list", "generators").stdout
    assert "zt-good/tiny" in generators
    assert "zt-twin/tiny" in generators


def test_plugins_and_their_problems_are_listed(crowd: Any) -> None:
    data = json.loads(crowd.zoo("plugins", "--json").stdout)
    found = {plugin["id"]: plugin for plugin in data["plugins"]}
    assert {"zt-good:zt-good", "zt-namesake:zt-good", "zt-shadow:zt-shadow"} <= set(found)
    assert found["zt-good:zt-good"]["contents"] == {"generators": 1, "commands": 1}
    assert found["zt-shadow:zt-shadow"]["commands"] == ["unveil"]
    assert sorted({p["plugin"].partition(":")[0] for p in data["problems"]}) == sorted(BROKEN)
    text = crowd.zoo("plugins").stdout
    assert all(f"plugin {dist}:{dist} 1.2.3 skipped: " in text for dist in SKIPPED)


def test_disabled_plugins_are_not_loaded(crowd: Any) -> None:
    blocked = ",".join([*BROKEN, "zt-twin:zt-twin", "zt-good"])
    done = crowd.zoo("list", "--json", ZOO_DISABLE=blocked)
    assert done.stderr == ""
    # zt-good is the entry point of the namesake as well.
    assert not {component for component in _ids(done) if component.startswith("zt-")}


def test_commands_of_plugins(crowd: Any) -> None:
    assert crowd.zoo("greet", "--name", "cat").stdout == "hello cat\n"
    text = crowd.zoo("--help").stdout
    assert "greet" in text
    assert "zt-good:zt-good" in text
    lost = crowd.zoo("unveil")
    assert lost.returncode == 1
    assert 'Error: cannot import "nowhere:unveil"' in lost.stderr.splitlines()[-1]
    mistyped = crowd.zoo("gret")
    assert mistyped.returncode == 2
    assert 'No command "gret". Did you mean "greet"?' in mistyped.stderr


def test_a_component_of_a_broken_plugin_points_to_the_doctor(crowd: Any) -> None:
    done = crowd.zoo("info", "zt-half/veil", "--kind", "mask")
    assert done.returncode == 2
    assert "zoo doctor" in done.stderr.splitlines()[-1]


def test_uninstalled_half_installed_and_back(
    new_environment: Callable[[], Any], good_wheel: Path
) -> None:
    environment = new_environment()
    environment.install(good_wheel)
    clean = environment.zoo("list", ZOO_STRICT="1")
    assert (clean.returncode, clean.stderr) == (0, "")
    assert "tiny" in clean.stdout
    metadata = next(environment.packages.glob("zt_good-*.dist-info")) / "METADATA"
    text = metadata.read_text()
    metadata.unlink()
    torn = environment.zoo("list")
    assert torn.returncode == 0
    assert "package metadata is missing" in torn.stderr
    metadata.write_text(text)
    environment.pip("uninstall", "--yes", "zt-good")
    gone = environment.zoo("list")
    assert (gone.returncode, gone.stderr) == (0, "")
    assert "tiny" not in gone.stdout
    assert 'pip install "sketch-zoo[all]"' in gone.stdout


def test_a_model_of_a_plugin_is_sized(crowd: Any) -> None:
    done = crowd.zoo(
        "info", "zt-good/tiny:width=4", "--size", "16", "--json", ZOO_DISABLE=",".join(BROKEN)
    )
    assert done.stderr == ""
    layers = json.loads(done.stdout)["layers"]
    assert layers["parameters"] == 3 * 3 * 4 + 4 + 4 + 1
    assert layers["multiply_adds"] == 16 * 16 * (3 * 3 * 4 + 4)


def test_doctor_reports_tracebacks_and_the_cost_of_heavy_imports(
    build_wheel: Callable[..., Path], new_environment: Callable[[], Any], good_wheel: Path
) -> None:
    environment = new_environment()
    heavy = build_wheel("zt-heavy", "import tensorflow\n" + MASK)
    broken = build_wheel("zt-import", CROWD["zt-import"][0]["code"])
    environment.install(good_wheel, heavy, broken)
    done = environment.zoo("doctor", "--json")
    assert done.returncode == 1
    data = json.loads(done.stdout)
    assert data["versions"]["tensorflow"][0].isdigit()
    assert any(device["device"].startswith("CPU") for device in data["devices"])
    imports = {item["plugin"]: item for item in data["plugins"]}
    assert imports["zt-good:zt-good"]["heavy"] == []
    assert "tensorflow" in imports["zt-heavy:zt-heavy"]["heavy"]
    problems = {problem["plugin"]: problem for problem in data["problems"]}
    assert sorted(problems) == ["zt-heavy:zt-heavy", "zt-import:zt-import"]
    assert "Traceback" in problems["zt-import:zt-import"]["traceback"]
    cost = imports["zt-heavy:zt-heavy"]["seconds"]
    assert cost > imports["zt-good:zt-good"]["seconds"]
    assert f"costs every command {cost:.1f} s" in problems["zt-heavy:zt-heavy"]["message"]
