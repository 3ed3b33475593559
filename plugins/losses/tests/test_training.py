"""Many losses teach together, and what cannot teach is refused."""

import json
import math

import pytest

import zoo

RECONSTRUCTION = (
    "ink_bce",
    "focal",
    "dice",
    "blurred_dice",
    'distance:radii="1,4"',
    "outline",
    "l1",
    "context",
    "fillrate",
)
SMALL = {
    "gen": "shuffle:factor=2,width=4,depth=1,blend=1,norm=none",
    "disc": "patch:width=4,depth=2",
    "data": "doodles:count=40",
    "size": 16,
    "batch_size": 4,
    "steps": 4,
    "eager": True,
    "workers": 0,
}


@pytest.mark.parametrize(
    "adversary",
    [
        ("wgan", "gradient_penalty:weight=10", "modeseek"),
        ("relativistic", "r1:every=2", "feature_matching", "best_of_two:of=dice"),
    ],
    ids=lambda losses: losses[0],
)
def test_they_teach_together(adversary, tmp_path):
    losses = [*adversary, *RECONSTRUCTION]
    zoo.train(**SMALL, loss=losses, out=tmp_path / "run")
    lines = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    logged = [json.loads(line) for line in lines]
    values = {key: value for entry in logged for key, value in entry.items() if "/" in key}
    assert {key.partition("/")[2] for key in values} >= {name.partition(":")[0] for name in losses}
    assert all(math.isfinite(value) for value in values.values())


def test_wgan_without_a_regulariser_is_refused(tmp_path):
    with pytest.raises(
        zoo.UsageError, match="loss wgan needs a regulariser: add --loss "
    ) as refusal:
        zoo.train(**SMALL, loss=["wgan", "l1"], out=tmp_path / "run")
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "run").exists()
