"""The walk from nothing to a published architecture, as docs/plugins.md describes it."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hatchling.builders.wheel import WheelBuilder
from PIL import Image

PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"
# Small, and quick: what the page says trains for minutes.
FLAGS = "--steps 5 --size 32 --batch-size 2 --workers 0 --eager --data doodles:count=120"
FIRST_PARTY = ("losses", "patch")


@pytest.fixture
def walkthrough() -> str:
    """The section's text."""
    text = PAGE.read_text(encoding="utf-8")
    return text.partition("## From nothing to a published architecture")[2].partition("\n## ")[0]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def wheel(folder: Path) -> Path:
    (made,) = WheelBuilder(str(folder)).build(directory=str(folder / "dist"))
    return Path(made)


def test_from_nothing_to_a_published_architecture(
    walkthrough: str, new_environment: Callable[[], Any]
) -> None:
    environment = new_environment()
    root: Path = environment.root
    page = np.full((40, 56), 255, np.uint8)
    page[20:22] = 0
    Image.fromarray(page).save(root / "sketch.png")
    Image.fromarray((np.arange(56) // 20 == 1).astype(np.uint8)[None].repeat(40, 0) * 255).save(
        root / "hole.png"
    )
    new, *rest = [line for block in blocks(walkthrough, "bash") for line in block.splitlines()]
    run_line(environment, new)
    listing = walkthrough.partition("    zoo-halo/\n")[2].partition("\n\n")[0]
    names = [name for line in listing.splitlines() for name in re.split(r" {3,}", line)[1].split()]
    assert len(names) == 7
    assert all((root / "zoo-halo" / name).is_file() for name in names)
    for block in blocks(walkthrough, "python"):
        name, _, code = block.removeprefix("# ").partition("\n")
        (root / "zoo-halo" / name).write_text(code)
    assert "pip install -e" in walkthrough
    environment.install(wheel(root / "zoo-halo"))
    for line in rest:
        run_line(environment, line)
    assert (root / "sketch-completed.png").is_file()
    assert "halo" in (root / "board" / "leaderboard.md").read_text()
    environment.install(wheel(root / "zoo-halo-64"))
    assert "halo-64" in environment.zoo("list", "models").stdout
    words = ["complete", "sketch.png", "--mask", "hole.png", "--model", "halo-64"]
    done = environment.zoo(*words)
    assert done.returncode == 0, done.stderr


def run_line(environment: Any, line: str) -> None:
    """Run a line of the page, with few steps."""
    program, command, *words = shlex.split(line)
    assert program == "zoo"
    if command == "train":
        words += shlex.split(FLAGS)
    done = environment.zoo(command, *words, enable=FIRST_PARTY)
    assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
