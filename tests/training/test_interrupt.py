"""Signals, full disks, damaged checkpoints, other versions: nothing is lost."""

import json
import signal
import sys
from pathlib import Path

import pytest

from .conftest import SMALL, kill_when, zoo

TINY = (
    *SMALL["unet"], "--size", 32, "--batch-size", 4, "--no-jit", "--workers", 0,
    "--data", "doodles:count=40", "--device", "cpu", "--seed", 1,
)  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of 6 steps with three checkpoints."""
    path = tmp_path_factory.mktemp("run") / "run"
    zoo("train", *TINY, "--steps", 6, "--checkpoint-every", 2, "-o", path)
    return path


def copy(run: Path, to: Path) -> Path:
    import shutil

    shutil.copytree(run, to)
    return to


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["ctrl-c", "sigterm"]
)
def test_signal_writes_a_checkpoint_and_says_so(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    words = ("train", *TINY, "--steps", 100_000, "--checkpoint-every", 100_000, "-o", run)

    def training() -> bool:
        return (run / "metrics.jsonl").exists()

    assert kill_when(words, training, number) == code
    status = json.loads((run / "status").read_text())
    assert status["state"] == "interrupted"
    (checkpoint,) = (run / "checkpoints").iterdir()
    assert checkpoint.name == f"step-{status['step']:08d}"
    assert (run / "best" / "manifest.json").is_file()
    assert (run / "curves.png").is_file()


def test_a_checkpoint_cut_short_is_passed_over(run: Path, tmp_path: Path) -> None:
    cut = copy(run, tmp_path / "cut")
    data = cut / "checkpoints/step-00000006/state.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:-100])
    done = zoo("resume", cut)
    assert "step-00000006 is damaged" in done.stderr
    assert "step 4 of 6" in done.stderr
    assert json.loads((cut / "status").read_text()) == {
        "state": "finished",
        "step": 6,
        "steps": 6,
    }


def test_no_whole_checkpoint_is_an_error(run: Path, tmp_path: Path) -> None:
    cut = copy(run, tmp_path / "cut")
    for file in cut.glob("checkpoints/*/checkpoint.json"):
        file.unlink()
    done = zoo("resume", cut, check=False)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("Error: ")
    assert "no checkpoint is whole" in done.stderr


def test_another_plugin_version_is_named(run: Path, tmp_path: Path) -> None:
    other = copy(run, tmp_path / "other")
    plugins = other / "plugins.txt"
    now = dict(line.split() for line in plugins.read_text().splitlines())["sketch-zoo-unet"]
    plugins.write_text(plugins.read_text().replace(f"unet {now}", "unet 0.0.9"))
    done = zoo("resume", other)
    assert f"plugin sketch-zoo-unet: the run was made with 0.0.9, installed is {now}" in done.stderr


def test_a_run_directory_that_exists_is_left_alone(run: Path) -> None:
    before = sorted((p, p.stat().st_mtime_ns) for p in run.rglob("*"))
    done = zoo("train", *TINY, "-o", run, check=False)
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1] == (
        f"Error: {run} exists: choose another --out, or continue it: zoo resume {run}"
    )
    assert before == sorted((p, p.stat().st_mtime_ns) for p in run.rglob("*"))


def test_resume_of_a_finished_run_changes_no_weights(run: Path, tmp_path: Path) -> None:
    finished = copy(run, tmp_path / "finished")
    before = (finished / "best/generator.weights.h5").read_bytes()
    assert "finished at step 6" in zoo("resume", finished).stdout
    assert (finished / "best/generator.weights.h5").read_bytes() == before


FULL_DISK = """
import resource, signal, sys
# Files may grow to 200 kB only: a checkpoint does not fit, everything small does.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from zoo.cli import main
from zoo.quiet import import_tensorflow
import_tensorflow()
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
main(sys.argv[1:])
"""


def test_a_full_disk_loses_nothing_that_was_written(tmp_path: Path) -> None:
    import subprocess

    run = tmp_path / "run"
    words = ["train", *TINY, "--steps", 4, "--checkpoint-every", 2, "-o", run]
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, *map(str, words)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1, done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    assert f"zoo resume {run}" in last
    assert "Traceback" not in done.stderr
    assert json.loads((run / "status").read_text())["state"] == "failed"
    assert not list((run / "checkpoints").iterdir())
    # With room again it goes on.
    zoo("resume", run)
    assert json.loads((run / "status").read_text())["state"] == "finished"


def test_fine_tuning_starts_from_the_weights_and_the_generator(run: Path, tmp_path: Path) -> None:
    tuned = tmp_path / "tuned"
    words = ("train", "--init", run, "--size", 32, "--batch-size", 4, "--no-jit", "--workers", 0)
    zoo(*words, "--steps", 1, "--lr", 1e-9, "--ema", 0, "-o", tuned)
    import h5py
    import numpy as np

    with (
        h5py.File(run / "best/generator.weights.h5") as a,
        h5py.File(tuned / "best/generator.weights.h5") as b,
    ):
        assert list(a) == list(b)
        for name in a:
            np.testing.assert_allclose(a[name][()], b[name][()], atol=1e-6)
    assert 'name = "sketch-zoo-unet/unet"' in (tuned / "config.toml").read_text()


def test_max_minutes_stops_and_can_be_resumed(tmp_path: Path) -> None:
    run = tmp_path / "run"
    done = zoo("train", *TINY, "--steps", 100_000, "--max-minutes", 0.02, "-o", run)
    assert "stopped at step" in done.stdout
    assert f"zoo resume {run}" in done.stdout
    assert json.loads((run / "status").read_text())["state"] == "stopped"
