"""The cache of rasterised drawings: the same results, whatever happens to it or its writers."""

import json
import os
import signal
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from zoo.config import RunConfig, resolve
from zoo.data import raster_cache
from zoo.data.batches import batches
from zoo.data.examples import Batch, Examples, Randomness, make_examples, open_source
from zoo.data.raster_cache import RasterCache, open_cache

STEPS = 6


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test caches."""
    monkeypatch.setenv("ZOO_CACHE", str(tmp_path / "cache"))
    raster_cache.warn_uncached.cache_clear()
    return tmp_path / "cache" / "rasters"


def config(**changes: object) -> RunConfig:
    flags = {"data": "doodles:count=30", "size": 40, "batch_size": 8, "workers": 0}
    return resolve({**flags, **changes})


def examples(**changes: object) -> Examples:
    made = config(**changes)
    return make_examples(made, open_source(made), "train", Randomness())


def drawn(**changes: object) -> list[Batch]:
    ex = examples(**changes)
    return [ex.batch(step) for step in range(STEPS)]


def same(a: list[Batch], b: list[Batch]) -> bool:
    return all(x[k].tobytes() == y[k].tobytes() for x, y in zip(a, b, strict=True) for k in x)


def filled(ex: Examples) -> int:
    assert ex.cache is not None
    return sum(ex.cache.load(i) is not None for i in range(len(ex.source)))


MASKS = ["box", "strokes", "erase_stroke"]


@pytest.mark.parametrize("pen", ["", ",pen=2.5"])
def test_results_are_equal_with_and_without_it(pen: str) -> None:
    flags = {"data": f"doodles:count=30{pen}", "mask": MASKS}
    plain = drawn(**flags)
    assert same(plain, drawn(**flags, cache=True))
    assert filled(examples(**flags, cache=True)) > 20
    assert same(plain, drawn(**flags, cache=True))


def test_the_second_time_the_source_is_not_asked() -> None:
    drawn(cache=True)
    ex = examples(cache=True)
    ex.batch(0)
    assert ex.cache is not None
    index = int(ex._index(0, 0))
    levels, strokes = ex.cache.load(index) or (None, None)
    fresh_levels, fresh_strokes = examples()._draw_plain(index)
    assert levels is not None
    assert strokes is not None
    assert fresh_strokes is not None
    assert (levels == fresh_levels).all()
    for a, b in zip(strokes, fresh_strokes, strict=True):
        assert a.tobytes() == b.tobytes()
        assert a.dtype == b.dtype


def test_images_are_cached_without_strokes(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    for i in range(5):
        page = np.full((50, 60), 255, np.uint8)
        page[10 + i : 13 + i, 5:50] = 40
        Image.fromarray(page).save(tmp_path / "pages" / f"{i}.png")
    flags = {"data": f"folder:path={tmp_path / 'pages'}"}
    plain = drawn(**flags)
    assert same(plain, drawn(**flags, cache=True))
    assert same(plain, drawn(**flags, cache=True))
    ex = examples(**flags, cache=True)
    assert ex.cache is not None
    assert (ex.cache.load(int(ex.indices[0])) or ("", ""))[1] is None


def test_flips_use_it_and_augmentation_passes_it_by() -> None:
    ex = examples(cache=True, rotate=10)
    ex.batch(0)
    assert filled(ex) == 0
    assert same(drawn(flip=True), drawn(flip=True, cache=True))
    assert same(drawn(rotate=10), drawn(rotate=10, cache=True))


def test_another_drawing_is_another_cache(tmp_path: Path, folder: Path) -> None:
    file = tmp_path / "a.ndjson"
    lines = [{"key_id": str(i), "word": "cat", "drawing": [[[0, 9 + i], [0, 5]]]} for i in range(4)]
    file.write_text("\n".join(map(json.dumps, lines)))
    seen = set()
    variants = [
        {"data": f"quickdraw:path={file}"},
        {"data": f"quickdraw:path={file},pen=2"},
        {"data": f"quickdraw:path={file},margin=3"},
        {"data": f"quickdraw:path={file}", "size": 48},
        {"data": f"quickdraw:path={tmp_path}"},
    ]
    for flags in variants:
        drawn(**flags, cache=True)
        seen |= {f.name for f in folder.iterdir()}
    assert len(seen) == 2 * len(variants)
    before = drawn(**variants[0], cache=True)
    lines[0]["drawing"] = [[[0, 1], [0, 9]]]
    file.write_text("\n".join(map(json.dumps, lines)))
    os.utime(file, ns=(1, 1))
    after = drawn(**variants[0], cache=True)
    assert not same(before, after)
    assert same(after, drawn(**variants[0]))


def test_a_cache_of_an_older_version_is_ignored(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(raster_cache, "_VERSION", 0)
        drawn(cache=True)
    old = {f.name for f in folder.iterdir()}
    assert filled(examples(cache=True)) == 0
    assert len({f.name for f in folder.iterdir()} - old) == 2


@pytest.mark.parametrize("damage", ["bytes", "zeros", "shorter", "strokes", "no strokes"])
def test_damage_is_drawn_over(damage: str, folder: Path) -> None:
    plain = drawn(mask=MASKS)
    drawn(mask=MASKS, cache=True)
    strokes = next(folder.glob("*.strokes"))
    slots = strokes.with_suffix("")
    target = strokes if "strokes" in damage else slots
    content = bytearray(target.read_bytes())
    rng = np.random.default_rng(0)
    if damage in ("bytes", "strokes"):
        for place in rng.integers(0, len(content), 400):
            content[place] ^= 255
    elif damage == "zeros":
        for start in range(0, len(content), 8192):
            content[start : start + 4096] = bytes(len(content[start : start + 4096]))
    elif damage == "shorter":
        content = content[: len(content) // 2]
    target.write_bytes(content)
    if damage == "no strokes":
        target.unlink()
    assert same(plain, drawn(mask=MASKS, cache=True))
    assert same(plain, drawn(mask=MASKS, cache=True))


FILL = """
import sys
from zoo.config import resolve
from zoo.data.examples import Randomness, make_examples, open_source
made = resolve({"data": "doodles:count=3000", "size": 64, "batch_size": 8, "workers": 0,
                "cache": True})
examples = make_examples(made, open_source(made), "train", Randomness())
print("ready", flush=True)
for index in range(int(sys.argv[1]), 3000):
    examples._draw_plain(index)
"""


def fill(start: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", FILL, str(start)], stdout=subprocess.PIPE, text=True
    )


def test_two_writers_at_once_and_kill_9() -> None:
    for round_ in range(3):
        writers = [fill(0), fill(5)]
        for writer in writers:
            assert writer.stdout is not None
            writer.stdout.readline()
        time.sleep(0.1 + 0.07 * round_)
        for writer in writers:
            writer.send_signal(signal.SIGKILL)
            writer.communicate()
    made = config(data="doodles:count=3000", size=64, cache=True)
    ex = make_examples(made, open_source(made), "train", Randomness())
    bare = make_examples(made.with_settings(cache=False), ex.source, "train", Randomness())
    assert ex.cache is not None
    found = [i for i in range(3000) if ex.cache.load(i) is not None]
    assert len(found) > 20
    for index in [*found[:150], *found[-50:]]:
        levels, strokes = ex.cache.load(index) or (np.empty(0), None)
        fresh, fresh_strokes = bare._draw_plain(index)
        assert levels.tobytes() == fresh.tobytes()
        assert (
            np.concatenate(strokes or ()).tobytes() == np.concatenate(fresh_strokes or ()).tobytes()
        )


def test_workers_fill_and_use_it() -> None:
    expected = drawn()
    for _ in range(2):
        with batches(examples(cache=True, workers=2), 0) as stream:
            assert same(expected, list(islice(stream, STEPS)))
    assert filled(examples(cache=True)) > 20


def test_a_full_disk_is_told_once_and_drawing_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    plain = drawn()
    ex = examples(cache=True)
    assert ex.cache is not None
    os.close(ex.cache._strokes)
    full = os.open("/dev/full", os.O_RDWR)
    monkeypatch.setattr(ex.cache, "_strokes", full)
    assert same(plain, [ex.batch(step) for step in range(STEPS)])
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert "no longer cached (No space left on device)" in error
    os.close(full)


def test_a_full_disk_in_a_worker_is_told_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    # The strokes' file of a worker's cache is a device that is always full.
    plain = drawn()
    ex = examples(cache=True, workers=2)
    strokes = next(folder.glob("*.strokes"))
    strokes.unlink()
    strokes.symlink_to("/dev/full")
    with batches(ex, 0) as stream:
        assert same(plain, list(islice(stream, STEPS)))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "No space left on device" in lines[0]


def test_no_place_to_cache_is_told_and_drawing_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ZOO_CACHE", str(tmp_path / "file"))
    assert same(drawn(), drawn(cache=True))
    error = capsys.readouterr().err
    assert len(error.splitlines()) == 1
    assert "no longer cached" in error


def test_nothing_half_made_is_left(folder: Path) -> None:
    drawn(cache=True)
    assert [f.suffix for f in sorted(folder.iterdir())] == ["", ".strokes"]
    made = config(cache=True)
    cache = open_cache(made, open_source(made))
    assert isinstance(cache, RasterCache)
