"""Quick, Draw! in its binary and bitmap forms, and whatever else may stand in such a file."""

import gzip
import json
import struct
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings, strategies as st

from zoo.contracts.source import Sketch, Source
from zoo.data.examples import draw_sketch
from zoo.data.options import QuickdrawOptions
from zoo.data.quickdraw import build
from zoo.data.quickdraw_binary import parse_record, scan_records
from zoo.data.quickdraw_lines import parse_line, read_line, scan_lines
from zoo.errors import DataError
from zoo.evaluation.skeleton import skeletonise
from zoo.options import SourceKeys
from zoo.sketch.trace import trace_lines

from .time_limit import in_time, time_limit


def opened(path: Path) -> Source:
    return build(QuickdrawOptions(path=str(path)))


def record(key: int, strokes: list[tuple[bytes, bytes]]) -> bytes:
    """By the published layout, a field at a time."""
    out = struct.pack("<Q", key) + b"DE" + struct.pack("<b", 1) + struct.pack("<I", 1_490_000_000)
    out += struct.pack("<H", len(strokes))
    for xs, ys in strokes:
        out += struct.pack("<H", len(xs)) + xs + ys
    return out


def lists(sketch: Sketch) -> list[list[list[float]]]:
    assert sketch.strokes is not None
    return [stroke.T.tolist() for stroke in sketch.strokes]


def real_lines(shared_data: Path, category: str, count: int) -> list[bytes]:
    with gzip.open(shared_data / "quickdraw" / f"{category}.ndjson.gz") as stream:
        return [text for text, _ in zip(stream, range(count), strict=False)]


def test_binary_and_ndjson_hold_the_same(shared_data: Path, tmp_path: Path) -> None:
    lines = real_lines(shared_data, "cat", 300)
    drawings = [json.loads(text) for text in lines]
    content = b"".join(
        record(int(d["key_id"]), [(bytes(xs), bytes(ys)) for xs, ys in d["drawing"]])
        for d in drawings
    )
    (tmp_path / "cat.bin").write_bytes(content)
    source = opened(tmp_path / "cat.bin")
    assert len(source) == len(lines)
    for i, text in enumerate(lines):
        here, there = source[i], parse_line(text)
        assert (here.key, here.group, here.label) == (there.key, there.group, there.label)
        assert lists(here) == lists(there)
        assert source.group(i) == there.group


def test_a_binary_file_cut_short_keeps_what_is_whole(tmp_path: Path) -> None:
    one, two = record(7, [(b"\x01\x02", b"\x03\x04")]), record(8, [(b"\x05", b"\x06")])
    file = tmp_path / "a.bin"
    for cut in range(1, len(two)):
        file.write_bytes(one + two[:cut])
        source = opened(file)
        assert [source[i].key for i in range(len(source))] == ["7"]
        assert source.skipped == (f"{file}:2: the file breaks off here (the record is cut short)",)
    file.write_bytes(one + two)
    assert lists(opened(file)[1]) == [[[5.0], [6.0]]]


def test_empty_drawings_and_strokes_are_skipped(tmp_path: Path) -> None:
    file = tmp_path / "a.bin"
    good = record(3, [(b"\x01", b"\x02")])
    file.write_bytes(record(1, []) + record(2, [(b"", b"")]) + good + good)
    source = opened(file)
    assert [source[i].key for i in range(len(source))] == ["3"]
    assert [line.removeprefix(f"{file}:") for line in source.skipped] == [
        "1: no drawing",
        "2: a stroke has no point",
        "4: its key stands in an earlier place already",
    ]


def test_drawings_of_100_000_points(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    xs, ys = rng.integers(0, 256, (2, 100_000), np.uint8)
    (tmp_path / "a.bin").write_bytes(
        record(1, [(xs[:60_000].tobytes(), ys[:60_000].tobytes()),
                   (xs[60_000:].tobytes(), ys[60_000:].tobytes())])
    )  # fmt: skip
    text = {"key_id": 2, "word": "cat", "drawing": [[xs.tolist(), ys.tolist()]]}
    (tmp_path / "b.ndjson").write_text(json.dumps(text))
    with time_limit():
        source = opened(tmp_path)
        for i in range(2):
            points = np.concatenate(source[i].strokes or ())
            assert (points == np.stack([xs, ys], axis=1)).all()
            ink, _ = draw_sketch(source[i], 64, SourceKeys())
            assert ink.mean() > 0.5


def bitmap(sketch: Sketch) -> np.ndarray:
    """A drawing as the bitmaps of the data set were made: (28, 28) uint8."""
    points = np.concatenate(sketch.strokes or ())
    fine, total = 16, 256 + 16 + 2 * 16  # line width and padding in units of the drawing
    scale = 28 * fine / total
    offset = (total - np.ptp(points, axis=0)) / 2 - points.min(axis=0)
    page = np.zeros((28 * fine, 28 * fine), np.uint8)
    for stroke in sketch.strokes or ():
        at = np.rint(((stroke + offset) * scale - 0.5) * 16).astype(np.int32)
        cv2.polylines(page, [at], False, 255, round(16 * scale), cv2.LINE_AA, 4)
    return cv2.resize(page, (28, 28), interpolation=cv2.INTER_AREA)


def agreement(ours: np.ndarray, truth: np.ndarray, tolerance: float) -> float:
    """F1 between skeletons."""
    a, b = skeletonise(ours >= 0.5), skeletonise(truth >= 0.5)
    precision = float((b.distance[a.pixels] <= tolerance).mean())
    recall = float((a.distance[b.pixels] <= tolerance).mean())
    return 2 * precision * recall / max(1e-9, precision + recall)


def test_bitmaps_are_drawn_as_lines_of_the_pen(shared_data: Path, tmp_path: Path) -> None:
    categories = ("cat", "bicycle", "airplane", "calculator", "dragon", "camera")
    sketches = [parse_line(t) for c in categories for t in real_lines(shared_data, c, 8)]
    rows = np.stack([bitmap(sketch).ravel() for sketch in sketches])
    np.save(tmp_path / "full_numpy_bitmap_aircraft_carrier.npy", rows)
    source = opened(tmp_path)
    assert len(source) == len(sketches)
    assert (source[4].key, source[4].label) == ("aircraft carrier-5", "aircraft carrier")
    assert source.group(4) == source[4].group == source[4].key
    for size, width in ((128, 2), (256, 3)):
        scores, blurred, widths = [], [], []
        for i, sketch in enumerate(sketches):
            truth, _ = draw_sketch(sketch, size, SourceKeys())
            ink, _ = draw_sketch(source[i], size, SourceKeys())
            plain, _ = draw_sketch(
                Sketch(key="", group="", raster=rows[i].reshape(28, 28) / np.float32(255)),
                size,
                SourceKeys(),
            )
            scores.append(agreement(ink, truth, 0.0166 * size * 2**0.5))
            blurred.append(agreement(plain, truth, 0.0166 * size * 2**0.5))
            widths.append(ink.sum() / skeletonise(ink >= 0.5).pixels.sum())
        assert np.mean(scores) > 0.93
        assert np.mean(scores) > np.mean(blurred) + 0.1
        assert abs(np.median(widths) - width) < 0.5


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros((3, 784), np.float32), "has to be uint8"),
        (np.zeros((3, 783), np.uint8), "has to be uint8"),
        (np.zeros(784, np.uint8), "has to be uint8"),
        (np.array([{"a": 1}], object), "Python objects"),
        (np.asfortranarray(np.ones((3, 784), np.uint8)), "order"),
        (np.zeros((0, 784), np.uint8), "no drawing to use"),
        (np.zeros((2, 784), np.uint8), "first of 2 bad"),
    ],
)
def test_arrays_that_are_no_bitmaps(tmp_path: Path, array: np.ndarray, reason: str) -> None:
    np.save(tmp_path / "cat.npy", array, allow_pickle=True)
    with pytest.raises(DataError, match=reason):
        opened(tmp_path)


def test_bitmaps_of_28_rows_and_cut_short(tmp_path: Path) -> None:
    rows = np.zeros((3, 28, 28), np.uint8)
    rows[:, 5, 5] = 1, 2, 255
    rows[1] = 0
    np.save(tmp_path / "dog.npy", rows)
    source = opened(tmp_path)
    assert [source[i].key for i in range(2)] == ["dog-1", "dog-3"]
    assert lists(source[0]) == lists(source[1])
    assert np.abs(np.concatenate(source[0].strokes or ()) - 5).max() < 0.2
    assert source.skipped == (f"{tmp_path / 'dog.npy'}:2: no drawing",)
    content = (tmp_path / "dog.npy").read_bytes()
    (tmp_path / "dog.npy").write_bytes(content[:-1])
    with pytest.raises(DataError, match=r"dog\.npy:1: not an array of bitmaps"):
        opened(tmp_path)


images = st.one_of(
    st.binary(min_size=784, max_size=784).map(lambda b: np.frombuffer(b, np.uint8)),
    st.tuples(st.integers(0, 2**32), st.floats(0, 1)).map(
        lambda s: (np.random.default_rng(s[0]).random(784) < s[1]).astype(np.uint8) * 255
    ),
)


@given(row=images)
@example(row=np.full(784, 255, np.uint8))
@example(row=np.eye(28, dtype=np.uint8).ravel())
@settings(max_examples=200, deadline=None)
@in_time
def test_any_bitmap_has_lines_inside_it(row: np.ndarray) -> None:
    if not row.any():
        return
    strokes = trace_lines(row.reshape(28, 28).astype(np.float32) / 255)
    assert strokes
    for stroke in strokes:
        assert stroke.dtype == np.float32
        assert stroke.shape[0] >= 1
        assert stroke.shape[1] == 2
        assert stroke.min() >= -1.5
        assert stroke.max() <= 28.5


bits = st.binary(max_size=4)
drawn = st.lists(
    st.integers(0, 5).flatmap(
        lambda n: st.tuples(st.binary(min_size=n, max_size=n), st.binary(min_size=n, max_size=n))
    ),
    max_size=4,
)
records = st.builds(record, st.integers(0, 2**64 - 1), drawn)
files = st.tuples(st.lists(records | bits, max_size=6), st.integers(0, 60)).map(
    lambda parts: b"".join(parts[0])[: -parts[1] or None]
)


@given(content=files | st.binary(max_size=120))
@settings(max_examples=500, deadline=None)
@in_time
def test_any_binary_file_is_drawings_or_reasons(content: bytes) -> None:
    end = 0
    try:
        for entry in scan_records(BytesIO(content)):
            if entry.problem:
                continue
            assert entry.offset >= end
            end = entry.offset + entry.length
            assert end <= len(content)
            sketch = parse_record(content[entry.offset : end], "cat")
            assert (sketch.key, sketch.group) == (entry.key, entry.group)
            assert sketch.strokes
            assert all(len(stroke) for stroke in sketch.strokes)
    except EOFError as error:
        assert "cut short" in str(error)  # noqa: PT017


@given(content=st.binary(max_size=80))
@settings(max_examples=300, deadline=None)
@in_time
def test_any_record_is_a_sketch_or_a_reason(content: bytes) -> None:
    try:
        sketch = parse_record(content, "cat")
    except DataError:
        return
    assert sketch.strokes


heads = st.sampled_from([b"\x93NUMPY\x01\x00v\x00", b"\x93NUMPY\x02\x00", b"PK\x03\x04", b""])
shapes = st.sampled_from(["(2, 784)", "(-1, 784)", "(9999999999, 784)", "(1.5,)", "()", "x"])
described = st.builds(
    lambda kind, order, shape, tail: (
        b"\x93NUMPY\x01\x00v\x00"
        + f"{{'descr': '{kind}', 'fortran_order': {order}, 'shape': {shape}, }}".ljust(117)[
            :117
        ].encode()
        + b"\n"
        + tail
    ),
    st.sampled_from(["|u1", "|O", "<f8", "|V784", "<U9", "?"]),
    st.booleans(),
    shapes,
    st.binary(max_size=20) | st.just(b"\x01" * 1568),
)


@given(content=st.builds(bytes.__add__, heads, st.binary(max_size=200)) | described)
@settings(max_examples=200, deadline=None)
@in_time
def test_any_npy_file_is_drawings_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.mktemp("any") / "any.npy"
    file.write_bytes(content)
    try:
        source = opened(file)
    except DataError as error:
        assert "\n" not in str(error)  # noqa: PT017
        return
    assert [source[i].key for i in range(len(source))] == ["any-1", "any-2"]


numbers = st.integers(0, 255) | st.floats(-1e6, 1e6) | st.integers(-(10**30), 10**30)
pairs = st.integers(1, 5).flatmap(
    lambda n: st.tuples(*[st.lists(numbers, min_size=n, max_size=n) for _ in "xy"])
)


@given(drawing=st.lists(pairs, min_size=1, max_size=4), key=st.text(min_size=1) | st.integers())
@settings(max_examples=300, deadline=None)
@in_time
def test_a_checked_line_is_read_as_it_was_parsed(drawing: list[Any], key: object) -> None:
    text = json.dumps({"key_id": key, "word": "ä", "drawing": drawing}).encode()
    try:
        there = parse_line(text)
    except DataError:
        return
    here = read_line(text)
    assert (here.key, here.group, here.label) == (there.key, there.group, there.label)
    assert lists(here) == lists(there)
    expected = [np.array(stroke, np.float64).astype(np.float32).tolist() for stroke in drawing]
    assert lists(here) == expected


@given(content=st.lists(st.binary(max_size=30) | st.just(b'{"key_id":1}'), max_size=6))
@settings(max_examples=300, deadline=None)
@in_time
def test_offsets_of_lines(content: list[bytes]) -> None:
    good = b'{"key_id":"k","word":"w","drawing":[[[1],[2]]]}'
    raw = b"\r\n".join([*content, b" \t" + good, *content])
    found = [entry for entry in scan_lines(BytesIO(raw)) if not entry.problem]
    assert [raw[entry.offset : entry.offset + entry.length] for entry in found] == [good]
