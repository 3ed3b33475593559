"""``zoo complete``: what it writes, and one line for everything that cannot be."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from zoo.bundles import write_bundle
from zoo.cli import main
from zoo.config import resolve
from zoo.quiet import import_tensorflow

import_tensorflow()
from zoo.training.state import build_generator  # noqa: E402

HOLE = np.zeros((40, 60), bool)
HOLE[13:27, 20:41] = True
GOOD = "page.png --hole 9,9,9,9 --model model"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    config = resolve({"size": 32, "gen": "unet:depth=2,width=8", "disc": "none"})
    path = tmp_path_factory.mktemp("model") / "bundle"
    write_bundle(path, build_generator(config), config.gen, 32, 1, "Random weights.\n")
    return path


def snapshot(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


@pytest.fixture
def desk(tmp_path: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with pictures good and bad, a model, and an earlier result."""
    pixels = np.full((40, 60), 255, np.uint8)
    pixels[18:21], pixels[:, 29:32] = 0, 0
    page = Image.fromarray(pixels)
    page.save(tmp_path / "page.png")
    page.convert("RGB").save(tmp_path / "page.jpg")
    Image.fromarray(HOLE).save(tmp_path / "mask.png")
    Image.new("L", (60, 40)).save(tmp_path / "black.png")
    Image.new("L", (40, 60), 255).save(tmp_path / "turned.png")
    (tmp_path / "text.png").write_text("not an image")
    (tmp_path / "cut.png").write_bytes((tmp_path / "page.png").read_bytes()[:-60])
    (tmp_path / "empty.png").touch()
    (tmp_path / "old.png").write_bytes(b"an earlier result")
    (tmp_path / "link.png").symlink_to(tmp_path / "page.png")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "no model").mkdir()
    shutil.copytree(bundle, tmp_path / "model")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fails(desk: Path, args: str, code: int, said: str) -> None:
    before = snapshot(desk)
    result = CliRunner().invoke(main, ["complete", *args.split()])
    assert result.exit_code == code, result.stderr
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert said in line
    assert snapshot(desk) == before


def test_it_completes(desk: Path) -> None:
    args = ["complete", "page.png", "--mask", "mask.png", "--model", "model", "-o", "old.png"]
    result = CliRunner().invoke(main, args)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "old.png\n", "")
    with Image.open(desk / "old.png") as completed, Image.open(desk / "page.png") as page:
        assert np.array_equal(np.asarray(completed)[~HOLE], np.asarray(page)[~HOLE])
    args = ["-q", "complete", "page.jpg", "--hole=9,9,9,9", "--model", "model", "--samples", "2"]
    result = CliRunner().invoke(main, args)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert (desk / "page-completed-1.png").is_file()
    assert (desk / "page-completed-2.png").is_file()
    assert not [name for name in snapshot(desk) if name.endswith(".partial")]


@pytest.mark.parametrize("out", ["-o new.png", "-o old.png", ""])
@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ("page.png --mask turned.png --model model", 2, "turned.png is 40x60 pixels, but"),
        ("page.png --mask black.png --model model", 2, "mask black.png covers nothing"),
        ("page.png --mask missing.png --model model", 1, "missing.png: no such file"),
        ("page.png --mask text.png --model model", 1, "text.png: not an image"),
        ("page.png --model model", 2, "nothing says what to redraw of page.png"),
        (
            "page.png --mask mask.png --hole 9,9,9,9 --model model",
            2,
            "say once what to redraw: --mask",
        ),
        ("page.png --hole 60,0,5,5 --model model", 2, "covers nothing of page.png, which is 60x40"),
        ("page.png --hole=-9,-9,9,9 --model model", 2, "covers nothing of page.png"),
        ("page.png --hole 9,9,9 --model model", 2, '"9,9,9" is not x,y,w,h'),
        ("page.png --hole 9,9,9,9,9 --model model", 2, "is not x,y,w,h"),
        ("page.png --hole 9,9,a,9 --model model", 2, "is not x,y,w,h"),
        ("page.png --hole 9,9,1.5,9 --model model", 2, "is not x,y,w,h"),
        ("page.png --hole 9,9,0,9 --model model", 2, "w and h must be above 0"),
        ("page.png --hole 9,9,9,-9 --model model", 2, "w and h must be above 0"),
        (f"{GOOD} --samples 0", 2, "--samples"),
        (f"{GOOD} --seed -1", 2, "--seed"),
        ("missing.png --hole 9,9,9,9 --model model", 1, "missing.png: no such file"),
        ("text.png --hole 9,9,9,9 --model model", 1, "text.png: not an image"),
        ("empty.png --hole 9,9,9,9 --model model", 1, "empty.png: not an image"),
        ("cut.png --hole 9,9,9,9 --model model", 1, "cut.png: cannot be read as an image"),
        ("page.png --hole 9,9,9,9 --model folder.png", 2, "neither a run directory nor a model"),
        ("page.png --hole 9,9,9,9 --model page.png", 2, "neither a run directory nor a model"),
        ("page.png --hole 9,9,9,9 --model nope", 2, 'No run, bundle or model "nope"'),
    ],
)
def test_bad_input_is_one_line(desk: Path, args: str, code: int, said: str, out: str) -> None:
    fails(desk, f"{args} {out}", code, said)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (f"{GOOD} -o missing/new.png", 1, "missing is not a folder: make it first"),
        (f"{GOOD} -o text.png/new.png", 1, "text.png is not a folder"),
        (f"{GOOD} -o folder.png", 1, "folder.png is a folder"),
        (f"{GOOD} -o new.jpg", 2, "new.jpg: completions are written as PNG: name it new.png"),
        (f"{GOOD} -o new", 2, "completions are written as PNG"),
        (f"{GOOD} -o page.png", 2, "page.png is the input: choose another --out"),
        (f"{GOOD} -o ./folder.png/../page.png", 2, "is the input"),
        (f"{GOOD} -o link.png", 2, "link.png is the input"),
        ("page.png --mask mask.png --model model -o mask.png", 2, "mask.png is the input"),
    ],
)
def test_bad_output_is_one_line(desk: Path, args: str, code: int, said: str) -> None:
    fails(desk, args, code, said)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 128
    path.write_bytes(data)


def age(path: Path) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 9}))


@pytest.mark.parametrize(
    ("harm", "name", "said"),
    [
        (cut, "generator.weights.h5", "generator.weights.h5 is damaged"),
        (flip, "generator.weights.h5", "generator.weights.h5 is damaged"),
        (Path.unlink, "generator.weights.h5", "generator.weights.h5 is missing"),
        (lambda path: path.write_text("{"), "manifest.json", "manifest.json is damaged"),
        (flip, "manifest.json", "manifest.json is damaged"),
        (age, "manifest.json", "format 9 is newer than this zoo"),
    ],
)
def test_a_damaged_model_is_one_line(
    desk: Path, harm: Callable[[Path], None], name: str, said: str
) -> None:
    harm(desk / "model" / name)
    fails(desk, f"{GOOD} -o old.png", 1, said)


@pytest.mark.parametrize("out", ["new.png", "old.png"])
def test_a_full_disk_is_one_line_and_keeps_what_was_there(desk: Path, out: str) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50, hard))
    try:
        fails(desk, f"{GOOD} -o {out}", 1, f"{out}: cannot be written: File too large")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_page_beyond_the_limit_is_one_line(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 2000)
    fails(desk, f"{GOOD} -o new.png", 1, "page.png: more than 2,000 pixels, the limit")


def test_with_no_model_installed_the_error_says_which_package_brings_one(desk: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zoo", "complete", "page.png", "--hole", "9,9,9,9"],
        capture_output=True,
        text=True,
        env=os.environ | {"ZOO_DISABLE": "models"},
    )
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "pip install sketch-zoo-models" in line


def test_ctrl_c_leaves_whole_files(desk: Path) -> None:
    scans = desk / "scans"
    scans.mkdir()
    for number in range(500):
        shutil.copy(desk / "page.png", scans / f"{number:03}.png")
    words = ["complete", "scans", "--hole", "9,9,9,9", "--model", "model", "-o", "done"]
    process = subprocess.Popen(
        [sys.executable, "-m", "zoo", *words], stderr=subprocess.PIPE, text=True, env=os.environ
    )
    while not list(desk.glob("done/002.png")):
        assert process.poll() is None, process.stderr
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    made = sorted(desk.glob("done/*"))
    assert 3 <= len(made) < 500
    for path in made:
        with Image.open(path) as picture:
            assert picture.size == (60, 40)
            picture.load()
