"""Write docs/commands.md: every command with its help, and examples with what they print.

python docs/commands.py

The examples run one after the other in a folder like the one that the page describes. A test runs
them, too, and compares what they print but for numbers.
"""

import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner
from reader import make_folder

from zoo.cli import main

FILE = Path(__file__).with_name("commands.md")
RUN = "runs/001-unet-convdense"
# What long work says now and then, more often on a slow machine.
_PROGRESS = re.compile(r"[^:]*: \d+ of \d+$")
_HEAD = """# Commands

Written by `docs/commands.py`: what each command is for, its flags, and examples with what they
print. They run from top to bottom in a folder that has `sketch.png`, its mask `hole.png`, and
`cat.ndjson`, drawings of Quick, Draw!. The run trains for seconds, so its scores are a beginner's.
What is common to all commands: [index.md](index.md).
"""
# In the order of the page. The later ones read what the earlier ones wrote.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "train": (
        "zoo train --gen unet --disc convdense "
        "--size 32 --batch-size 8 --steps 20 --workers 0 --eager",
    ),
    "resume": (f"zoo resume {RUN}",),
    "runs": ("zoo runs",),
    "report": (f"zoo report {RUN} -o report.html",),
    "complete": (
        "zoo complete sketch.png --mask hole.png",
        f"zoo complete sketch.png --mask hole.png --model {RUN} --samples 2 --vector -o mine.png",
    ),
    "export": ("zoo export fast-64 --format onnx -o fast-64.onnx",),
    "masks preview": ("zoo masks preview --mask box --mask erase_stroke -o holes.png",),
    "evaluate": (
        f"zoo evaluate {RUN} --data quickdraw:path=cat.ndjson --split all --count 16 --size 32 "
        "--save-predictions -o results/mine",
        "zoo evaluate telea --data quickdraw:path=cat.ndjson --split all --count 16 --size 32 "
        "--save-predictions -o results/telea",
    ),
    "leaderboard": ("zoo leaderboard results -o board --data quickdraw:path=cat.ndjson",),
    "compare": ("zoo compare results/mine results/telea --data quickdraw:path=cat.ndjson",),
    "list": ("zoo list discriminators", "zoo list '*128*'"),
    "info": ("zoo info patch",),
    "new": ("zoo new generator halo",),
    "check": ("zoo check telea",),
    "plugins": ("zoo plugins",),
    "doctor": ("zoo doctor",),
    "completion": (),
    "studio": (),
}


def page(folder: Path) -> str:
    """The whole page.

    Args:
        folder: What ``reader.make_folder`` made; the examples are run in it.
    """
    parts = [_HEAD, f"```text\n{_output('zoo --help')}```\n"]
    here = Path.cwd()
    os.chdir(folder)
    try:
        for name, examples in EXAMPLES.items():
            parts.append(f"## zoo {name}\n\n```text\n{_output(f'zoo {name} --help')}```\n")
            parts += [f"```console\n$ {line}\n{_output(line)}```\n" for line in examples]
    finally:
        os.chdir(here)
    return "\n".join(parts)


def _output(line: str) -> str:
    """What a command prints, standard error included.

    Raises:
        ClickException: It failed.
    """
    done = CliRunner(env={"COLUMNS": "80"}).invoke(main, shlex.split(line)[1:])
    if done.exit_code:
        raise click.ClickException(f"{line}: {done.output}")
    said = done.output.replace(sys.executable, "bin/python")
    lines = [text.rstrip() for text in said.splitlines() if not _PROGRESS.match(text)]
    return "\n".join(lines) + "\n"


def without_numbers(text: str) -> Iterator[str]:
    """The lines of a page but for numbers, the spaces that they leave, and lines that repeat."""
    before = None
    for line in text.splitlines():
        line = re.sub(r"\s+", " ", re.sub(r"[+-]?\d[\d.,:e+-]*", "0", line)).strip()
        if line != before:
            yield line
        before = line


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        make_folder(Path(name))
        FILE.write_text(page(Path(name)), encoding="utf-8")
