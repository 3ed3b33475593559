"""Training examples are a pure function of (seed, example number)."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from zoo.config import RunConfig, resolve
from zoo.data.batches import batches
from zoo.data.examples import Batch, Examples, Randomness, make_examples, open_source
from zoo.data.splits import Split, split_indices, split_of
from zoo.errors import ZooError

ASKED = Randomness(noise=(4, 4, 2), second=True, mix=True)


def config(**changes: object) -> RunConfig:
    flags = {"data": "doodles:count=40", "size": 32, "batch_size": 8, "workers": 0, "steps": 50}
    return resolve({**flags, **changes})


def examples(**changes: object) -> Examples:
    made = config(**changes)
    return make_examples(made, open_source(made), "train", ASKED)


def same(a: Batch, b: Batch) -> bool:
    return a.keys() == b.keys() and all(a[k].tobytes() == b[k].tobytes() for k in a)


def test_shapes_and_ranges() -> None:
    batch = examples().batch(3)
    shapes = {name: array.shape for name, array in batch.items()}
    assert shapes == {
        "target": (8, 32, 32, 1),
        "mask": (8, 32, 32, 1),
        "noise": (8, 4, 4, 2),
        "noise_b": (8, 4, 4, 2),
        "mix": (8, 1, 1, 1),
    }
    assert all(array.dtype == np.float32 for array in batch.values())
    assert batch["target"].min() >= 0
    assert batch["target"].max() <= 1
    assert set(np.unique(batch["mask"])) == {0, 1}


def test_a_step_is_pure_and_seeds_and_epochs_differ() -> None:
    first = examples().batch(2)
    fresh = examples()
    fresh.batch(7)
    assert same(first, fresh.batch(2))
    assert not same(first, examples(seed=1).batch(2))
    # The same drawings come again in the next epoch, in another order and with other holes.
    steps = fresh.steps_per_epoch()
    one = np.concatenate([fresh.batch(s)["mask"] for s in range(steps)])
    two = np.concatenate([fresh.batch(s)["mask"] for s in range(steps, 2 * steps)])
    assert not (one == two).all(axis=(1, 2, 3)).any()


def test_an_epoch_shows_every_drawing_with_all_its_holes() -> None:
    ex = examples(flip=False, holes=3)
    count = len(ex.indices)
    drawings = np.concatenate([ex.batch(s)["target"] for s in range(ex.steps_per_epoch())])
    distinct, times = np.unique(
        drawings[: 3 * count].reshape(3 * count, -1), axis=0, return_counts=True
    )
    assert len(distinct) == count
    assert set(times) == {3}


def test_flips_mirror_about_half() -> None:
    plain, flipped = examples(flip=False), examples(flip=True)
    a = np.concatenate([plain.batch(s)["target"] for s in range(4)])
    b = np.concatenate([flipped.batch(s)["target"] for s in range(4)])
    mirrored = (b == a[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (mirrored | (a == b).all(axis=(1, 2, 3))).all()
    assert 5 < mirrored.sum() < 27


@pytest.mark.parametrize("workers", [1, 3])
def test_workers_draw_the_same_batches(workers: int) -> None:
    expected = [examples().batch(s) for s in range(5, 12)]
    with batches(examples(workers=workers), 5) as stream:
        for a, b in zip(expected, islice(stream, 7), strict=True):
            assert same(a, b)


def test_a_worker_that_fails_says_why(tmp_path: Path, shared_data: Path) -> None:
    import shutil

    file = tmp_path / "cat.ndjson.gz"
    shutil.copy(shared_data / "quickdraw" / "cat.ndjson.gz", file)
    made = config(data=f"quickdraw:path={file}", workers=1)
    ex = make_examples(made, open_source(made), "train", ASKED)
    file.unlink()
    with batches(ex, 0) as stream, pytest.raises(ZooError, match=r"has ended: .*cat\.ndjson\.gz"):
        next(stream)


def test_the_worker_never_imports_tensorflow() -> None:
    import subprocess
    import sys

    code = "import sys, zoo.data.worker; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_splits_keep_groups_together_and_are_80_10_10(shared_data: Path) -> None:
    path = shared_data / "chairs" / "chair.ndjson.gz"
    source = open_source(config(data=f"quickdraw:path={path}"))
    parts = {s: split_indices(source, s) for s in ("train", "validation", "test")}
    assert sorted(np.concatenate(list(parts.values()))) == list(range(len(source)))
    games = [{source.group(i) for i in part} for part in parts.values()]
    assert not games[0] & games[1]
    assert not games[0] & games[2]
    assert not games[1] & games[2]
    shares = np.bincount(
        [("train", "validation", "test").index(split_of(str(i))) for i in range(5000)]
    )
    np.testing.assert_allclose(shares / 5000, [0.8, 0.1, 0.1], atol=0.02)


def test_validation_is_fixed_whatever_the_training_settings() -> None:
    def fixed(**changes: object) -> Batch:
        made = config(**changes)
        return make_examples(made, open_source(made), "validation", Randomness()).first(64)

    assert same(fixed(), fixed(holes=4, flip=False, batch_size=2, seed=5))
    assert len(fixed()["target"]) < 64


def test_pen_and_margin_are_in_pixels_of_the_image() -> None:
    thin = examples(data="doodles:count=40,pen=1,margin=0", size=64, flip=False).batch(0)["target"]
    thick = examples(data="doodles:count=40,pen=4,margin=12", size=64, flip=False).batch(0)[
        "target"
    ]
    assert thick.mean() > 1.5 * thin.mean()
    assert thin[:, 0].max() > 0 or thin[:, :, 0].max() > 0
    assert thick[:, :8].max() == thick[:, :, :8].max() == 0


def test_fewer_drawings_are_the_same_few_in_every_epoch() -> None:
    every, few = examples(flip=False), examples(flip=False, drawings=5)
    assert len(few.indices) == 5
    assert set(few.indices) < set(every.indices)
    assert few.steps_per_epoch() == 1
    seen = [few.batch(step)["target"] for step in range(5)]
    assert len(np.unique(np.concatenate(seen).reshape(40, -1), axis=0)) == 5
    assert set(examples(drawings=5, seed=1).indices) != set(few.indices)
    # More of them are the same ones and others.
    assert set(few.indices) < set(examples(drawings=6).indices)
    assert list(examples(drawings=999).indices) == list(every.indices)


def test_fewer_drawings_are_from_the_whole_source_and_validation_stays() -> None:
    def indices(split: Split, **changes: object) -> list[int]:
        made = config(data="doodles:count=1000", **changes)
        return list(make_examples(made, open_source(made), split, Randomness()).indices)

    chosen = indices("train", drawings=40)
    assert min(chosen) < 200
    assert max(chosen) > 800
    assert indices("validation", drawings=40) == indices("validation")
