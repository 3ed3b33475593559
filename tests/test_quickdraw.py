"""Quick, Draw! drawings."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from zoo.contracts.source import Source
from zoo.data.options import QuickdrawOptions
from zoo.data.quickdraw import build
from zoo.data.quickdraw_lines import parse_line
from zoo.errors import DataError

from .time_limit import in_time

DRAWING = [[[0, 9, 5], [1, 2, 3]], [[4], [4]]]


def line(key: object = "1", **more: Any) -> str:
    return json.dumps({"key_id": key, "word": "cat", "drawing": DRAWING} | more)


def opened(path: Path | str, limit: int | None = None) -> Source:
    return build(QuickdrawOptions(path=str(path), limit=limit))


def keys(source: Source) -> list[str]:
    return [source[i].key for i in range(len(source))]


def test_a_line_becomes_strokes(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text(line("77", recognized=False))
    sketch = opened(tmp_path / "a.ndjson")[0]
    assert (sketch.key, sketch.group, sketch.label, sketch.raster) == ("77", "77", "cat", None)
    assert sketch.strokes is not None
    assert [s.tolist() for s in sketch.strokes] == [[[0, 1], [9, 2], [5, 3]], [[4, 4]]]
    assert all(s.dtype == np.float32 for s in sketch.strokes)


def test_the_raw_form_with_times_is_read() -> None:
    raw = line(drawing=[[[0.5, 1.25], [2, 3], [0, 17]]])
    (stroke,) = parse_line(raw.encode()).strokes or ()
    assert stroke.tolist() == [[0.5, 2], [1.25, 3]]


def test_drawings_of_a_game_are_one_group(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text(f"{line(1, game='g')}\n{line(2, game='g')}\n{line(3)}\n")
    source = opened(tmp_path / "a.ndjson")
    assert [source.group(i) for i in range(3)] == ["g", "g", "3"]
    assert [source[i].group for i in range(3)] == ["g", "g", "3"]


def test_files_folders_and_globs(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "b.ndjson").write_text(line(2))
    (tmp_path / "deep" / "c [1].ndjson").write_text(line(3))
    with gzip.open(tmp_path / "deep" / "er" / "a.ndjson.gz", "wt") as stream:
        stream.write(f"{line(4)}\n\n{line(5)}\n")
    (tmp_path / "readme.txt").write_text("?")
    assert keys(opened(tmp_path)) == ["2", "3", "4", "5"]
    assert keys(opened(tmp_path / "deep" / "c [1].ndjson")) == ["3"]
    assert keys(opened(tmp_path / "*" / "*.ndjson")) == ["3"]
    assert keys(opened(tmp_path / "**" / "*.gz")) == ["4", "5"]
    assert keys(opened(tmp_path / "d*")) == ["3", "4", "5"]
    assert keys(opened(tmp_path, limit=2)) == ["2", "3"]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "not a JSON object"),
        ('"\\ud800"', "not a JSON object"),
        (line(None), "no key_id"),
        (line(""), "no key_id"),
        (line(True), "no key_id"),
        (line("\ud800"), "key_id is not text"),
        (line(word=["cat"]), "no word"),
        (line(game=[1]), "no game"),
        (line(drawing=None), "no drawing"),
        (line(drawing=[]), "no drawing"),
        (line(drawing=[[]]), "a stroke is not"),
        (line(drawing=[[[1]]]), "a stroke is not"),
        (line(drawing=[[[], []]]), "equal length"),
        (line(drawing=[[[1, 2], [1]]]), "equal length"),
        (line(drawing=[[1, 2]]), "equal length"),
        (line(drawing=[[["1"], [2]]]), "not a number"),
        (line(drawing=[[[True], [2]]]), "not a number"),
        (line(drawing=[[[None], [2]]]), "not a number"),
        (line(drawing=[[[float("nan")], [2]]]), "not JSON"),
        (line(drawing=[[[float("-inf")], [2]]]), "not JSON"),
        (line(drawing=[[[1e300], [2]]]), "too large"),
        (line(drawing=[[[1], [10**400]]]), "too large"),
    ],
)
def test_malformed_lines_are_skipped_with_place_and_reason(
    tmp_path: Path, bad: str, reason: str
) -> None:
    file = tmp_path / "a.ndjson"
    file.write_text(f"{line(1)}\n\n{bad}\n{line(2)}\n")
    source = opened(file)
    assert keys(source) == ["1", "2"]
    (skipped,) = source.skipped
    assert skipped.startswith(f"{file}:3: ")
    assert reason in skipped


def test_a_key_that_stands_twice_is_taken_once(tmp_path: Path) -> None:
    (tmp_path / "a.ndjson").write_text(f"{line(1, word='first')}\n{line('1', word='second')}\n")
    (tmp_path / "b.ndjson").write_text(line(1, word="third"))
    source = opened(tmp_path)
    assert [source[i].label for i in range(len(source))] == ["first"]
    assert [place.split(": ")[0] for place in source.skipped] == [
        f"{tmp_path / 'a.ndjson'}:2",
        f"{tmp_path / 'b.ndjson'}:1",
    ]


def test_a_gzip_cut_short_keeps_what_it_has(tmp_path: Path) -> None:
    content = gzip.compress("\n".join(line(i, noise=str(i) * 9) for i in range(3000)).encode())
    (tmp_path / "cut.ndjson.gz").write_bytes(content[: len(content) // 2])
    (tmp_path / "zzz.ndjson.gz").write_bytes(b"no gzip at all")
    source = opened(tmp_path)
    assert 0 < len(source) < 3000
    assert [s for s in source.skipped if "breaks off" in s and "cut.ndjson.gz" in s]
    assert [s for s in source.skipped if "breaks off" in s and "zzz.ndjson.gz" in s]


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        opened(tmp_path / "missing.ndjson")
    with pytest.raises(DataError, match="no such file"):
        opened(tmp_path)
    (tmp_path / "a.ndjson").touch()
    with pytest.raises(DataError, match="no drawing to use"):
        opened(tmp_path)
    (tmp_path / "a.ndjson").write_text("?\n{}\n")
    with pytest.raises(DataError, match=r"first of 2 bad: .*a\.ndjson:1: not JSON"):
        opened(tmp_path)


def test_real_files_are_read_in_full(shared_data: Path) -> None:
    cats = opened(shared_data / "quickdraw" / "cat.ndjson.gz")
    with gzip.open(shared_data / "quickdraw" / "cat.ndjson.gz", "rt") as stream:
        records = [json.loads(text) for text in stream]
    assert not cats.skipped
    assert keys(cats) == [record["key_id"] for record in records]
    for i, record in enumerate(records):
        assert [s.T.tolist() for s in cats[i].strokes or ()] == record["drawing"]
    chairs = opened(shared_data / "chairs")
    assert len(chairs) == 5199
    assert len({chairs.group(i) for i in range(len(chairs))}) < 1000


numbers = st.integers(-300, 300) | st.floats(allow_nan=True) | st.integers()
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
points = st.lists(st.integers(0, 255), max_size=3)
strokes = st.lists(st.lists(points | values, max_size=3), max_size=3)
equal = st.lists(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(numbers, min_size=n, max_size=n), min_size=2, max_size=3)
    ),
    min_size=1,
    max_size=3,
)
records = st.fixed_dictionaries(
    {"drawing": equal | strokes | values},
    optional={
        "key_id": st.text(max_size=4) | values,
        "word": values | st.just("cat"),
        "game": values,
    },
)
lines = st.one_of(
    st.binary(max_size=60),
    values.map(lambda value: json.dumps(value).encode()),
    records.map(lambda record: json.dumps(record).encode()),
    equal.map(lambda drawing: line(drawing=drawing).encode()),
)


@given(raw=lines)
@settings(max_examples=500, deadline=None)
@in_time
def test_any_line_is_a_sketch_or_a_reason(raw: bytes) -> None:
    try:
        sketch = parse_line(raw)
    except DataError:
        return
    assert sketch.key
    assert (sketch.key + sketch.group + sketch.label).encode()
    assert sketch.strokes
    for stroke in sketch.strokes:
        assert stroke.dtype == np.float32
        assert stroke.ndim == 2
        assert stroke.shape[0] >= 1
        assert stroke.shape[1] == 2
        assert np.isfinite(stroke).all()


@given(content=st.lists(lines, max_size=8), packed=st.booleans())
@settings(max_examples=200, deadline=None)
@in_time
def test_any_file_is_counted_in_full(
    tmp_path_factory: pytest.TempPathFactory, content: list[bytes], packed: bool
) -> None:
    content = [raw.replace(b"\n", b" ") for raw in content]
    file = tmp_path_factory.mktemp("any") / ("any.ndjson.gz" if packed else "any.ndjson")
    raw = b"\n".join([line("good").encode(), *content])
    file.write_bytes(gzip.compress(raw) if packed else raw)
    source = opened(file)
    assert len(source) + len(source.skipped) == 1 + sum(bool(raw.strip()) for raw in content)
    assert len(set(keys(source))) == len(source)
