"""Protocols: what was released stays as it is, and fixes everything."""

import os
import zipfile
from collections import Counter
from hashlib import sha1, sha256
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hatchling.builders.wheel import WheelBuilder

from zoo.config import parse_part, resolve
from zoo.data.examples import Randomness, make_examples, open_source
from zoo.data.splits import split_of
from zoo.errors import DataError, UsageError
from zoo.evaluation.judges import make_judges
from zoo.evaluation.protocol import (
    Protocol,
    change,
    load_protocol,
    protocol_names,
    protocol_of_size,
)
from zoo.evaluation.task import Case, Dropped, Task, TrainingDrawings, make_case, open_task

ROOT = Path(__file__).parents[1]
# Once released a protocol never changes: never edit a hash in here, give a new one a new name.
RELEASED = {
    "P64": "1d332d1bfcd4bfa53cfbbbd67cd07b753b2925827a3a43cb02bb1c4657d09740",
    "P128": "af32bff626e12c0ecce4f647b3d5c83aadc11eec923fbbc497552304eacde9b9",
    "P256": "59312bd4d2d5927dd285a82e5e5a38791f75658965a63365302d4aa7af1d3393",
    "P128-chairs": "8e7f62947957674d8057186e629c0cab3ae24e71f8edc767d643fea240a8fc3e",
}


# Of the first 60 drawings. It changes with masks and rasterising: these may not change either.
HOLES = {
    "P64": "442201dc8e76857e",
    "P128": "2bba969058ba9454",
    "P256": "0829dd08964c8355",
    "P128-chairs": "3100280a24b7ffe3",
}


@pytest.fixture(scope="module")
def p128(shared_data: Path) -> Task:
    return open_task(load_protocol("P128"), root=shared_data)


def test_released_protocols_are_what_they_were() -> None:
    assert {name: load_protocol(name).hash for name in protocol_names()} == RELEASED


@pytest.mark.parametrize("name", list(HOLES))
def test_the_holes_of_released_protocols_are_what_they_were(name: str, shared_data: Path) -> None:
    digest = sha256()
    for case in islice(open_task(load_protocol(name), root=shared_data).cases(), 60):
        digest.update(b"" if isinstance(case, Dropped) else np.packbits(case.mask > 0).tobytes())
    assert digest.hexdigest()[:16] == HOLES[name]


def test_released_protocols_are_in_the_wheel(tmp_path: Path) -> None:
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path))
    names = zipfile.ZipFile(wheel).namelist()
    assert all(f"zoo/evaluation/protocols/{name}.toml" in names for name in RELEASED)


@pytest.mark.parametrize(
    ("name", "pen"), [("P64", 1), ("P128", 2), ("P256", 3), ("P128-chairs", 2)]
)
def test_what_a_released_protocol_fixes(name: str, pen: float) -> None:
    protocol = load_protocol(name)
    assert protocol.name == name
    assert name.startswith(f"P{protocol.size}")
    assert (protocol.split, protocol.count, protocol.lines_min) == ("test", 1000, 3)
    assert (protocol.ink_min, protocol.ink_max) == (0.1, 0.6)
    assert (protocol.data["pen"], protocol.data["margin"]) == (pen, protocol.size / 40)
    box, strokes = (protocol.mask[f"sketch-zoo/{kind}"] for kind in ("box", "strokes"))
    assert box == {"weight": 1, "side_min": 1 / 6, "side_max": 1 / 2}
    assert strokes.pop("weight") == 1
    assert list(strokes.values()) == [1, 3, 3, 8, 1 / 16, 1 / 7]
    for kind in ("box", "strokes"):
        # Written down in full, so that new defaults change nothing.
        table = load_protocol(name).mask[f"sketch-zoo/{kind}"]
        assert parse_part("mask", {"name": kind, **table}).table() == table
    first, *_ = make_judges(protocol)
    assert first.id == "sketch-zoo/ink_f1"


def test_the_twin_differs_in_its_drawings_alone() -> None:
    ours, twin = load_protocol("P128"), load_protocol("P128-chairs")
    same = {"split", "count", "size", "mask", "ink_min", "ink_max", "area_max", "metric", "seed"}
    assert ours.model_dump(include=same) == twin.model_dump(include=same)
    assert ours.drawings != twin.drawings
    # Floors know what a model that never saw these chairs knows.
    assert twin.training == {"name": "sketch-zoo/quickdraw", "path": "quickdraw"}


def test_the_drawings_are_the_first_by_sha1_of_the_key(p128: Task) -> None:
    source = p128.source
    keys = [source[i].key for i in range(len(source)) if split_of(source.group(i)) == "test"]
    keys.sort(key=lambda key: sha1(key.encode()).digest())
    assert [source[i].key for i in p128.indices] == keys[:1000]
    released = [load_protocol(name).drawings for name in ("P64", "P256")]
    assert released == [p128.protocol.drawings] * 2


def test_cases_keep_the_bounds(p128: Task) -> None:
    protocol = p128.protocol
    cases = [make_case(protocol, p128.source[index]) for index in p128.indices[:200]]
    kept = [case for case in cases if isinstance(case, Case)]
    assert len(kept) >= 190
    for case in kept:
        assert case.target.shape == case.mask.shape == (128, 128)
        assert case.removed == pytest.approx(np.vdot(case.target, case.mask) / case.target.sum())
        assert 0.1 <= case.removed <= 0.6
        assert case.mask.mean() <= 0.6
        assert not case.masked[case.mask > 0].any()


def test_the_chairs_are_those_of_games_held_out(shared_data: Path) -> None:
    task = open_task(load_protocol("P128-chairs"), root=shared_data)
    assert len(task) == 720
    sketches = [task.source[index] for index in task.indices]
    assert {split_of(sketch.group) for sketch in sketches} == {"test"}
    assert {sketch.label for sketch in sketches} == {"chair"}


@pytest.mark.parametrize("name", ["P64", "P128", "P256"])
def test_drawings_look_as_in_training(name: str, shared_data: Path) -> None:
    protocol = load_protocol(name)
    path = shared_data / "quickdraw" / "cat.ndjson.gz"
    data = {"name": "quickdraw", "path": str(path)}
    config = resolve({"data": data, "size": protocol.size})
    examples = make_examples(config, open_source(config), "test", Randomness())
    targets = examples.first(4)["target"]
    for index, target in zip(examples.indices, targets, strict=False):
        case = make_case(protocol, examples.source[int(index)])
        assert isinstance(case, Case)
        assert np.array_equal(case.target, target[..., 0])


def test_a_drawing_without_room_for_a_hole_is_dropped() -> None:
    from zoo import Sketch

    protocol = load_protocol("P64")
    dot = Sketch(key="dot", group="dot", strokes=(np.zeros((1, 2), np.float32),))
    assert isinstance(make_case(protocol, dot), Dropped)
    line = Sketch(key="line", group="line", strokes=(np.array([[0, 0], [9, 0]], np.float32),))
    strict = change(protocol, lines_min=60)
    assert make_case(strict, line) in (Dropped.FEW_LINES, Dropped.NO_HOLE)
    seen = Counter(
        type(make_case(strict, Sketch(key=f"{i}", group="", strokes=line.strokes)))
        for i in range(20)
    )
    assert seen == {Dropped: 20}


def test_a_hole_depends_on_the_seed_and_the_key_alone(p128: Task) -> None:
    protocol, sketch = p128.protocol, p128.source[p128.indices[0]]
    one, again = make_case(protocol, sketch), make_case(protocol, sketch)
    other = make_case(change(protocol, seed=1), sketch)
    assert isinstance(one, Case)
    assert isinstance(again, Case)
    assert isinstance(other, Case)
    assert np.array_equal(one.mask, again.mask)
    assert not np.array_equal(one.mask, other.mask)


OTHER: dict[str, Any] = {
    "split": "validation",
    "count": 999,
    "size": 96,
    "mask": ["box"],
    "pen": 1.5,
    "margin": 0,
    "seed": 1,
    "ink_min": 0.2,
    "ink_max": 0.5,
    "area_max": 0.5,
    "lines_min": 4,
}


@pytest.mark.parametrize("key", OTHER)
def test_every_other_value_makes_another_protocol(key: str) -> None:
    protocol = load_protocol("P128")
    changed = change(protocol, **{key: OTHER[key]})
    assert changed.hash != protocol.hash
    assert changed.name.startswith(f"P128+{key}=")


def test_equal_values_make_the_same_protocol() -> None:
    protocol = load_protocol("P128")
    assert change(protocol, count=1000, size=128, pen=2, data=None, mask=None) is protocol
    renamed = protocol.model_copy(update={"name": "mine", "summary": "other words"})
    moved = renamed.model_copy(update={"data": {**protocol.data, "path": "/elsewhere"}})
    turned = moved.model_copy(update={"mask": dict(reversed(protocol.mask.items()))})
    assert turned.hash == protocol.hash


def test_the_order_of_masks_does_not_matter(p128: Task) -> None:
    turned = dict(reversed(p128.protocol.mask.items()))
    protocol = p128.protocol.model_copy(update={"mask": turned})
    for index in p128.indices[:5]:
        ours, theirs = (make_case(p, p128.source[index]) for p in (p128.protocol, protocol))
        assert isinstance(ours, Case)
        assert isinstance(theirs, Case)
        assert np.array_equal(ours.mask, theirs.mask)


def test_another_size_comes_with_its_own_pen() -> None:
    assert protocol_of_size(256).name == "P256"
    assert protocol_of_size(96).name == "P128+size=96"
    assert not {"pen", "margin"} & protocol_of_size(96).data.keys()
    assert change(load_protocol("P128"), size=96, pen=4).data["pen"] == 4


def test_other_data_come_with_their_own_pen(tmp_path: Path) -> None:
    changed = change(load_protocol("P128"), data=f"folder:path={tmp_path}")
    assert changed.data["name"] == "sketch-zoo/folder"
    assert not {"pen", "margin"} & changed.data.keys()
    assert changed.name == "P128+data=folder"
    assert changed.drawings == ""


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"count": 0}, "count=0: must be at least 1"),
        ({"split": "tests"}, "split=tests"),
        ({"ink_min": 0.7}, "ink_min=0.7 must be below ink_max=0.6"),
        ({"mask": ["boxx"]}, 'Did you mean "box"'),
        ({"mask": ["box", "box:side_max=0.4"]}, "given twice"),
        ({"data": "quickdraw:pathh=x"}, 'unknown option "pathh"'),
    ],
)
def test_a_change_that_cannot_be(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        change(load_protocol("P128"), **changes)


def toml_of(protocol: Protocol, path: Path) -> Path:
    import tomli_w

    path.write_text(tomli_w.dumps(protocol.model_dump(mode="json", exclude_none=True)))
    return path


def test_a_protocol_of_ones_own(tmp_path: Path) -> None:
    mine = change(load_protocol("P64"), count=5).model_copy(update={"name": "mine"})
    file = toml_of(mine, tmp_path / "mine.toml")
    assert load_protocol(str(file)) == mine
    stolen = toml_of(mine.model_copy(update={"name": "P64"}), tmp_path / "stolen.toml")
    with pytest.raises(UsageError, match='"P64" is released: give yours another name'):
        load_protocol(str(stolen))
    file.write_text(file.read_text().replace("version = 1", ""))
    with pytest.raises(UsageError, match=r"mine.toml: .*ink_f1 needs the version"):
        load_protocol(str(file))
    with pytest.raises(UsageError, match=r"none\.toml: No such file"):
        load_protocol("none.toml")
    with pytest.raises(UsageError, match=r'No protocol "P12".* Did you mean "P128"'):
        load_protocol("P12")


def test_a_metric_of_another_version_is_refused() -> None:
    protocol = load_protocol("P64")
    newer = protocol.model_copy(update={"metric": {"sketch-zoo/ssim": {"version": 2}}})
    with pytest.raises(UsageError, match="version 2 of sketch-zoo/ssim, installed is version 1"):
        make_judges(newer)
    with pytest.raises(UsageError, match="among the metrics already"):
        make_judges(protocol, ["ssim"])


def test_other_drawings_under_the_same_name_are_refused(shared_data: Path, tmp_path: Path) -> None:
    (tmp_path / "quickdraw").mkdir()
    cat = shared_data / "quickdraw" / "cat.ndjson.gz"
    (tmp_path / "quickdraw" / cat.name).symlink_to(cat)
    with pytest.raises(DataError, match=r"not the .* drawings of protocol P128"):
        open_task(load_protocol("P128"), root=tmp_path)


def test_where_the_drawings_are(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol = load_protocol("P128-chairs")
    monkeypatch.delenv("ZOO_DATA", raising=False)
    with pytest.raises(UsageError, match=r"where are .* of protocol P128-chairs\? .*--data-root"):
        open_task(protocol)
    with pytest.raises(DataError, match=rf"{tmp_path}/chairs: not there"):
        open_task(protocol, root=tmp_path)
    with pytest.raises(UsageError, match="P128-chairs says what pen is"):
        open_task(protocol, f"quickdraw:path={shared_data}/chairs,pen=2")
    by_data = open_task(protocol, f"quickdraw:path={shared_data}/chairs")
    monkeypatch.setenv("ZOO_DATA", str(shared_data))
    assert open_task(protocol).protocol == by_data.protocol == protocol


def test_training_drawings_look_as_the_protocol_says(p128: Task) -> None:
    training = TrainingDrawings(p128)
    assert len(training) > 10_000
    sketch = training[7]
    assert sketch.strokes is None
    assert sketch.raster is not None
    assert sketch.raster.shape == (128, 128)
    assert split_of(sketch.group) == split_of(training.group(7)) == "train"


def test_a_custom_protocol_knows_its_drawings(shared_data: Path) -> None:
    cat, dog = (
        change(load_protocol("P64"), data=f"quickdraw:path={shared_data}/quickdraw/{name}")
        for name in ("cat.ndjson.gz", "dog.ndjson.gz")
    )
    assert cat.hash == dog.hash  # where drawings lie is not what they are
    assert open_task(cat).protocol.hash != open_task(dog).protocol.hash
    assert os.path.isabs(cat.data["path"])
