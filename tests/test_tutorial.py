"""The notebook runs from its first cell to its last: here with few steps."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from zoo.cli import main

NOTEBOOK = Path(__file__).parents[1] / "docs" / "tutorial.ipynb"
CELLS = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
CODE = ["".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "code"]
# What the notebook shows: printed when all its steps were trained.
SHOWN = "".join(
    "".join(output["text"])
    for cell in CELLS
    for output in cell.get("outputs", ())
    if output.get("name") == "stdout"
)
TEXT = "\n".join("".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "markdown")


def without_numbers(text: str) -> list[str]:
    """Lines that say something, with every number 0."""
    lines = re.sub(r"\d[\d.e-]*", "0", text).splitlines()
    return [" ".join(line.split()) for line in lines if line]


def test_every_cell_runs_in_turn(tmp_path: Path) -> None:
    # A notebook is one module, __main__, and so is this.
    script = tmp_path / "tutorial.py"
    script.write_text("\n\n".join(CODE), encoding="utf-8")
    few = {"ZOO_TUTORIAL_STEPS": "2", "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        env=os.environ | few,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    scores = re.findall(r"^(\w+) +0\.\d{3} \(", done.stdout, re.MULTILINE)
    assert scores == ["blank", "full", "telea", "navier_stokes", "first", "first", "second"]
    assert "same outside of the hole: True" in done.stdout
    assert "onnx, float32, 64x64" in done.stdout
    assert without_numbers(done.stdout) == without_numbers(SHOWN)
    manifest = json.loads((tmp_path / "second" / "best" / "manifest.json").read_text())
    assert manifest["generator"] == "local/ring"


def test_what_the_cells_say_of_the_command_line_is_true() -> None:
    (command,) = re.findall(r"^    (zoo train (?:.*\\\n)*.*)", TEXT, re.MULTILINE)
    words = shlex.split(command.replace("\\\n", " "))[1:]
    done = CliRunner().invoke(main, [*words, "--dry-run"])
    assert done.exit_code == 0, done.output
    assert re.search(r"STEPS\", (\d+)", CODE[0])[1] in words


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", TEXT))
def test_its_links_lead_somewhere(link: str) -> None:
    assert (NOTEBOOK.parent / link).exists()
