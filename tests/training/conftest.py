"""Trainings in real processes that can be killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SMALL = {
    "unet": ("--gen", "unet:depth=2,width=8", "--disc", "convdense:width=4,dense=8"),
    "funnel": (
        "--gen",
        "funnel:depth=2,width=8,middle_width=8,blend=1",
        "--disc",
        "convdense:width=4,dense=8",
    ),
}


@pytest.fixture(scope="session")
def forty(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ndjson file of real cats with exactly 40 drawings in its training split."""
    import gzip
    import json

    from zoo.data.splits import split_of

    path = tmp_path_factory.mktemp("forty") / "cats.ndjson"
    count = 0
    with (
        gzip.open(shared_data / "quickdraw" / "cat.ndjson.gz", "rt") as lines,
        path.open("w") as out,
    ):
        for line in lines:
            count += split_of(json.loads(line)["key_id"]) == "train"
            out.write(line)
            if count == 40:
                break
    return path


def zoo_command(*words: object) -> list[str]:
    """A command line of this environment's ``zoo``."""
    return [sys.executable, "-m", "zoo", *map(str, words)]


def zoo(*words: object, check: bool = True, **how: Any) -> subprocess.CompletedProcess[str]:
    """Run ``zoo`` to its end."""
    done = subprocess.run(zoo_command(*words), capture_output=True, text=True, timeout=300, **how)
    if check:
        assert done.returncode == 0, done.stderr
    return done


def kill_when(
    words: tuple[object, ...], condition: Callable[[], object], number: int = signal.SIGKILL
) -> int:
    """Start ``zoo`` and send it a signal as soon as the condition holds; return its exit code."""
    process = subprocess.Popen(
        zoo_command(*words), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 240
    try:
        while process.poll() is None and time.monotonic() < deadline:
            if condition():
                os.kill(process.pid, number)
                return process.wait(60)
            time.sleep(0.002)
        return process.wait(1)
    finally:
        process.kill()


def tensors(run: Path, step: int) -> dict[str, np.ndarray]:
    """Every tensor of a checkpoint: both models, both optimizers, the average."""
    from zoo.quiet import import_tensorflow

    tf = import_tensorflow()
    path = run / "checkpoints" / f"step-{step:08d}" / "state"
    reader = tf.train.load_checkpoint(str(path))
    names = [n for n in reader.get_variable_to_shape_map() if n.endswith("VARIABLE_VALUE")]
    return {name: reader.get_tensor(name) for name in sorted(names)}


def assert_equal(a: Path, b: Path, step: int) -> None:
    """Two runs are in the same state at a step, bit for bit."""
    left, right = tensors(a, step), tensors(b, step)
    assert left.keys() == right.keys()
    assert len(left) > 20
    different = [name for name in left if left[name].tobytes() != right[name].tobytes()]
    assert not different
