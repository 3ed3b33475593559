"""A folder of image files."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from zoo.contracts.source import Source
from zoo.data.folder import build
from zoo.data.options import FolderOptions, QuickdrawOptions
from zoo.data.quickdraw import build as build_quickdraw
from zoo.errors import DataError
from zoo.options import validate
from zoo.sketch.strokes import fit_strokes, rasterise


def save(file: Path, light: bool = False) -> None:
    """A 30x20 page with a vertical line whose column tells the file's name."""
    tones = np.full((20, 30), 255, np.uint8)
    tones[3:17, len(file.stem) : len(file.stem) + 2] = 0
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(255 - tones if light else tones).save(file)


def opened(path: Path, ink: str = "auto") -> Source:
    return build(validate(FolderOptions, {"path": str(path), "ink": ink}, "source folder"))


def test_images_are_found_in_nested_folders_and_sorted(tmp_path: Path) -> None:
    names = ["b.png", "cats/z.PNG", "cats/a b.gif", "dogs/big/é.bmp", "a.tiff"]
    for name in names:
        save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("not an image, and not meant as one")
    (tmp_path / "folder.png").mkdir()
    source = opened(tmp_path)
    assert [source[i].key for i in range(len(source))] == sorted(names)
    assert [source.group(i) for i in range(len(source))] == sorted(names)
    assert [source[i].label for i in range(len(source))] == [
        tmp_path.name,
        tmp_path.name,
        "cats",
        "cats",
        "big",
    ]
    assert not source.skipped
    sketch = source[0]
    assert sketch.group == sketch.key
    assert sketch.strokes is None
    assert sketch.raster is not None
    assert sketch.raster.dtype == np.float32
    assert sketch.raster.shape == (20, 30)
    assert sketch.raster[5].tolist() == [0, 1, 1] + [0] * 27


def test_the_tone_of_the_ink_is_the_users_choice(tmp_path: Path) -> None:
    save(tmp_path / "page.png", light=True)
    dark, light, auto = (opened(tmp_path, ink)[0].raster for ink in ("dark", "light", "auto"))
    assert dark is not None
    assert light is not None
    assert auto is not None
    assert light.sum() == 28
    assert np.array_equal(light, auto)
    assert np.array_equal(light, 1 - dark)


def test_bad_images_are_skipped_and_counted(tmp_path: Path) -> None:
    save(tmp_path / "good.png")
    (tmp_path / "words.jpg").write_text("words")
    (tmp_path / "empty.webp").touch()
    noise = np.random.default_rng(0).integers(0, 256, (200, 200), np.uint8)
    Image.fromarray(noise).save(tmp_path / "cut.jpg")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "cut.jpg").read_bytes()[:-2000])
    source = opened(tmp_path)
    assert len(source) == 1
    assert len(source.skipped) == 3
    for line, name in zip(source.skipped, ["cut.jpg", "empty.webp", "words.jpg"], strict=True):
        assert name in line
        assert "\n" not in line


def test_all_bad_is_an_error_with_count_and_reason(tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"?")
    with pytest.raises(DataError, match=r"none of 2 images can be read.*a\.png: not an image"):
        opened(tmp_path)


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no image.*\.png"):
        opened(tmp_path)
    with pytest.raises(DataError, match="does not exist"):
        opened(tmp_path / "missing")
    (tmp_path / "page.png").touch()
    with pytest.raises(DataError, match="is a file"):
        opened(tmp_path / "page.png")


def test_a_file_that_vanishes_is_named(tmp_path: Path) -> None:
    save(tmp_path / "page.png")
    source = opened(tmp_path)
    (tmp_path / "page.png").unlink()
    with pytest.raises(DataError, match=r"page\.png: no such file"):
        source[0]


def test_real_drawings_come_back_from_files(tmp_path: Path, shared_data: Path) -> None:
    path = str(shared_data / "quickdraw" / "cat.ndjson.gz")
    drawings = build_quickdraw(validate(QuickdrawOptions, {"path": path, "limit": 12}, "quickdraw"))
    inks = [
        rasterise(fit_strokes(drawings[i].strokes or (), 99, 140, 5), 99, 140, 2) for i in range(12)
    ]
    for i, ink in enumerate(inks):
        Image.fromarray(np.rint(255 * (1 - ink)).astype(np.uint8)).save(tmp_path / f"{i:02}.png")
    source = opened(tmp_path)
    assert len(source) == 12
    for i, ink in enumerate(inks):
        assert source[i].raster == pytest.approx(ink, abs=0.03)


def test_pictures_of_trainings_are_no_drawings(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "001"
    (run / "samples").mkdir(parents=True)
    (run / "metrics.jsonl").touch()
    for file in (tmp_path / "cat.png", run / "curves.png", run / "samples" / "step-000001.png"):
        Image.new("L", (8, 8), 255).save(file)
    source = build(FolderOptions(path=str(tmp_path)))
    assert [source.group(i) for i in range(len(source))] == ["cat.png"]
