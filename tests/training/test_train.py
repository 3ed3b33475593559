"""``zoo train`` and ``zoo.train`` as a user meets them, in one process."""

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

import zoo
from zoo.cli import main

from .conftest import SMALL

QUICK = ("--size", 32, "--batch-size", 4, "--no-jit", "--workers", 0, "--data", "doodles:count=60")


def run_zoo(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def refused(*words: object, code: int = 2) -> str:
    """The one line with which a command ends."""
    result = run_zoo(*words)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    line = result.stderr.strip().splitlines()[-1]
    assert line.startswith("Error: ")
    return line


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A run of 20 steps."""
    run = tmp_path_factory.mktemp("train") / "run"
    words = ("train", *SMALL["unet"], *QUICK, "--steps", 20, "--checkpoint-every", 10)
    return run, run_zoo(*words, "-o", run)


def test_a_run_directory_holds_what_the_readme_says(trained: tuple[Path, Result]) -> None:
    run, result = trained
    assert result.exit_code == 0, result.output
    assert sorted(p.name for p in run.iterdir()) == [
        "best", "checkpoints", "config.toml", "curves.png", "metrics.jsonl", "plugins.txt",
        "samples", "status",
    ]  # fmt: skip
    assert sorted(p.name for p in (run / "best").iterdir()) == [
        "card.md", "generator.weights.h5", "manifest.json",
    ]  # fmt: skip
    config = tomllib.loads((run / "config.toml").read_text())
    assert config["gen"] == {
        "name": "sketch-zoo-unet/unet", "depth": 2, "width": 8, "width_max": 256,
        "norm": "instance", "slope": 0.2, "skips": True, "noise": "middle", "noise_channels": 8,
    }  # fmt: skip
    assert config["jit"] is False
    records = [json.loads(line) for line in (run / "metrics.jsonl").open()]
    logged = [r for r in records if "g/ink_bce" in r]
    assert [r["step"] for r in logged] == [10, 20]
    # The adversary teaches the generator later; the discriminator learns from the first step.
    assert {"lr", "images_per_s", "d/bce"} <= logged[0].keys()
    assert [r["step"] for r in records if "hole_bce" in r] == [10, 20]
    assert json.loads((run / "status").read_text()) == {
        "state": "finished",
        "step": 20,
        "steps": 20,
    }


def test_the_best_model_is_that_of_the_best_score(trained: tuple[Path, Result]) -> None:
    run, _ = trained
    records = [json.loads(line) for line in (run / "metrics.jsonl").open()]
    scores = [r for r in records if "ink_f1" in r]
    best = max(scores, key=lambda record: record["ink_f1"])
    manifest = json.loads((run / "best" / "manifest.json").read_text())
    threshold = manifest["decoding"]["threshold"]
    assert (manifest["step"], threshold) == (best["step"], best["threshold"])


def test_samples_show_original_hidden_completed(trained: tuple[Path, Result]) -> None:
    run, _ = trained
    assert [p.name for p in sorted((run / "samples").iterdir())] == [
        "step-000010.png",
        "step-000020.png",
    ]
    # Panels of 32 px in a frame of 4 px, four times enlarged.
    picture = np.asarray(Image.open(run / "samples" / "step-000020.png"))[::4, ::4]
    first = [picture[4:36, 4 + 40 * i : 36 + 40 * i].astype(int) for i in range(3)]
    hole = (first[1] == [255, 214, 165]).all(-1)
    assert hole.any()
    assert (first[0][~hole] == first[1][~hole]).all()
    assert (first[0][~hole] == first[2][~hole]).all()
    assert (first[0][hole] != first[2][hole]).any()


def test_progress_lines_say_step_losses_speed_and_time_left(trained: tuple[Path, Result]) -> None:
    run, result = trained
    assert "60 drawings" in result.stderr
    assert "step 20/20" in result.stderr
    assert "images/s" in result.stderr
    assert "left" in result.stderr
    assert "finished at step 20" in result.stdout
    assert f"--model {run}" in result.stdout


def test_quiet_says_nothing(tmp_path: Path) -> None:
    words = ("-q", "train", *SMALL["unet"], *QUICK, "--steps", 1, "-o", tmp_path / "run")
    result = run_zoo(*words)
    assert (result.exit_code, result.output) == (0, "")


def test_same_seed_same_weights_and_python_equals_command_line(
    trained: tuple[Path, Result], tmp_path: Path
) -> None:
    result = zoo.train(
        gen="unet:depth=2,width=8",
        disc="convdense:width=4,dense=8",
        data="doodles:count=60",
        size=32,
        batch_size=4,
        jit=False,
        workers=0,
        steps=20,
        checkpoint_every=10,
        out=tmp_path / "run",
    )
    assert (result.state, result.step) == ("finished", 20)
    weights = [
        (run / "best" / "generator.weights.h5").read_bytes()
        for run in (trained[0], tmp_path / "run")
    ]
    assert weights[0] == weights[1]


def test_eager_runs_the_same_step(tmp_path: Path) -> None:
    words = ("train", *SMALL["unet"], *QUICK, "--eager", "--steps", 2, "-o", tmp_path / "run")
    assert run_zoo(*words).exit_code == 0


def test_without_adversary(tmp_path: Path) -> None:
    run = tmp_path / "run"
    words = ("train", "--gen", "unet:depth=2,width=8", "--disc", "none", "--loss", "l1", *QUICK)
    assert run_zoo(*words, "--steps", 2, "-o", run).exit_code == 0
    assert run_zoo("resume", run).exit_code == 0


def test_epochs_become_steps() -> None:
    result = run_zoo("train", *SMALL["unet"], *QUICK, "--epochs", 2, "--holes", 2, "--dry-run")
    config = tomllib.loads(result.stdout)
    training = int(result.stdout.split(" of them for training")[0].split()[-1])
    assert config["steps"] == 2 * -(-training * 2 // 4)


def test_dry_run_shows_sizes_and_trains_nothing(tmp_path: Path) -> None:
    run = tmp_path / "run"
    result = run_zoo("train", "--preset", "completion-gan", "--dry-run", "-o", run)
    assert result.exit_code == 0, result.output
    config = tomllib.loads(result.stdout)
    assert config["critic_sees"] == "raw"
    assert "# generator: 6,2" in result.stdout
    assert "# memory, roughly: " in result.stdout
    assert not run.exists()


def test_a_loss_that_explodes_stops_the_run_and_is_named(tmp_path: Path) -> None:
    run = tmp_path / "run"
    words = ("train", *SMALL["unet"], *QUICK, "--loss", "ink_bce:weight=1e38", "--loss", "bce")
    line = refused(*words, "--lr", 1, "--steps", 10, "-o", run, code=1)
    assert "loss term " in line
    assert "became" in line
    assert "lower --lr" in line
    status = json.loads((run / "status").read_text())
    assert status == {"state": "failed", "step": 0, "steps": 10}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--gen", "unett"), 'No generator "unett". Did you mean "unet"?'),
        (("--gen", "unet:depth=5", "--size", 48), "size 48x48 is not a multiple of 32. Sizes that"),
        (("--size", 3), "'--size'"),
        (("--lr", "fast"), "'--lr'"),
        (("--device", "tpu"), 'no device "tpu": use auto, cpu, gpu, gpu:N or all'),
        (("--device", "gpu:9"), 'no device "gpu:9"'),
        (("--disc", "none", "--loss", "bce"), "loss bce needs a discriminator"),
        (("--loss", "l1"), "discriminator convdense would learn nothing"),
        (("--loss", "bce", "--loss", "hinge"), "two adversarial pairs at once: sketch-zoo-losses/"),
        (("--loss", "wgan"), "needs a regulariser: add --loss gradient_penalty:weight=10 or"),
        (("--disc", "none", "--n-critic", 5), "n_critic=5 counts steps of a discriminator"),
        (("--gen", "unet:noise=none", "--loss", "bce", "--loss", "modeseek"), "takes no noise"),
        (("--data", "folder:path=/nowhere"), "/nowhere"),
        (("--init", "/nowhere"), 'No run, bundle or model "/nowhere"'),
        (("--preset", "completion-gam"), 'Did you mean "completion-gan"?'),
        (("--config", "/nowhere.toml"), "/nowhere.toml"),
        (("--disc", "convdense:depth=1,dense=4096", "--size", 256), "convdense"),
        (("--stepz", 3), "--stepz"),
    ],
)
def test_mistakes_are_one_line_and_leave_nothing(
    words: tuple[object, ...], message: str, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    # A mistake that is not noticed must not train for an hour.
    result = run_zoo("train", "--max-minutes", 0.01, *words, "-o", run)
    assert result.exit_code in (1, 2), result.output
    lines = result.stderr.strip().splitlines()
    assert lines[-1].startswith("Error: ")
    assert message in lines[-1]
    assert "Traceback" not in result.output
    assert not run.exists()


def test_resume_of_something_else(tmp_path: Path) -> None:
    assert "is not a run directory" in refused("resume", tmp_path)
    assert "is not a run directory" in refused("resume", tmp_path / "none")


def test_skipped_drawings_are_counted(shared_data: Path, tmp_path: Path) -> None:
    import gzip

    with gzip.open(shared_data / "quickdraw" / "cat.ndjson.gz", "rt") as cats:
        lines = cats.readlines()[:60]
    lines[6] = "{broken\n"
    data = tmp_path / "cats.ndjson"
    data.write_text("".join(lines))
    words = ("train", *SMALL["unet"], *QUICK[:-2], "--data", f"quickdraw:path={data}")
    result = run_zoo(*words, "--steps", 1, "-o", tmp_path / "run")
    assert result.exit_code == 0, result.output
    assert "59 drawings, 1 skipped: " in result.stderr
    assert "cats.ndjson:7" in result.stderr


def test_without_a_discriminator_the_default_losses_have_no_adversary() -> None:
    result = run_zoo("train", "--disc", "none", "--dry-run")
    assert result.exit_code == 0, result.output
    assert list(tomllib.loads(result.stdout)["loss"]) == ["sketch-zoo-losses/ink_bce"]


def test_too_few_drawings_are_said(tmp_path: Path) -> None:
    words = ("train", *SMALL["unet"], *QUICK[:-2], "--data", "doodles:count=2")
    result = run_zoo(*words, "--steps", 1, "-o", tmp_path / "run")
    assert "2 drawings. Too few to hold some out" in result.stderr


def test_unset_values_survive_the_round_trip(tmp_path: Path) -> None:
    words = ("train", "--preset", "completion-gan", "--dry-run", "--size", 32)
    result = run_zoo(*words, "--set", "loss.fillrate.target=none", "--set", "clip=none")
    config = tomllib.loads(result.stdout)
    assert "target" not in config["loss"]["sketch-zoo-losses/fillrate"]
    assert "clip" not in config
