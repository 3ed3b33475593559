"""A module's components are added to a process without a package."""

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

import zoo
from zoo import discovery
from zoo.errors import PluginError
from zoo.registry import build, find

CODE = """
import zoo
from pydantic import Field

class TinyOptions(zoo.Options):
    width: int = Field(4, ge=1, description="channels")

def build(options, image_shape):
    return (options.width, image_shape)

@zoo.hookimpl
def zoo_generators():
    return [zoo.GeneratorSpec(
        name=NAME, summary="Tiny", target=f"{__name__}:build", options=f"{__name__}:TinyOptions"
    )]
"""


@pytest.fixture(autouse=True)
def as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "_added", {})


@pytest.fixture
def module() -> Iterator[ModuleType]:
    module = ModuleType("a_notebook")
    module.__dict__["NAME"] = "tiny"
    exec(CODE, module.__dict__)
    sys.modules[module.__name__] = module
    yield module
    del sys.modules[module.__name__]


def test_it_is_found_listed_and_built(module: ModuleType) -> None:
    before = zoo.list_components()
    zoo.add_plugin(module)
    component = find("generator", "tiny")
    assert component.id == "local/tiny"
    assert find("generator", "local/tiny") == component
    assert len(zoo.list_components()) == len(before) + 1
    options = module.TinyOptions(width=9)
    assert build("generator", "tiny", options, (8, 8, 1)) == (9, (8, 8, 1))


def test_added_again_it_replaces_what_it_was(module: ModuleType) -> None:
    zoo.add_plugin(module)
    module.__dict__["NAME"] = "tiny2"
    zoo.add_plugin(module)
    assert find("generator", "tiny2").id == "local/tiny2"
    with pytest.raises(zoo.ZooError, match=r'No generator "tiny"\. Did you mean "tiny2"'):
        find("generator", "tiny")
    with pytest.raises(zoo.ZooError, match=r'"local/tiny": add the module that brings it first'):
        find("generator", "local/tiny")


def test_a_name_that_is_taken_needs_its_full_id(module: ModuleType) -> None:
    module.__dict__["NAME"] = "unet"
    zoo.add_plugin(module)
    with pytest.raises(zoo.ZooError, match='"local/unet"'):
        find("generator", "unet")
    assert find("generator", "sketch-zoo-unet/unet").id == "sketch-zoo-unet/unet"
    other = ModuleType("another")
    other.zoo_generators = module.zoo_generators
    with pytest.raises(PluginError, match=r'two generators are called "local/unet"'):
        zoo.add_plugin(other)


def test_what_is_no_plugin_is_refused_and_changes_nothing(module: ModuleType) -> None:
    before = zoo.list_components()
    with pytest.raises(PluginError, match="module empty has no hooks: decorate them"):
        zoo.add_plugin(ModuleType("empty"))
    exec("@zoo.hookimpl\ndef zoo_generatorz(): return []", module.__dict__)
    with pytest.raises(PluginError, match='unknown hook "zoo_generatorz"'):
        zoo.add_plugin(module)
    assert zoo.list_components() == before
