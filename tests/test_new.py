"""``zoo new``: what is written is complete, clean and consistent; nothing is overwritten."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, strategies as st
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import zoo
from zoo.cli import main
from zoo.cli.new import command
from zoo.commands import COMMANDS
from zoo.describe import option_rows
from zoo.discovery import PLURAL
from zoo.errors import UsageError, ZooError
from zoo.scaffold.names import compatible, new_names
from zoo.scaffold.package import KINDS, Package, new_package

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Package]:
    """One new package of each kind."""
    place = tmp_path_factory.mktemp("new")
    return {kind: new_package(kind, f"halo_{kind}", place / kind) for kind in KINDS}


def texts(package: Package) -> Iterator[tuple[Path, str]]:
    for path in package.path.rglob("*"):
        if path.is_file():
            yield path.relative_to(package.path), path.read_text(encoding="utf-8")


def executed(package: Package, name: str) -> dict[str, Any]:
    """The names that a light module of the package defines."""
    path = package.path / package.names.module / name
    namespace: dict[str, Any] = {"__name__": path.stem}
    exec(compile(path.read_text(), str(path), "exec"), namespace)
    return namespace


@pytest.mark.parametrize("kind", KINDS)
def test_no_placeholder_is_left(packages: dict[str, Package], kind: str) -> None:
    for path, text in texts(packages[kind]):
        assert "$" not in text, path
        assert "MODULE" not in str(path)
        assert path.suffix != ".tmpl"


@pytest.mark.parametrize("kind", KINDS)
def test_the_project_names_what_is_there(packages: dict[str, Package], kind: str) -> None:
    package = packages[kind]
    project = tomllib.loads((package.path / "pyproject.toml").read_text())["project"]
    assert project["name"] == package.names.dist == f"zoo-halo-{kind}"
    module = f"zoo_halo_{kind}"
    assert project["entry-points"]["zoo.plugins"] == {f"halo_{kind}": module}
    (core,) = map(Requirement, project["dependencies"])
    assert core.name == "sketch-zoo"
    assert core.specifier.contains(zoo.__version__, prereleases=True)
    assert (package.path / module / "py.typed").is_file()
    assert (package.path / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_the_plugin_brings_the_component(packages: dict[str, Package], kind: str) -> None:
    package = packages[kind]
    (spec,) = executed(package, "__init__.py")[f"zoo_{PLURAL[kind]}"]()
    assert (spec.kind, spec.name) == (kind, f"halo_{kind}")
    for target in (spec.target, spec.options):
        module, _, attribute = target.partition(":")
        file = package.path / Path(*module.split(".")).with_suffix(".py")
        assert any(f"{word} {attribute}(" in file.read_text() for word in ("def", "class"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_readme_describes_the_options(packages: dict[str, Package], kind: str) -> None:
    package = packages[kind]
    options = option_rows(executed(package, "options.py")[package.names.options])
    assert options
    readme = (package.path / "README.md").read_text()
    for row in options:
        assert row.range or row.type == "bool"
        assert f"| `{row.name}` | {row.default} | {row.description} |" in readme


def test_ruff_and_mypy_have_no_complaint(
    packages: dict[str, Package], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [str(package.path) for package in packages.values()]
    modules = [word for package in packages.values() for word in ("-p", package.names.module)]
    monkeypatch.setenv("MYPYPATH", os.pathsep.join(folders))
    strict = ["--config-file", f"{folders[0]}/pyproject.toml", "--cache-dir", str(tmp_path)]
    for words in (
        ["ruff", "check", "--no-cache", *folders],
        ["ruff", "check", "--no-cache", "--extend-select", "I,UP,B,SIM,RUF,PT,RET,N", *folders],
        ["ruff", "format", "--no-cache", "--check", *folders],
        ["mypy", *strict, *modules],
    ):
        done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", KINDS)
def test_the_format_does_not_depend_on_the_name(kind: str, tmp_path: Path) -> None:
    for name in ("q", "q" * 32):
        new_package(kind, name, tmp_path / name)
    for words in (["check", "--extend-select", "E501,I"], ["format", "--check"]):
        run = [sys.executable, "-m", "ruff", *words, "--no-cache", str(tmp_path)]
        done = subprocess.run(run, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@given(st.one_of(st.text(max_size=50), st.from_regex(r"[a-z0-9_.-]{1,50}", fullmatch=True)))
def test_a_name_is_refused_or_fits_everywhere(name: str) -> None:
    try:
        names = new_names("generator", name)
    except UsageError:
        return
    assert zoo.GeneratorSpec(name=name, summary="", target="a:b").name == name
    assert canonicalize_name(names.dist, validate=True) == names.dist
    assert names.module.isidentifier()
    assert names.options.isidentifier()
    assert zoo.options.parse_expression(name) == (name, {})


@pytest.mark.parametrize(
    "name", ["", "Halo", "3d", "a.b", "a--b", "a-", "_a", "a b", "../a", "a:b", "none", "a" * 33]
)
def test_a_malformed_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="lower-case letters and digits"):
        new_names("loss", name)


def test_a_taken_name_is_refused() -> None:
    with pytest.raises(UsageError, match='a generator "unet" is installed, sketch-zoo-unet/unet'):
        new_names("generator", "unet")
    with pytest.raises(UsageError, match="needs the module zoo_losses, which exists"):
        new_names("generator", "losses")
    assert new_names("loss", "box").name == "box"  # a mask is called so


@pytest.mark.parametrize("there", ["folder", "file", "link"])
def test_nothing_is_overwritten(tmp_path: Path, there: str) -> None:
    path = tmp_path / "mine"
    if there == "folder":
        path.mkdir()
    elif there == "file":
        path.write_text("mine")
    else:
        path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="mine exists: choose another folder with --out"):
        new_package("mask", "halo", path)
    assert [*tmp_path.iterdir()] == [path]
    assert there != "file" or path.read_text() == "mine"
    assert there != "folder" or not any(path.iterdir())


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from zoo.scaffold import package

    written = []

    def write_file(path: Path, data: str) -> None:
        if len(written) == 3:
            raise OSError(28, "No space left on device", str(path))
        path.write_text(data)
        written.append(path)

    monkeypatch.setattr(package, "write_file", write_file)
    with pytest.raises(ZooError, match="halo cannot be written: No space left on device"):
        new_package("mask", "halo", tmp_path / "halo")
    assert len(written) == 3
    assert not any(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = CliRunner().invoke(main, ["new", "mask", "halo", "-o", str(tmp_path / "file" / "x")])
    assert done.exit_code == 1
    (line,) = done.stderr.splitlines()
    assert "cannot be written: Not a directory: choose another --out" in line


def test_the_command_says_what_comes_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert {*KINDS, "model"} == {*command.commands}
    for kind in KINDS:
        done = CliRunner().invoke(main, ["new", kind, f"my_{kind}"])
        assert done.exit_code == 0, done.output
        first, second, *steps = done.stdout.splitlines()
        assert (first, second) == (f"zoo-my-{kind}", "next:")
        assert Path(first, "pyproject.toml").is_file()
        assert steps[:2] == [f"  pip install -e zoo-my-{kind}", f"  zoo check zoo-my-{kind}"]
        program, name, *words = steps[2].split()
        assert program == "zoo"
        assert name in COMMANDS
        assert words[-1] == f"my_{kind}"
    quiet = CliRunner().invoke(main, ["-q", "new", "mask", "other", "-o", "a/b"])
    assert quiet.stdout == "a/b\n"


@pytest.mark.parametrize(
    ("version", "requirement"),
    [
        ("0.1.0", "zoo-a>=0.1.0,<0.2"),
        ("0.12.3+local", "zoo-a>=0.12.3,<0.13"),
        ("1.4", "zoo-a>=1.4,<2"),
        ("2.0rc1", "zoo-a>=2.0rc1,<3"),
    ],
)
def test_compatible_versions(version: str, requirement: str) -> None:
    assert compatible("zoo-a", version) == requirement
    assert Requirement(requirement).specifier.contains(version, prereleases=True)
