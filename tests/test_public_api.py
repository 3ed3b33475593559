"""Plugins have no private door: what they import and name of zoo is public."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PUBLIC = {name: {*import_module(name).__all__} for name in ("zoo", "zoo.layers", "zoo.testing")}
FILES = sorted([*(ROOT / "plugins").rglob("*.py"), *(ROOT / "tests" / "stranger").rglob("*.py")])


def private(tree: ast.AST) -> Iterator[str]:
    """What a module takes of zoo that is not public."""
    modules = {"zoo": "zoo"}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for name in names:
                    if name.name.partition(".")[0] == "zoo":
                        if name.name not in PUBLIC:
                            yield name.name
                        elif name.asname:
                            modules[name.asname] = name.name
            case ast.ImportFrom(module=str(module), names=names, level=0):
                if module.partition(".")[0] != "zoo":
                    continue
                for name in names:
                    if f"{module}.{name.name}" in PUBLIC:
                        modules[name.asname or name.name] = f"{module}.{name.name}"
                    elif name.name not in PUBLIC.get(module, ()):
                        yield f"{module}.{name.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (owner := _owner(node.value, modules)):
            full = f"{owner}.{node.attr}"
            if node.attr not in PUBLIC[owner] and full not in PUBLIC:
                yield full


def _owner(node: ast.expr, modules: dict[str, str]) -> str:
    """The public module that an expression names, or an empty string."""
    if isinstance(node, ast.Name):
        return modules.get(node.id, "")
    if isinstance(node, ast.Attribute):
        full = f"{_owner(node.value, modules)}.{node.attr}"
        return full if full in PUBLIC else ""
    return ""


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_plugins_use_only_what_is_public(file: Path) -> None:
    assert not {*private(ast.parse(file.read_text(encoding="utf-8")))}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import zoo\nzoo.Options, zoo.layers.normalise", set()),
        ("import zoo.layers as zl\nfrom zoo import testing\nzl.normalise, testing.subjects", set()),
        ("from zoo_mine.options import Mine\nfrom .options import Mine", set()),
        ("import zoo.registry", {"zoo.registry"}),
        ("from zoo.training.step import make_step", {"zoo.training.step.make_step"}),
        ("from zoo import registry", {"zoo.registry"}),
        ("from zoo.layers import pooling", {"zoo.layers.pooling"}),
        ("import zoo\nzoo.registry.find", {"zoo.registry"}),
        ("import zoo.layers as zl\nzl.pooling", {"zoo.layers.pooling"}),
        ("import zoo\nzoo.layers._secret", {"zoo.layers._secret"}),
    ],
)
def test_a_private_door_is_seen(code: str, found: set[str]) -> None:
    assert {*private(ast.parse(code))} == found
