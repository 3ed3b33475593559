"""The index of drawings in the cache: found once, the same for every process, never half."""

import gzip
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from zoo.contracts.source import Source
from zoo.data import quickdraw_index
from zoo.data.options import QuickdrawOptions
from zoo.data.quickdraw import build
from zoo.data.repeats import drop_rows, repeated_rows
from zoo.data.splits import split_indices, split_of, split_position, splits
from zoo.errors import DataError, OptionError
from zoo.options import validate


def line(key: object, **more: object) -> str:
    drawing = {"key_id": key, "word": "cat", "drawing": [[[1, 2], [3, 4]]]}
    return json.dumps(drawing | more) + "\n"


def opened(path: Path, **more: object) -> Source:
    return build(validate(QuickdrawOptions, {"path": str(path), **more}, "source quickdraw"))


def keys(source: Source) -> list[str]:
    return [source[i].key for i in range(len(source))]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZOO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "quickdraw"


@pytest.fixture
def drawings(tmp_path: Path) -> Path:
    folder = tmp_path / "drawings"
    folder.mkdir()
    (folder / "a.ndjson").write_text("".join(line(i) for i in range(50)) + "bad\n" + line(3))
    with gzip.open(folder / "b.ndjson.gz", "wt") as stream:
        stream.writelines(line(f"b{i}", game=f"g{i % 7}") for i in range(50))
    return folder


def test_a_second_opening_reads_no_drawing(
    cache: Path, drawings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = opened(drawings)
    entries = {file: file.stat().st_mtime_ns for file in cache.rglob("*")}
    monkeypatch.setattr(quickdraw_index, "_make", None)
    second = opened(drawings)
    assert keys(first) == keys(second)
    assert first.skipped == second.skipped
    assert {file: file.stat().st_mtime_ns for file in cache.rglob("*")} == entries
    assert {path.name for path in cache.glob("*/*")} == {"index", "lines", "meta.json"}


def test_changed_files_are_indexed_anew(cache: Path, drawings: Path) -> None:
    before = opened(drawings)
    (drawings / "a.ndjson").write_text(line("new"))
    assert keys(opened(drawings))[:2] == ["new", "b0"]
    with pytest.raises(DataError, match=r"a\.ndjson:50: has changed"):
        before[49]


@pytest.mark.parametrize(
    "damage",
    [
        lambda entry: (entry / "index").write_bytes(b"short"),
        lambda entry: (entry / "lines").unlink(),
        lambda entry: (entry / "meta.json").write_text("{"),
        lambda entry: (entry / "meta.json").write_text('{"count": 3}'),
        lambda entry: (entry / "meta.json").write_text("[]"),
    ],
)
def test_a_damaged_entry_is_made_anew(
    cache: Path, drawings: Path, damage: Callable[[Path], object]
) -> None:
    whole = keys(opened(drawings))
    (entry,) = cache.iterdir()
    damage(entry)
    assert keys(opened(drawings)) == whole
    assert list(cache.iterdir()) == [entry]


def test_an_entry_of_another_version_is_ignored(
    cache: Path, drawings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quickdraw_index, "_VERSION", 0)
    opened(drawings)
    (old,) = cache.iterdir()
    shutil.rmtree(old)
    old.mkdir()
    monkeypatch.undo()
    os.environ["ZOO_CACHE"], kept = str(cache.parent), os.environ["ZOO_CACHE"]
    try:
        assert len(opened(drawings)) == 100
    finally:
        os.environ["ZOO_CACHE"] = kept
    assert len(list(cache.iterdir())) == 2


OPEN = """
import sys
import time
from zoo.data.options import QuickdrawOptions
from zoo.data.quickdraw import build
source = build(QuickdrawOptions(path=sys.argv[1]))
print(len(source), source[len(source) - 1].key)
"""


def start(path: Path, **how: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", OPEN, str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **how,  # type: ignore[call-overload]
    )


def test_processes_that_open_at_once_agree(cache: Path, shared_data: Path) -> None:
    running = [start(shared_data / "quickdraw") for _ in range(3)]
    said = [process.communicate(timeout=100) for process in running]
    assert len({out for out, _ in said}) == 1
    assert said[0][0].startswith("20249 "), said
    assert len(list(cache.iterdir())) == 1


def test_a_process_killed_while_indexing_leaves_no_entry(cache: Path, shared_data: Path) -> None:
    process = start(shared_data / "quickdraw")
    while not list(cache.glob(".new-*/index")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert all(path.name.startswith(".new-") for path in cache.iterdir())
    out, said = start(shared_data / "quickdraw").communicate(timeout=100)
    assert out.startswith("20249 "), said


def test_a_full_disk_is_one_line_and_leaves_nothing(cache: Path, shared_data: Path) -> None:
    def small_files() -> None:
        # As a full disk would, this fails to write: the data is larger.
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    process = start(shared_data / "quickdraw", preexec_fn=small_files)
    _, said = process.communicate(timeout=100)
    assert process.returncode == 1
    last = said.strip().splitlines()[-1]
    assert "DataError: cache folder" in last
    assert "make room" in last
    assert not list(cache.iterdir())


def test_a_cache_folder_that_cannot_be(
    tmp_path: Path, drawings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ZOO_CACHE", str(tmp_path / "file"))
    with pytest.raises(DataError, match="set ZOO_CACHE to one that can be written"):
        opened(drawings)


def test_what_a_killed_process_left_is_removed(cache: Path, drawings: Path) -> None:
    for name, age in (("old", 1e6), ("fresh", 0)):
        (cache / f".new-{name}").mkdir(parents=True)
        os.utime(cache / f".new-{name}", (0, 2e9 if not age else 1e6))
    opened(drawings)
    assert [p.name for p in cache.glob(".new-*")] == [".new-fresh"]


def test_threads_read_the_same(drawings: Path) -> None:
    source = opened(drawings)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: source[i % 100].key, range(4000)))
    assert found == keys(source) * 40


def test_limits_count_good_drawings(drawings: Path) -> None:
    everything = keys(opened(drawings))
    for limit in (1, 49, 50, 51, 99, 100, 1000):
        source = opened(drawings, limit=limit)
        assert keys(source) == everything[:limit]
        assert len(source.skipped) == (2 if limit > 50 else 0)


def test_splits_from_the_index_are_those_of_the_groups(shared_data: Path) -> None:
    source = opened(shared_data / "chairs")
    groups = [source.group(i) for i in range(len(source))]
    assert splits(source) == [split_of(group) for group in groups]
    positions = source.split_positions(10, 300)  # type: ignore[attr-defined]
    assert positions.tolist() == [split_position(group) for group in groups[10:300]]
    parts = [split_indices(source, name) for name in ("train", "validation", "test")]
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(source)))
    games = [{groups[i] for i in part} for part in parts]
    assert not games[0] & games[1]
    assert not games[0] & games[2]


def test_repeats_are_found_across_chunks(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    values = rng.integers(0, 2**63, 600_000, np.uint64)
    values[[5, 599_999, 300_000]] = values[4]
    values[100_000] = values[99_999]
    file = tmp_path / "values"
    file.write_bytes(values.tobytes())
    rows = repeated_rows(file, values.dtype)
    assert rows.tolist() == [5, 100_000, 300_000, 599_999]
    drop_rows(file, values.dtype, rows)
    assert (np.fromfile(file, values.dtype) == np.delete(values, rows)).all()
    assert not len(repeated_rows(file, values.dtype))


def test_categories(tmp_path: Path) -> None:
    for name in ("cat.ndjson", "aircraft carrier.ndjson", "deep/full_simplified_dog.ndjson"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(line(name))
    assert keys(opened(tmp_path, category="cat")) == ["cat.ndjson"]
    both = keys(opened(tmp_path, category="dog + cat"))
    assert both == ["cat.ndjson", "deep/full_simplified_dog.ndjson"]
    assert keys(opened(tmp_path, category="Aircraft_Carrier")) == ["aircraft carrier.ndjson"]
    with pytest.raises(DataError) as caught:
        opened(tmp_path, category="cat+dgo")
    assert str(caught.value) == (
        f'quickdraw {tmp_path}: no category "dgo". Did you mean "dog"? '
        "There are aircraft carrier, cat, dog"
    )
    with pytest.raises(OptionError, match=r"path is missing: give path=…, or category=…"):
        validate(QuickdrawOptions, {"category": " + "}, "source quickdraw")
    with pytest.raises(OptionError, match="category="):
        validate(QuickdrawOptions, {"category": "../cat"}, "source quickdraw")
