"""``zoo.evaluate`` with floors and files: the same holes for everybody, and results to rely on."""

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import zoo
from zoo.cli import main
from zoo.errors import DataError, UsageError
from zoo.evaluation.bootstrap import interval
from zoo.evaluation.predictions import file_name
from zoo.evaluation.results import Results, read_results

COUNT = 20
COLUMNS = ["ink_f1", "precision", "recall", "ink_ratio", "chamfer", "hole_bce", "hole_l1", "ssim"]


@pytest.fixture(scope="module")
def cats(shared_data: Path) -> str:
    """Real drawings in a file that is opened quickly."""
    return f"quickdraw:path={shared_data / 'quickdraw' / 'airplane.ndjson.gz'}"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def measure(model: str | Path, data: str, **changes: Any) -> Results:
    given: dict[str, Any] = {"size": 64, "count": COUNT, "split": "all"} | changes
    return zoo.evaluate(model, data=data, **given)


def assert_same_scores(one: Results, other: Results) -> None:
    """Up to rounding: OpenCV's distances differ in their last bit from call to call."""
    for ours, theirs in zip(one.rows, other.rows, strict=True):
        assert (ours.key, ours.removed) == (theirs.key, theirs.removed)
        assert theirs.values == pytest.approx(dict(ours.values), abs=1e-5)


def test_a_results_folder(cats: str, place: Path) -> None:
    results = measure("telea", cats)
    assert results.path == Path("results/P64+data=quickdraw+count=20+split=all/telea")
    assert sorted(file.name for file in results.path.iterdir()) == ["images.csv", "summary.json"]
    summary = results.summary
    dropped = sum(summary["dropped"].values())
    assert summary["images"] + dropped == COUNT
    assert (summary["kind"], summary["parameters"], summary["threshold"]) == ("floor", 0, 0.5)
    assert summary["images_per_s"] > 0
    assert list(summary["means"]) == COLUMNS
    assert summary["zoo_version"] == zoo.__version__
    assert summary["scores"]["chamfer"] == {
        "metric": "sketch-zoo/chamfer",
        "version": 1,
        "draws": 1,
        "higher_is_better": False,
    }
    assert summary["protocol"]["size"] == 64
    assert results.protocol.hash == summary["protocol_hash"]
    with (results.path / "images.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["key", "label", "removed", *COLUMNS]
    assert len(rows) == summary["images"]
    assert all(0.1 <= float(row["removed"]) <= 0.6 for row in rows)
    for column, said in summary["means"].items():
        values = [float(row[column]) for row in rows]
        assert said["mean"] == pytest.approx(np.mean(values))
        assert (said["low"], said["high"]) == interval(values)
        assert said["low"] <= said["mean"] <= said["high"]
    bins = summary["bins"]
    assert [part["removed"] for part in bins] == [[k / 10, (k + 1) / 10] for k in range(1, 6)]
    assert sum(part["images"] for part in bins) == len(rows)
    for part in bins:
        low, high = part["removed"]
        inside = [float(r["ink_f1"]) for r in rows if low <= float(r["removed"]) < high]
        assert len(inside) == part["images"]
        if inside:
            assert part["means"]["ink_f1"] == pytest.approx(np.mean(inside))


def test_holes_are_the_same_for_everybody(cats: str, place: Path) -> None:
    """Other completers, other batch sizes, another process, extra metrics."""
    seen = [
        measure("blank", cats, out="a", batch_size=7),
        measure("telea", cats, out="b", batch_size=1),
        measure("nearest:count=5", cats, out="c", batch_size=64, metrics=["diversity"]),
    ]
    words = ["full", "--data", cats, "--split", "all", "--size", "64", "--count", str(COUNT)]
    subprocess.run(
        [sys.executable, "-m", "zoo", "-q", "evaluate", *words, "--out", "d"],
        check=True,
        capture_output=True,
    )
    seen.append(read_results(place / "d"))
    assert len({results.summary["holes"] for results in seen}) == 1
    assert len({results.summary["protocol_hash"] for results in seen}) == 1
    holes = [[(row.key, row.removed) for row in results.rows] for results in seen]
    assert all(other == holes[0] for other in holes)
    other = measure("blank", cats, out="e", seed=1)
    assert other.summary["holes"] != seen[0].summary["holes"]


def test_a_hole_does_not_depend_on_the_other_drawings(cats: str, place: Path) -> None:
    few, many = (measure("full", cats, out=f"{n}", count=n).rows for n in (8, 16))
    seen = [[(row.key, row.removed) for row in rows] for rows in (few, many)]
    assert seen[0] == seen[1][: len(few)]


def test_scores_do_not_depend_on_batches_or_on_being_repeated(cats: str, place: Path) -> None:
    one, again, small = (
        measure("nearest:count=30", cats, out=out, batch_size=size)
        for out, size in (("a", 16), ("a", 16), ("b", 3))
    )
    for other in (again, small):
        assert_same_scores(one, other)


def test_floors_and_files_need_no_tensorflow(cats: str, place: Path) -> None:
    code = """
        import sys, zoo
        args = {"data": sys.argv[1], "size": 64, "count": 4, "split": "all"}
        zoo.evaluate("telea", out="floor", save_predictions=True, **args)
        zoo.evaluate("floor/predictions", out="files", **args)
        assert not {"tensorflow", "keras"} & sys.modules.keys()
    """
    subprocess.run([sys.executable, "-c", dedent(code), cats], check=True)


def test_diversity_adds_columns_to_the_same_protocol(cats: str, place: Path) -> None:
    plain = measure("telea", cats, out="a")
    more = measure("telea", cats, out="b", metrics=["diversity"])
    assert list(more.summary["means"]) == [*COLUMNS, "diversity", "best_ink_f1", "mean_ink_f1"]
    assert more.summary["scores"]["diversity"]["draws"] == 8
    assert more.summary["protocol_hash"] == plain.summary["protocol_hash"]
    for ours, theirs in zip(plain.rows, more.rows, strict=True):
        same = {column: theirs.values[column] for column in COLUMNS}
        assert same == pytest.approx(dict(ours.values), abs=1e-6)
        assert theirs.values["diversity"] == 0
        assert theirs.values["best_ink_f1"] == theirs.values["ink_f1"]


def test_predictions_are_judged_from_files(cats: str, place: Path) -> None:
    ours = measure("navier_stokes", cats, save_predictions=True, out="ours")
    names = {file_name(row.key) for row in ours.rows}
    assert {file.name for file in ours.predictions.glob("*.png")} == names
    picture = Image.open(ours.predictions / file_name(ours.rows[0].key))
    assert (picture.mode, picture.size) == ("L", (64, 64))
    assert picture.getpixel((0, 0)) == 255
    # What a floor draws has whole 255ths: nothing is lost in a file.
    files = measure("ours/predictions", cats, out="files")
    assert files.summary["kind"] == "predictions"
    assert files.summary["parameters"] is None
    assert_same_scores(ours, files)


def test_only_the_hole_of_a_prediction_is_looked_at(cats: str, place: Path) -> None:
    ours = measure("full", cats, save_predictions=True, out="ours")
    for file in ours.predictions.glob("*.png"):
        Image.new("RGB", (64, 64)).save(file)
    assert_same_scores(measure("ours/predictions", cats, out="files"), ours)


def break_size(file: Path) -> None:
    Image.new("L", (64, 63)).save(file)


def break_content(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:50])


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (Path.unlink, "missing: there must be a completion of every drawing"),
        (break_size, "64x63 pixels: it must be 64x64"),
        (break_content, "not an image|cannot be read"),
    ],
)
def test_a_bad_prediction_is_named(cats: str, place: Path, harm: Any, message: str) -> None:
    ours = measure("blank", cats, save_predictions=True, out="ours")
    file = ours.predictions / file_name(ours.rows[3].key)
    harm(file)
    with pytest.raises(DataError, match=rf"{file}: ({message})"):
        measure("ours/predictions", cats, out="files")
    assert not (place / "files").exists()
    assert [p.name for p in place.iterdir()] == ["ours"]


def test_predictions_say_their_threshold(cats: str, place: Path) -> None:
    ours = measure("telea", cats, save_predictions=True, out="ours")
    said = ours.predictions / "predictions.json"
    assert json.loads(said.read_text()) == {"threshold": 0.5}
    said.write_text('{"threshold": 0.25}')
    lower = measure("ours/predictions", cats, out="files")
    assert lower.summary["threshold"] == 0.25
    assert lower.mean("ink_ratio") > ours.mean("ink_ratio")
    said.write_text('{"threshold": 2}')
    with pytest.raises(DataError, match=r"predictions\.json: not .*threshold 2"):
        measure("ours/predictions", cats, out="more")
    said.unlink()
    with pytest.raises(UsageError, match="diversity wants several completions"):
        measure("ours/predictions", cats, out="more", metrics=["diversity"])


OUTSIDE = """
    import pathlib, cv2, numpy as np
    pathlib.Path("returned").mkdir()
    for file in pathlib.Path("task/images").iterdir():
        ink = 255 - cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
        hole = cv2.imread(f"task/masks/{file.name}", cv2.IMREAD_GRAYSCALE)
        assert set(np.unique(hole)) == {0, 255}
        assert not ink[hole > 0].any()  # never the truth
        done = cv2.inpaint(ink, hole, 1, cv2.INPAINT_TELEA)
        cv2.imwrite(f"returned/{file.name}", 255 - done)
"""


def test_an_outside_system_is_scored_as_a_floor_is(cats: str, place: Path) -> None:
    flags = ["--data", cats, "--split", "all", "--size", "64", "--count", str(COUNT)]
    runner = CliRunner()
    done = runner.invoke(main, ["evaluate", "--export-task", "task", *flags])
    assert done.exit_code == 0, done.output
    assert sorted(p.name for p in Path("task").iterdir()) == [
        "README.md",
        "images",
        "masks",
        "task.json",
    ]
    subprocess.run([sys.executable, "-c", dedent(OUTSIDE)], check=True)
    done = runner.invoke(main, ["evaluate", "returned", *flags, "--out", "theirs"])
    assert done.exit_code == 0, done.output
    theirs, floor = read_results(Path("theirs")), measure("telea", cats, out="floor")
    told = json.loads(Path("task/task.json").read_text())
    assert told["holes"] == theirs.summary["holes"] == floor.summary["holes"]
    assert told["protocol_hash"] == floor.summary["protocol_hash"]
    assert list(told["files"]) == [row.key for row in floor.rows]
    assert_same_scores(floor, theirs)
    again = runner.invoke(main, ["evaluate", "--export-task", "task", *flags])
    assert (again.exit_code, "task exists" in again.output) == (2, True)


def test_a_key_cannot_leave_the_folder(place: Path) -> None:
    drawing = [[[0, 100, 200, 10], [0, 190, 20, 80]]]
    keys = ["../../evil", "/evil", "..", "a b", "con%2F", "-rf", "x" * 400, "naïve/猫"]
    lines = [json.dumps({"key_id": k, "word": "cat", "drawing": drawing}) for k in keys]
    Path("odd.ndjson").write_text("\n".join(lines))
    ours = measure("telea", "quickdraw:path=odd.ndjson", save_predictions=True, out="deep/er")
    assert {row.key for row in ours.rows} <= set(keys)
    assert len(list(ours.predictions.glob("*.png"))) == len(ours.rows)
    files = {p.name for p in place.iterdir()} | {p.name for p in Path("deep").iterdir()}
    assert files == {"odd.ndjson", "deep", "er"}
    again = measure("deep/er/predictions", "quickdraw:path=odd.ndjson", out="again")
    assert again.mean("ink_f1") == pytest.approx(ours.mean("ink_f1"))


def test_other_results_are_not_overwritten(cats: str, place: Path) -> None:
    measure("blank", cats, out="mine")
    (place / "mine" / "note").write_text("of the first time")
    measure("blank", cats, out="mine")
    assert not (place / "mine" / "note").exists()
    with pytest.raises(UsageError, match=r"mine holds results of blank under P64\+"):
        measure("full", cats, out="mine")
    with pytest.raises(UsageError, match="mine holds results"):
        measure("blank", cats, out="mine", seed=3)
    for name in ("one", "two"):
        measure("blank", cats, out=f"{name}/blank", save_predictions=True)
    measure("one/blank/predictions", cats)
    with pytest.raises(UsageError, match="holds results of blank"):
        measure("two/blank/predictions", cats)
    (place / "thesis").mkdir()
    (place / "thesis" / "text").write_text("years of work")
    with pytest.raises(UsageError, match="thesis exists and holds no results"):
        measure("blank", cats, out="thesis")
    assert (place / "thesis" / "text").exists()


def test_ctrl_c_leaves_nothing(cats: str, place: Path) -> None:
    words = ["telea", "--data", cats, "--split", "all", "--size", "256", "--out", "mine"]
    process = subprocess.Popen(
        [sys.executable, "-m", "zoo", "evaluate", *words, "--save-predictions"],
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 60
    while not list(place.glob(".mine.partial/predictions/*.png")):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert list(place.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["teela"], 'No run, bundle, model or floor "teela". Did you mean "telea"?'),
        (["runs/none"], "runs/none: no such folder"),
        (["empty"], "empty: neither a run, nor a model bundle, nor a folder of <key>.png"),
        (["telea:radius=0"], "completer telea: radius=0: must be at least 1"),
        (["telea", "--protocol", "P129"], 'No protocol "P129". Did you mean "P128"?'),
        (["telea", "--protocol", "P64"], "where are the drawings of protocol P64?"),
        (["telea", "--metric", "ink_f1"], "ink_f1 is among the metrics already"),
        (["telea", "--metric", "ink_f"], 'Did you mean "ink_f1"?'),
        ([], "what is to be evaluated?"),
        (["telea", "--export-task", "x"], "leave out MODEL"),
        (["full"], '"full" means several things: write ./full or sketch-zoo/full'),
        (["telea", "--data", "quickdraw:path=gone"], "gone: no such file"),
    ],
)
def test_one_line_for_what_cannot_be(
    words: list[str], message: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZOO_DATA", raising=False)
    (place / "empty").mkdir()
    (place / "full").mkdir()
    result = CliRunner().invoke(main, ["evaluate", *words])
    assert result.exit_code in (1, 2)
    (line,) = result.output.splitlines()
    assert message in line
    assert sorted(p.name for p in place.iterdir()) == ["empty", "full"]


def test_nearest_never_sees_what_is_evaluated(cats: str, place: Path) -> None:
    """Else it would find every drawing itself and complete it without fault."""
    results = measure("nearest", cats)
    assert min(row.values["hole_l1"] for row in results.rows) > 0
    with pytest.raises(DataError, match="leaves none to look at"):
        measure("nearest", cats, count=100_000)


def test_drawings_that_cannot_be_used(place: Path) -> None:
    dot = {"key_id": "1", "word": "dot", "drawing": [[[5], [5]]]}
    Path("dot.ndjson").write_text(json.dumps(dot))
    with pytest.raises(DataError, match="none of 1 drawings can be used"):
        measure("blank", "quickdraw:path=dot.ndjson", out="mine")
    assert [p.name for p in place.iterdir()] == ["dot.ndjson"]


def test_what_the_command_prints(cats: str, place: Path) -> None:
    flags = ["--data", cats, "--split", "all", "--size", "64", "--count", str(COUNT)]
    runner = CliRunner()
    assert runner.invoke(main, ["evaluate", "full", *flags]).exit_code == 0
    told = runner.invoke(main, ["evaluate", "telea", *flags, "--json"])
    (summary,) = Path("results").glob("*/telea/summary.json")
    assert json.loads(told.stdout) == json.loads(summary.read_text())
    text = runner.invoke(main, ["evaluate", "telea", *flags]).stdout
    mean = read_results(summary.parent).mean("ink_f1")
    assert f"{mean:.4f}" in text
    assert "ink_f1 of floors" in text  # full, which lies beside it
    assert f"results: {summary.parent}" in text


def test_damaged_results_are_named(cats: str, place: Path) -> None:
    results = measure("blank", cats, out="mine")
    text = (results.path / "images.csv").read_text()
    (results.path / "images.csv").write_text("\n".join(text.splitlines()[:-1]))
    with pytest.raises(DataError, match=r"mine: damaged results .*19 lines|mine: damaged results"):
        read_results(results.path)
    (results.path / "summary.json").write_text("{")
    with pytest.raises(DataError, match="mine: damaged results"):
        read_results(results.path)
    with pytest.raises(UsageError, match="holds no results"):
        read_results(place)
