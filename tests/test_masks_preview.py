"""``zoo masks preview``: a picture of every mask."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from zoo.cli import main


def zoo(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["masks", "preview", *args])
    return done.exit_code, done.output


def test_a_row_for_each_mask_and_a_column_for_each_drawing(tmp_path: Path) -> None:
    sheets = {}
    for name, args in {
        "all": [],
        "two": ["--mask", "box", "--mask", "gap:count=5"],
        "wide": ["--mask", "box", "--count", "6"],
        "same": ["--mask", "box", "--count", "6"],
        "other": ["--mask", "box", "--count", "6", "--seed", "1"],
    }.items():
        out = tmp_path / f"{name}.png"
        assert zoo("--size", "32", "--count", "2", *args, "-o", str(out)) == (0, f"{out}\n")
        sheets[name] = Image.open(out)
    assert sheets["all"].height > 3 * sheets["two"].height
    assert sheets["wide"].width > 2 * sheets["two"].width
    assert sheets["same"].tobytes() == sheets["wide"].tobytes() != sheets["other"].tobytes()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--mask", "boxx"], 'Did you mean "box"?'),
        (["--mask", "box:side_max=2"], "side_max=2: must be at most 1"),
        (["--mask", "files"], "path is missing"),
        (["--data", "folder:path=nowhere"], "nowhere does not exist"),
        (["--ink-min", "0.7"], "must be below ink_max"),
        (["-o", "sheet.jpg"], "name it sheet.png"),
        (["-o", "nowhere/sheet.png"], "nowhere/sheet.png: cannot be written"),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, output = zoo("--size", "32", "--count", "1", *args)
    (line,) = output.splitlines()
    assert code in (1, 2)
    assert said in line
    assert not list(tmp_path.iterdir())


def test_no_generator_need_be_installed(tmp_path: Path) -> None:
    alone = os.environ | {"ZOO_DISABLE": "unet,convdense,losses"}
    out = tmp_path / "sheet.png"
    words = ("masks", "preview", "--mask", "box", "--size", "32", "--count", "1", "-o", str(out))
    subprocess.run([sys.executable, "-m", "zoo", *words], check=True, env=alone)
    assert out.is_file()
