"""Augmentation: small, seeded, off unless asked for, and never out of the image."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings as hypothesis_settings, strategies as st
from PIL import Image

from zoo.config import RunConfig, resolve
from zoo.contracts.source import Sketch
from zoo.data.augment import Change, augment, augments, draw_change
from zoo.data.examples import Batch, Examples, Randomness, draw_levels, make_examples, open_source
from zoo.options import SourceKeys
from zoo.settings import Settings

ALL = {"rotate": 20, "scale": 0.3, "shear": 0.3, "pen_jitter": 0.4, "wobble": 0.02}


def config(**changes: object) -> RunConfig:
    flags = {"data": "doodles:count=40", "size": 48, "batch_size": 8, "workers": 0, "flip": False}
    return resolve({**flags, **changes})


def examples(**changes: object) -> Examples:
    made = config(**changes)
    return make_examples(made, open_source(made), "train", Randomness())


def same(a: Batch, b: Batch) -> bool:
    return all(a[key].tobytes() == b[key].tobytes() for key in a)


def test_nothing_is_augmented_unless_asked_for() -> None:
    assert not augments(Settings())
    assert all(augments(Settings(**{name: value})) for name, value in ALL.items())


@pytest.mark.parametrize("name", sorted(ALL))
def test_each_setting_changes_drawings_and_a_seed_gives_the_same(name: str) -> None:
    plain, changed = examples().batch(1), examples(**{name: ALL[name]}).batch(1)
    differing = (plain["target"] != changed["target"]).any(axis=(1, 2, 3))
    assert differing.mean() > 0.7
    assert same(changed, examples(**{name: ALL[name]}).batch(1))
    assert not same(changed, examples(**{name: ALL[name]}, seed=1).batch(1))


def test_every_epoch_changes_a_drawing_anew() -> None:
    ex = examples(**ALL)
    drawings = [ex._draw(epoch, 5)[0].tobytes() for epoch in range(4)]
    assert len(set(drawings)) == 4


def test_validation_is_never_augmented() -> None:
    def fixed(**changes: object) -> Batch:
        made = config(**changes)
        return make_examples(made, open_source(made), "validation", Randomness()).first(8)

    assert same(fixed(), fixed(**ALL))


def test_masks_get_the_strokes_that_are_drawn() -> None:
    from zoo.sketch.strokes import rasterise

    ex = examples(rotate=30, wobble=0.02, flip=True, data="doodles:count=40,pen=1")
    for index in range(8):
        levels, strokes = ex._draw(0, index)
        assert strokes is not None
        redrawn = rasterise(strokes, 48, 48, 1)
        # A mirrored line is rounded to the other side of half a sixteenth of a pixel.
        assert levels / 255 == pytest.approx(redrawn, abs=0.2)


changes = st.builds(
    Settings,
    rotate=st.floats(0, 45),
    scale=st.floats(0, 0.5),
    shear=st.floats(0, 0.5),
    pen_jitter=st.floats(0, 0.5),
    wobble=st.floats(0, 0.1),
)


@given(settings=changes, seed=st.integers(0, 999), count=st.integers(1, 4))
@hypothesis_settings(max_examples=200, deadline=None)
def test_strokes_stay_within_the_margin(settings: Settings, seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    strokes = tuple(
        rng.uniform(-99, 99, (rng.integers(1, 6), 2)).astype(np.float32) for _ in range(count)
    )
    sketch, keys = Sketch(key="a", group="a", strokes=strokes), SourceKeys(margin=3)
    change = draw_change(settings, rng)
    levels, drawn = draw_levels(*augment(sketch, 64, keys, change, rng), 64)
    points = np.concatenate(drawn or ())
    assert points.min() >= 3 - 1e-3
    assert points.max() <= 60 + 1e-3
    assert levels.any()
    extent = np.ptp(points, axis=0).max()
    assert extent <= 57 * change.scale + 1e-3
    assert extent == pytest.approx(57 * change.scale, abs=1e-3) or len(points) == 1


@given(settings=changes, seed=st.integers(0, 999), blank=st.booleans())
@hypothesis_settings(max_examples=200, deadline=None)
def test_no_ink_of_a_raster_leaves_the_image(settings: Settings, seed: int, blank: bool) -> None:
    rng = np.random.default_rng(seed)
    raster = np.zeros((40, 70), np.float32)
    if not blank:
        top, left = rng.integers(0, 36), rng.integers(0, 60)
        raster[top : top + 4, left : left + 10] = 1
    sketch, change = Sketch(key="a", group="a", raster=raster), draw_change(settings, rng)
    changed, _ = augment(sketch, 64, SourceKeys(), change, rng)
    assert changed.raster is not None
    assert changed.raster.dtype == np.float32
    height, width = changed.raster.shape
    assert width / height == pytest.approx(70 / 40, rel=0.03)
    assert min(height / 40, width / 70) >= (1 if blank else 1 / change.scale)
    # Turning and slanting keep areas.
    assert changed.raster.sum() == pytest.approx(raster.sum(), rel=0.1)


def test_ink_in_the_corners_makes_a_turned_raster_smaller() -> None:
    raster = np.zeros((60, 60), np.float32)
    for row in (0, 54):
        for column in (0, 54):
            raster[row : row + 6, column : column + 6] = 1
    angle = np.radians(30)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    sketch = Sketch(key="a", group="a", raster=raster)
    change = Change(turn, scale=1, pen=1, wobble=0)
    changed, _ = augment(sketch, 60, SourceKeys(), change, np.random.default_rng(0))
    assert changed.raster is not None
    assert changed.raster.sum() == pytest.approx(raster.sum(), rel=0.02)
    assert len(changed.raster) == pytest.approx(60 * (np.cos(angle) + np.sin(angle)), abs=4)


def test_a_change_turns_clockwise_strokes_and_rasters_alike() -> None:
    from zoo.sketch.strokes import fit_strokes, rasterise

    stroke = np.array([[20, 40], [60, 40], [60, 30]], np.float32)
    angle = np.radians(20)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    change, rng = Change(turn, scale=1, pen=1, wobble=0), np.random.default_rng(0)
    raster = rasterise([stroke], 80, 80, 3)
    turned, _ = augment(Sketch(key="a", group="a", raster=raster), 80, SourceKeys(), change, rng)
    assert turned.raster is not None
    moved = (stroke - 39.5) @ turn.T + 39.5
    assert np.abs(turned.raster - rasterise([moved], 80, 80, 3)).mean() < 0.01
    sketch, _ = augment(
        Sketch(key="a", group="a", strokes=(stroke,)), 80, SourceKeys(), change, rng
    )
    assert sketch.strokes is not None
    for a, b in zip(
        fit_strokes(sketch.strokes, 80, 80, 2), fit_strokes([moved], 80, 80, 2), strict=True
    ):
        assert a == pytest.approx(b, abs=1e-3)


def test_wobble_keeps_ends_near_and_bends_a_ruler() -> None:
    line = np.array([[0, 0], [100, 0]], np.float32)
    change = Change(np.eye(2), scale=1, pen=1, wobble=0.02)
    sketch = Sketch(key="a", group="a", strokes=(line,))
    shaken, _ = augment(sketch, 64, SourceKeys(), change, np.random.default_rng(0))
    (stroke,) = shaken.strokes or ()
    assert len(stroke) > 20
    assert 0.5 < stroke[:, 1].std() < 4
    assert np.abs(stroke[[0, -1]] - line).max() < 10


def test_images_are_turned_in_a_run(tmp_path: Path) -> None:
    page = np.full((60, 80), 255, np.uint8)
    page[20:24, 10:70] = 0
    for name in "abcd":
        Image.fromarray(page).save(tmp_path / f"{name}.png")
    plain = examples(data=f"folder:path={tmp_path}").batch(0)["target"]
    turned = examples(data=f"folder:path={tmp_path}", rotate=15, pen_jitter=0.5).batch(0)["target"]
    spared = examples(data=f"folder:path={tmp_path}", pen_jitter=0.5, wobble=0.1).batch(0)["target"]
    assert (plain == spared).all()
    assert (plain != turned).any()
    assert turned.sum() == pytest.approx(plain.sum(), rel=0.2)
