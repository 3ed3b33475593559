"""Manners of the command line: exit codes, one line per error, JSON, pipes."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from zoo.cli import main
from zoo.cli.table import columns
from zoo.commands import COMMANDS


def zoo(*args: str) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(main, args)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["lst"], 'No command "lst". Did you mean "list"?'),
        (["list", "sorces"], 'No kind "sorces". Did you mean "sources"?'),
        (["list", "--jsn"], "--jsn"),
        (["--nope"], "zoo --help"),
        (["info"], "NAME"),
        (["info", "quickdrw"], 'No component "quickdrw". Did you mean "quickdraw"?'),
        (["info", "--kind", "mask", "bx"], 'No mask "bx". Did you mean "box"? Installed: box'),
        (["info", "sketch-zoo/bx", "--kind", "mask"], 'Did you mean "sketch-zoo/box"?'),
        (["info", "some-package/unet", "--kind", "generator"], "pip install some-package"),
        (["info", "quickdraw", "--size", "64"], "has no layers"),
        (["info", "quickdraw:path"], "key=value"),
        (["completion", "tcsh"], "tcsh"),
    ],
)
def test_bad_usage_is_one_line_and_exit_code_2(args: list[str], said: str) -> None:
    result = zoo(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert said in line


def test_help_teaches_and_names_every_command() -> None:
    text = zoo("--help").stdout
    assert text == zoo().stdout == zoo("-h").stdout
    assert "zoo train --gen unet --disc convdense" in text
    assert all(f"  {name} " in text for name in COMMANDS)


@pytest.mark.parametrize(
    ("group", "said"), [("new", "zoo new generator halo"), ("masks", "preview")]
)
def test_a_group_alone_shows_its_help_and_exit_code_2(group: str, said: str) -> None:
    result = zoo(group)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Usage: zoo {group} ")
    assert said in result.stderr


def test_plural_singular_and_pattern_agree() -> None:
    assert zoo("list", "mask").stdout == zoo("list", "masks").stdout != ""
    found = json.loads(zoo("list", "*draw*", "--json").stdout)
    assert "sketch-zoo/quickdraw" in {item["id"] for item in found}
    nothing = zoo("list", "masks", "xyz")
    assert (nothing.exit_code, nothing.stdout) == (0, "")
    assert 'No mask matches "xyz"' in nothing.stderr


def test_info_shows_types_ranges_defaults_and_the_keys_of_core() -> None:
    assert "required" in zoo("info", "sketch-zoo/folder").stdout
    text = zoo("info", "sketch-zoo/quickdraw").stdout
    assert "options of every source" in text
    assert "> 0, <= 64" in text
    data = json.loads(zoo("info", "sketch-zoo/quickdraw", "--json").stdout)
    assert data["options"]["properties"]["limit"]["default"] is None
    assert "pen" in data["core_options"]["properties"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str) -> None:
    text = zoo("completion", shell).stdout
    assert "_ZOO_COMPLETE" in text
    assert f"zoo completion {shell} > " in text


def _complete(words: str) -> list[str]:
    variables = {"_ZOO_COMPLETE": "bash_complete", "COMP_WORDS": words}
    variables |= {"COMP_CWORD": str(len(words.split(" ")) - 1)}
    done = subprocess.run(
        [sys.executable, "-m", "zoo"], env=os.environ | variables, capture_output=True, text=True
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


def test_the_shell_completes_commands_kinds_and_names() -> None:
    assert _complete("zoo pl") == ["plugins"]
    assert _complete("zoo list so") == ["sources"]
    assert _complete("zoo info quickd") == ["quickdraw"]
    assert "sketch-zoo/quickdraw" in _complete("zoo info sketch-zoo/q")


def _script(body: str, *args: str) -> list[str]:
    """A process whose ``zoo doctor`` is replaced by a command with the given body."""
    code = f"""
import click, sys, types
import zoo.cli
from zoo.errors import DataError
@click.command()
def command():
{textwrap.indent(textwrap.dedent(body), "    ")}
module = types.ModuleType("zoo.cli.doctor")
module.command = command
sys.modules["zoo.cli.doctor"] = module
zoo.cli.main([*sys.argv[1:], "doctor"])
"""
    return [sys.executable, "-c", code, *args]


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("raise DataError('no drawing\\nin here')", 1, "Error: no drawing in here\n"),
        ("1 / 0", 1, "Error: internal: ZeroDivisionError: division by zero; run again with: "),
        ("raise OSError(28, 'No space left', 'a.png')", 1, "Error: a.png: No space left\n"),
    ],
)
def test_run_time_errors_are_one_line(body: str, code: int, said: str) -> None:
    done = subprocess.run(_script(body), capture_output=True, text=True)
    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    told = subprocess.run(_script(body, "--debug"), capture_output=True, text=True)
    assert told.returncode == code
    assert "Traceback" in told.stderr
    quiet = {**os.environ, "ZOO_DEBUG": "1"}
    assert (
        "Traceback"
        in subprocess.run(_script(body), capture_output=True, text=True, env=quiet).stderr
    )


def test_ctrl_c_exits_130() -> None:
    body = "import time; print('ready', flush=True); time.sleep(60)"
    with subprocess.Popen(
        _script(body), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in stderr


def test_a_closed_pipe_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "zoo", "list"], stdout=write, stderr=subprocess.PIPE, text=True
    )
    os.close(write)
    assert "Error" not in done.stderr
    assert "Traceback" not in done.stderr


def test_another_keras_backend_is_refused(tmp_path: Path) -> None:
    code = "from zoo.quiet import import_tensorflow; import_tensorflow()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        capture_output=True,
        text=True,
    )
    assert "UsageError" in done.stderr.splitlines()[-1]
    assert "KERAS_BACKEND=tensorflow" in done.stderr


def test_a_failing_import_shows_what_was_kept_back(tmp_path: Path) -> None:
    (tmp_path / "tensorflow.py").write_text(
        "import os\nos.write(2, b'libcudart is missing\\n')\nraise ImportError('broken')\n"
    )
    code = "from zoo.quiet import import_tensorflow; import_tensorflow()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "libcudart is missing" in done.stderr
    assert "ImportError: broken" in done.stderr


def test_columns_align_and_leave_no_trailing_space() -> None:
    assert columns([("a", "1"), ("long", "22"), ("b", "")], right=(1,)) == [
        "  a      1",
        "  long  22",
        "  b",
    ]
    assert columns([]) == []
