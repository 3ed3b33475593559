"""Names, order, patterns, and that everything that core describes exists."""

import importlib

import click
import pytest
from hypothesis import given, strategies as st

import zoo
from zoo import hookspecs
from zoo.commands import COMMANDS
from zoo.discovery import KIND_OF_HOOK, KINDS, PLURAL, discover
from zoo.errors import PluginError, UnknownComponentError
from zoo.options import Options
from zoo.registry import Component, _natural, find, list_components, load
from zoo.specs import ComponentSpec, GeneratorSpec, MaskSpec, PresetSpec

OWN = [c for c in list_components() if c.plugin.dist == "sketch-zoo"]


def _id(component: Component) -> str:
    return f"{component.spec.kind}-{component.spec.name}"


@given(st.lists(st.integers(0, 10**6), unique=True))
def test_numbers_in_names_are_numbers(numbers: list[int]) -> None:
    names = [f"v{n}" for n in numbers]
    assert sorted(names, key=_natural) == [f"v{n}" for n in sorted(numbers)]


@given(st.lists(st.text("abc0123456789._-", min_size=1), max_size=8))
def test_every_list_of_names_can_be_sorted(names: list[str]) -> None:
    assert sorted(sorted(names, key=_natural)) == sorted(names)


def test_components_are_listed_by_kind_then_name() -> None:
    listed = list_components()
    kinds = [KINDS.index(c.spec.kind) for c in listed]
    assert kinds == sorted(kinds)
    for kind in KINDS:
        assert list_components(kind) == [c for c in listed if c.spec.kind == kind]
    assert len({(c.spec.kind, c.id) for c in listed}) == len(listed)


def test_patterns_match_names_ids_and_tags() -> None:
    def names(pattern: str) -> set[str]:
        return {c.spec.name for c in list_components("source", pattern)}

    assert "quickdraw" in names("quick*")
    assert "quickdraw" in names("sketch-zoo/quick*")
    assert "quickdraw" in names("strokes")
    assert "quickdraw" not in names("raster")
    assert "folder" in names("raster")
    assert names("quick") == set()


def test_short_name_and_id_find_the_same() -> None:
    component = find("source", "sketch-zoo/quickdraw")
    assert component.id == "sketch-zoo/quickdraw"
    assert component in list_components("source", "quickdraw")
    with pytest.raises(UnknownComponentError, match='Did you mean "quickdraw"'):
        find("source", "quickdrow")
    with pytest.raises(UnknownComponentError, match='Did you mean "source"'):
        list_components("sources")


@pytest.mark.parametrize("component", OWN, ids=_id)
def test_what_core_describes_exists(component: Component) -> None:
    spec = component.spec
    assert spec.summary
    if isinstance(spec, ComponentSpec):
        assert callable(load(spec.target))
        options = load(spec.options)
        assert issubclass(options, Options)
        assert all(field.description for field in options.model_fields.values())
    if isinstance(spec, PresetSpec):
        from zoo.config import preset_table

        assert preset_table(component.id)


@pytest.mark.parametrize("name", COMMANDS)
def test_built_in_commands_exist(name: str) -> None:
    command = load(COMMANDS[name][0])
    assert isinstance(command, click.Command)
    assert command.help


@pytest.mark.parametrize("name", zoo.__all__)
def test_public_names_resolve(name: str) -> None:
    assert getattr(zoo, name) is not None
    assert name in dir(zoo)


def test_no_submodule_shares_a_name_with_a_public_function() -> None:
    for name in zoo.__all__:
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(f"zoo.{name}")


def test_every_kind_has_a_hook() -> None:
    hooks = vars(hookspecs)
    declared = {name for name, value in hooks.items() if hasattr(value, "zoo_spec")}
    assert declared == {*KIND_OF_HOOK, "zoo_commands"}
    assert all(hooks[name].__doc__ for name in declared)
    assert PLURAL["loss"] == "losses"
    assert discover().plugins[0].id == "sketch-zoo:builtin"


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Big"},
        {"name": ""},
        {"target": "module.attribute"},
        {"options": "module:"},
        {"aliases": ("has space",)},
        {"aliases": "word"},
        {"tags": "word"},
        {"summary": "two\nlines"},
        {"summary": None},
    ],
)
def test_malformed_specs_are_refused(fields: dict[str, object]) -> None:
    good: dict[str, object] = {"name": "x", "summary": "A mask", "target": "module:attribute"}
    MaskSpec(**good)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        GeneratorSpec(**(good | fields))  # type: ignore[arg-type]


def test_an_import_string_that_leads_nowhere_is_the_plugins_fault() -> None:
    for text in ("zoo.nowhere:build", "zoo.errors:nothing"):
        with pytest.raises(PluginError, match=f'cannot import "{text}"'):
            load(text)
