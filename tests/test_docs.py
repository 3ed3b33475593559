"""The documentation is true: its commands run, its code works, its tables match the code."""

import __future__

import inspect
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

import click
import numpy as np
import pytest
from click.testing import CliRunner
from hatchling.builders.wheel import WheelBuilder
from PIL import Image

import zoo
import zoo.layers
import zoo.testing
from zoo import specs
from zoo.cli import main
from zoo.commands import COMMANDS
from zoo.discovery import KIND_OF_HOOK
from zoo.registry import list_components, load
from zoo.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = {page.name: page for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))}
TEXTS = {name: page.read_text(encoding="utf-8") for name, page in PAGES.items()}
README = TEXTS["README.md"]

# Trained with few steps; every other `zoo train` is planned as it stands there, with --dry-run.
TRAINED = "zoo train --gen unet --disc convdense"
SMALL = {"steps": 2, "size": 32, "batch_size": 8, "workers": 0}
FLAGS = [word for key, n in SMALL.items() for word in (f"--{key.replace('_', '-')}", str(n))]
FLAGS.append("--eager")
# Plugins that the pages write: their commands run where they are installed (tests/host, too).
PLUGIN = re.compile(r"\b(tiny|halo)\b")
# One starts a process for every plugin, one runs until Ctrl-C: tests/host and the studio run them.
ELSEWHERE = {"zoo doctor", "zoo studio"}


def script(name: str) -> ModuleType:
    """A script of ``docs/``."""
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return import_module(name)
    finally:
        sys.path.pop(0)


def blocks(text: str, language: str) -> list[str]:
    """Fenced code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands(text: str) -> list[str]:
    """Lines of the bash blocks without their comments."""
    lines = "\n".join(blocks(text, "bash")).splitlines()
    return [line.partition("  #")[0].strip() for line in lines if line]


def files_in(text: str) -> dict[str, str]:
    """Blocks that begin with a comment that is a path."""
    found = [*blocks(text, "toml"), *blocks(text, "python")]
    matches = [re.match(r"# (\S+\.\w+)\n(.*)", block, re.DOTALL) for block in found]
    return {match[1]: match[2] for match in matches if match}


def contract_examples() -> dict[str, str]:
    """Blocks that say from which contract they are, by the path of its module."""
    pattern = r"<!-- from: (\S+) -->\n\n```python\n(.*?)^```$"
    return dict(re.findall(pattern, TEXTS["plugins.md"], re.DOTALL | re.MULTILINE))


def run(code: str, name: str, flags: int = 0, /, **namespace: Any) -> dict[str, Any]:
    """Execute a block and return the names that it defines."""
    exec(compile(code, name, "exec", flags), namespace)
    return namespace


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a reader might sit: a sketch, a mask, drawings, Quick, Draw! and the pages' files."""
    place = tmp_path_factory.mktemp("reader")
    script("reader").make_folder(place)
    (place / "mine.toml").write_text(files_in(TEXTS["configuration.md"])["mine.toml"])
    return place


@pytest.mark.parametrize("name", PAGES)
def test_a_page_does_what_it_says(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a reader would: the commands first, whose files the Python may open."""
    monkeypatch.chdir(folder)
    run_commands(name, folder)
    namespace = run_python(name)
    if name == "README.md":
        check_run_directory(folder / "runs" / "001-unet-convdense")
        drawing, mask = namespace["drawing"], namespace["mask"]
        completed = namespace["completed"]
        assert (completed.shape, completed.dtype) == (drawing.shape, drawing.dtype)
        assert (completed == drawing)[mask == 0].all()


def run_commands(name: str, folder: Path) -> None:
    """The page's commands, in this process."""
    lines = commands(TEXTS[name])
    if TRAINED not in lines and not (folder / "runs" / "001-unet-convdense").exists():
        lines.insert(0, TRAINED)  # what the README leaves behind
    for line in lines:
        program, *words = shlex.split(line)
        if program != "zoo" or line in ELSEWHERE or PLUGIN.search(line):
            continue
        if line == TRAINED:
            words += FLAGS
        elif words[0] == "train" and "--dry-run" not in words:
            words.append("--dry-run")
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, f"{name}: {line}: {result.output}"


def run_python(name: str) -> dict[str, Any]:
    """The names that the page's blocks define, with trainings made small."""
    own = {*contract_examples().values()}
    namespace: dict[str, Any] = {}
    for block in blocks(TEXTS[name], "python"):
        if block not in own and not block.startswith("# "):
            small = ", ".join(f"{key}={value}" for key, value in SMALL.items())
            block = re.sub(r"steps=\d+", f"{small}, eager=True", block)
            namespace |= run(block, name, **namespace)
    return namespace


def check_run_directory(run: Path) -> None:
    """What the pages say that a run leaves behind is what it left behind."""
    made = {path.name for path in run.iterdir()}
    listing = README.partition("runs/001-unet-convdense/\n")[2].partition("\n\n")[0]
    assert {line.split()[0].rstrip("/") for line in listing.splitlines()} == made
    assert all(f"`{name}" in TEXTS["concepts.md"] for name in made)


def test_other_commands_exist() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    seen = set()
    for line in (line for text in TEXTS.values() for line in commands(text)):
        program, *words = shlex.split(line)
        seen.add(program)
        if program == "make":
            assert set(words) <= set(targets), line
        for asked in re.findall(r"\[(.*?)\]", line) if program == "pip" else ():
            assert set(asked.split(",")) <= set(extras), line
    assert seen == {"zoo", "make", "pip"}
    lines = [line for text in TEXTS.values() for line in commands(text)]
    assert set(lines) >= {TRAINED, *ELSEWHERE}


def test_the_plugin_of_the_readme(tmp_path: Path) -> None:
    files = files_in(README)
    assert sum(len(text.splitlines()) for name, text in files.items() if "/" in name) <= 30
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (wheel,) = WheelBuilder(str(tmp_path)).build(directory=str(tmp_path / "dist"))
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    lines = [line for line in commands(README) if PLUGIN.search(line)]
    assert {line.split()[1] for line in lines} == {"info", "train"}
    code = """
        import shlex, sys
        from zoo.cli import main
        for line in sys.argv[1:]:
            try:
                main(shlex.split(line)[1:])
            except SystemExit as end:
                if end.code:
                    raise
    """
    small = [shlex.join([*line.split(), *FLAGS]) if " train " in line else line for line in lines]
    path = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-c", dedent(code), "zoo list generators", *small],
        env=os.environ | {"PYTHONPATH": path, "ZOO_STRICT": "1"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"^  tiny +Two convolutions +zoo-tiny$", done.stdout, re.MULTILINE)
    assert "channels of the first layer" in done.stdout
    manifest = tmp_path / "runs" / "001-tiny-convdense" / "best" / "manifest.json"
    assert json.loads(manifest.read_text())["options"] == {"width": 16}


def test_the_examples_of_contracts_are_those_of_the_contracts() -> None:
    examples = contract_examples()
    assert len(examples) == 5
    for path, code in examples.items():
        module = import_module(path.removesuffix(".py").replace("/", "."))
        # In a docstring an example is indented by one level.
        text = re.sub(r"^ {4}", "", inspect.getdoc(module) or "", flags=re.MULTILINE)
        assert code.strip() in text, path


def test_the_examples_of_contracts_keep_them() -> None:
    from zoo.quiet import import_tensorflow

    tf = import_tensorflow()
    import keras

    from zoo.contracts.discriminator import check_model
    from zoo.contracts.generator import input_shapes

    names = {"keras": keras, "tf": tf, "np": np, "LossTerm": zoo.LossTerm}
    names |= {"Arrival": zoo.Arrival, "Sketch": zoo.Sketch}
    # The builders' annotations name types that the page speaks of but does not import.
    lazy = __future__.annotations.compiler_flag
    made = {Path(p).stem: run(code, p, lazy, **names) for p, code in contract_examples().items()}
    (tiny,) = (
        run(block, "plugins.md")["TinyOptions"]
        for block in blocks(TEXTS["plugins.md"], "python")
        if "class TinyOptions" in block
    )
    generator = made["generator"]["build"](tiny(width=4), (16, 24, 1))
    assert input_shapes("g", generator) == {"image": (16, 24, 1), "mask": (16, 24, 1)}
    assert generator.output.shape == (None, 16, 24, 1)
    check_model("d", made["discriminator"]["build"](tiny(width=4), (16, 24, 1)))
    (term,) = made["loss"]["build"](zoo.Options())
    assert term.name == "l1"
    rng = np.random.default_rng(0)
    grow = made["mask"]["build"](zoo.Options())(rng, np.ones((8, 12), np.float32), None, 0.0)
    sizes = [grow(s).sum() for s in (0.0, 0.5, 1.0)]
    assert sizes == sorted(sizes)
    assert sizes[-1] > 0
    crosses = made["source"]["Crosses"]()
    assert crosses[3].group == crosses.group(3)
    assert len(crosses[3].strokes) == 2


def test_tables_are_what_the_code_says() -> None:
    tables = script("tables")
    for name, text in TEXTS.items():
        assert tables.fill(text) == text, f"{name}: run python docs/tables.py"


def test_the_reference_is_what_the_docstrings_say() -> None:
    assert script("reference").page() == TEXTS["reference.md"], "run python docs/reference.py"


def test_the_commands_print_what_their_page_says(tmp_path: Path) -> None:
    commands = script("commands")
    script("reader").make_folder(tmp_path)
    made, written = commands.page(tmp_path), TEXTS["commands.md"]
    lines = [*commands.without_numbers(made)]
    assert lines == [*commands.without_numbers(written)], "run python docs/commands.py"
    assert {name.split()[0] for name in commands.EXAMPLES} == {*COMMANDS, "studio"}


def test_the_datas_way_is_drawn_as_it_is(tmp_path: Path) -> None:
    way = script("way")
    way.draw(tmp_path / "way.png")
    shown, drawn = (np.asarray(Image.open(f), int) for f in (way.FILE, tmp_path / "way.png"))
    assert shown.shape == drawn.shape
    assert np.abs(shown - drawn).mean() < 0.05


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    for name, text in TEXTS.items():
        languages = set(re.findall(r"^```(.*)\n", text, re.MULTILINE)) - {""}
        kinds = {"bash", "python", "toml", "text"} | (
            {"console"} if name == "commands.md" else set()
        )
        assert languages <= kinds, name


@pytest.mark.parametrize("name", sorted(PAGES.keys() - {"commands.md"}))
def test_commands_that_would_take_hours_are_commands(name: str) -> None:
    """Those in blocks of plain text and in indented lines: their words and files are right."""
    prose = re.sub(r"^```.*?^```$", "", TEXTS[name], flags=re.DOTALL | re.MULTILINE)
    indented = re.findall(r"^ {4}(.*)$", prose, re.MULTILINE)
    lines = "\n".join([*blocks(TEXTS[name], "text"), *indented]).replace("\\\n", " ")
    for line in re.findall(r"^(?:zoo|python) .*$", lines, re.MULTILINE):
        program, first, *words = shlex.split(line.partition("  #")[0])
        if program == "zoo":
            # As in the program: a command keeps the names of its help flag from its first context.
            whole = click.Context(main, **main.context_settings)
            command = main.get_command(whole, first)
            assert command is not None, line
            command.make_context(first, words, parent=whole)
        elif first.endswith(".py"):
            assert (ROOT / first).is_file(), line
            flags = {word for word in words if word.startswith("--")}
            folder = "\n".join(path.read_text() for path in (ROOT / first).parent.glob("*.py"))
            assert all(f'"{flag}"' in folder for flag in flags), line


def _spec_fields() -> set[str]:
    classes = [value for value in vars(specs).values() if isinstance(value, type)]
    return {f.name for c in classes if issubclass(c, specs.Spec) for f in fields(c)}


def _variables() -> set[str]:
    code = "\n".join(path.read_text() for path in (ROOT / "zoo").rglob("*.py"))
    return set(re.findall(r"\bZOO_[A-Z]+", code))


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("index.md", {f"zoo {command}" for command in COMMANDS}),
        ("api.md", {*zoo.__all__, *zoo.layers.__all__, *zoo.testing.__all__}),
        ("index.md", _variables()),
        ("configuration.md", set(Settings.model_fields)),
        ("plugins.md", {*KIND_OF_HOOK, "zoo_commands"}),
        ("plugins.md", _spec_fields()),
    ],
)
def test_nothing_is_missing(page: str, names: set[str]) -> None:
    assert names
    missing = {name for name in names if not re.search(rf"`{name}[`=]", TEXTS[page])}
    assert not missing, page


def test_every_option_of_a_component_is_documented() -> None:
    """Those of a plugin in its README, core's own in docs/."""
    missing = []
    for component in list_components():
        if isinstance(component.spec, specs.ComponentSpec):
            plugin = component.plugin.dist.removeprefix("sketch-zoo").removeprefix("-")
            page = ROOT / "plugins" / plugin / "README.md"
            text = page.read_text(encoding="utf-8") if plugin else "\n".join(TEXTS.values())
            for option in load(component.spec.options).model_fields:
                if not re.search(rf"`{option}[`=,]", text):
                    missing.append(f"{component.id}: {option}")
    assert missing == []


def test_every_flag_of_a_command_says_what_it_does() -> None:
    silent = [
        f"{command.name}: {option.name}"
        for command in every_command()
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []


def every_command() -> Iterator[click.Command]:
    """The program, its commands, those of plugins and those below them."""
    waiting: list[click.Command] = [main]
    while waiting:
        command = waiting.pop()
        yield command
        if isinstance(command, click.Group):
            ctx = click.Context(command)
            found = (command.get_command(ctx, name) for name in command.list_commands(ctx))
            waiting += [below for below in found if below is not None]


def flags_of(parameter: click.Parameter) -> list[str]:
    return [*parameter.opts, *parameter.secondary_opts]


def test_every_flag_in_the_docs_exists() -> None:
    known = {flag for command in every_command() for o in command.params for flag in flags_of(o)}
    for name, text in TEXTS.items():
        flags = set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*\b", text))
        assert flags <= known | {"--help"}, name


def test_links_lead_somewhere() -> None:
    for name, text in TEXTS.items():
        for link in re.findall(r"\]\(([^)#]+)\)", text):
            if "://" not in link:
                assert (PAGES[name].parent / link).exists(), f"{name}: {link}"
