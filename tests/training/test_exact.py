"""A run that is killed and resumed ends exactly where an undisturbed one does."""

import json
import random
import signal
from pathlib import Path

import pytest

from .conftest import SMALL, assert_equal, kill_when, zoo

# Everything that depends on the step is on: schedule, warm-up, ramps, a late term, average, flips.
RECIPE = (
    "--size", 32, "--batch-size", 8, "--steps", 12, "--checkpoint-every", 6, "--seed", 3,
    "--lr-schedule", "cosine", "--warmup", 3, "--ema", 0.9, "--clip", 1, "--device", "cpu",
    "--loss", "ink_bce:ramp=8", "--loss", "bce:weight=0.1,start=4,ramp=4",
    "--loss", "l1:weight=0.5,every=3",
)  # fmt: skip


def train_words(pair: str, data: Path, out: Path, *more: object) -> tuple[object, ...]:
    return ("train", *SMALL[pair], "--data", f"quickdraw:path={data}", *RECIPE, *more, "-o", out)


@pytest.mark.parametrize(
    ("pair", "jit"),
    [
        ("unet", "--jit"),
        ("unet", "--no-jit"),
        ("unet", "--bfloat16"),
        ("funnel", "--no-jit"),
        pytest.param("funnel", "--jit", marks=pytest.mark.slow),  # XLA compiles for minutes
    ],
)
def test_killed_and_resumed_is_undisturbed(
    pair: str, jit: str, forty: Path, tmp_path: Path
) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    zoo(*train_words(pair, forty, whole, jit))
    code = kill_when(
        train_words(pair, forty, killed, jit), (killed / "checkpoints/step-00000006").exists
    )
    assert code == -signal.SIGKILL
    assert not (killed / "checkpoints/step-00000012").exists()
    zoo("resume", killed)
    assert_equal(whole, killed, 12)
    steps = [json.loads(line)["step"] for line in (killed / "metrics.jsonl").open()]
    assert steps == sorted(steps)
    assert steps == [json.loads(line)["step"] for line in (whole / "metrics.jsonl").open()]
    assert json.loads((killed / "status").read_text())["state"] == "finished"


def test_workers_change_nothing(forty: Path, tmp_path: Path) -> None:
    for workers in (0, 3):
        out = tmp_path / str(workers)
        zoo(*train_words("unet", forty, out, "--no-jit", "--holes", 3, "--workers", workers))
    assert_equal(tmp_path / "0", tmp_path / "3", 12)


def killed_again_and_again(times: int, forty: Path, tmp_path: Path) -> None:
    """Kill a run that writes a checkpoint after every step, half of the time while it does."""
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    often = ("--no-jit", "--steps", 3 * times + 2, "--checkpoint-every", 1, "--workers", 0)
    rng = random.Random(5)
    words: tuple[object, ...] = train_words("unet", forty, killed, *often)
    reached = 0
    for life in range(times):
        wanted = len(list(killed.glob("samples/*"))) + rng.randint(1, 2)

        def dies(wanted: int = wanted, life: int = life) -> bool:
            if len(list(killed.glob("samples/*"))) < wanted:
                return False
            return life % 2 == 0 or any(killed.glob("checkpoints/.step-*.partial"))

        assert kill_when(words, dies) == -signal.SIGKILL
        words = ("resume", killed)
        step = max((int(p.name[5:]) for p in killed.glob("checkpoints/step-*")), default=0)
        assert step >= reached
        reached = step
    zoo(*words)
    zoo(*train_words("unet", forty, whole, *often))
    assert_equal(whole, killed, 3 * times + 2)


def test_killed_at_random_moments(forty: Path, tmp_path: Path) -> None:
    killed_again_and_again(4, forty, tmp_path)


@pytest.mark.slow
def test_killed_at_random_moments_20_times(forty: Path, tmp_path: Path) -> None:
    killed_again_and_again(20, forty, tmp_path)
