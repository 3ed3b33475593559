"""``--log tensorboard``: what TensorBoard reads is what the run's own log says."""

from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from click.testing import CliRunner
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from zoo.cli import main
from zoo.runs import open_run

from .conftest import SMALL

QUICK = ("--size", 32, "--batch-size", 4, "--no-jit", "--workers", 0, "--data", "doodles:count=60")


def run_zoo(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(word) for word in words])
    return result.exit_code, result.output


def test_scalars_and_samples_go_to_tensorboard(tmp_path: Path) -> None:
    words = ("train", *SMALL["unet"], *QUICK, "--steps", 20, "--checkpoint-every", 10)
    code, said = run_zoo(*words, "--log", "tensorboard", "-o", tmp_path / "run")
    assert code == 0, said
    run = open_run(tmp_path / "run")
    events = EventAccumulator(str(run.path / "tensorboard"), {"tensors": 0, "images": 0})
    events.Reload()
    logged = run.log_records()
    names = {name for record in logged for name in record if name != "step"}
    assert {"ink_f1", "g/ink_bce", "d/bce"} <= names
    assert {*events.Tags()["tensors"]} == names | {"samples"}
    for name in names:
        shown = [(e.step, float(tf.make_ndarray(e.tensor_proto))) for e in events.Tensors(name)]
        expected = [(r["step"], r[name]) for r in logged if name in r]
        assert [step for step, _ in shown] == [step for step, _ in expected]
        np.testing.assert_allclose([v for _, v in shown], [v for _, v in expected], rtol=1e-6)
    pictures = events.Tensors("samples")
    assert [event.step for event in pictures] == [10, 20]
    for event in pictures:
        encoded = tf.make_ndarray(event.tensor_proto)[2]
        with Image.open(run.sample(event.step)) as sample:
            pixels = np.asarray(sample.convert("RGB"))
        np.testing.assert_array_equal(tf.io.decode_png(encoded).numpy(), pixels)


def test_a_missing_package_is_told_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zoo.training.log.find_spec", lambda name: None)
    words = ("train", *SMALL["unet"], *QUICK, "--steps", 2, "-o", tmp_path / "run")
    code, said = run_zoo(*words, "--log", "tensorboard")
    assert code == 2
    assert said == (
        "Error: --log tensorboard needs a package that is not installed: "
        "pip install 'sketch-zoo[tensorboard]'\n"
    )
    assert not (tmp_path / "run").exists()
