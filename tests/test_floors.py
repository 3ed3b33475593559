"""Floors: completers without training."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings, strategies as st

from zoo import registry
from zoo.cli import main
from zoo.contracts.completer import Completer
from zoo.contracts.source import Sketch
from zoo.data.options import QuickdrawOptions
from zoo.data.quickdraw import build as open_quickdraw
from zoo.errors import OptionError, UsageError
from zoo.evaluation.ink_f1 import ink_f1
from zoo.evaluation.options import InpaintOptions, NearestOptions
from zoo.options import validate
from zoo.sketch.masks import HoleBounds, fit_hole
from zoo.sketch.options import BoxOptions
from zoo.sketch.strokes import fit_strokes, rasterise

FLOORS = ("blank", "full", "telea", "navier_stokes", "nearest")
OPTIONS: dict[str, Any] = {
    "telea": InpaintOptions,
    "navier_stokes": InpaintOptions,
    "nearest": NearestOptions,
}


class Drawings(Sequence[Sketch]):
    """Rasters as core hands them to a floor; counts how often one was drawn."""

    skipped = ()

    def __init__(self, rasters: np.ndarray | list[np.ndarray]) -> None:
        self.rasters = rasters
        self.drawn = 0

    def __len__(self) -> int:
        return len(self.rasters)

    def group(self, index: int) -> str:
        return str(index)

    def __getitem__(self, index: Any) -> Any:
        self.drawn += 1
        return Sketch(key=str(index), group=str(index), raster=self.rasters[index])


def floor(name: str, training: Any = None, **options: Any) -> Completer:
    kind = OPTIONS.get(name)
    chosen = registry.find("completer", name).spec
    parsed = kind(**options) if kind else registry.load(chosen.options)()  # type: ignore[attr-defined]
    made: Completer = registry.build("completer", name, parsed, training)
    return made


def complete(completer: Completer, targets: np.ndarray, masks: np.ndarray, seed: int = 0) -> Any:
    """Composites (B, H, W) of drawings and masks (B, H, W)."""
    images = (targets * (1 - masks))[..., None]
    keys = [str(i) for i in range(len(targets))]
    ink = completer(keys, images, masks[..., None], [seed + i for i in range(len(targets))])
    assert ink.shape == images.shape
    assert ink.dtype == np.float32
    return images[..., 0] + (ink[..., 0] * masks)


@pytest.fixture(scope="module")
def drawings(shared_data: Path) -> np.ndarray:
    """120 real drawings of many categories, (120, 64, 96) float32."""
    source = open_quickdraw(QuickdrawOptions(path=str(shared_data / "quickdraw" / "*b*.ndjson.gz")))
    chosen = np.random.default_rng(0).choice(len(source), 120, replace=False)
    sketches = [source[int(i)].strokes or () for i in chosen]
    return np.stack([rasterise(fit_strokes(s, 64, 96, 1.6), 64, 96, 1) for s in sketches])


@pytest.fixture(scope="module")
def masks(drawings: np.ndarray) -> np.ndarray:
    """A box for each drawing, (120, 64, 96) float32."""
    family = registry.build("mask", "box", BoxOptions(side_min=1 / 6, side_max=1 / 2))
    return np.stack(
        [
            fit_hole(family, np.random.default_rng(i), ink, None, 1.0, HoleBounds()).mask
            for i, ink in enumerate(drawings)
        ]
    )


def mean_ink_f1(composites: np.ndarray, targets: np.ndarray, masks: np.ndarray) -> float:
    triples = zip(composites, targets, masks, strict=True)
    return float(np.mean([ink_f1(c, t, m, 0.5).f1 for c, t, m in triples]))


def test_metrics_and_floors_need_no_tensorflow() -> None:
    code = (
        "import sys; from zoo import registry\n"
        "for kind in ('metric', 'completer'):\n"
        "    for component in registry.list_components(kind):\n"
        "        registry.load(component.spec.target)\n"
        "assert 'cv2' in sys.modules and not {'tensorflow', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_floors_are_listed() -> None:
    listed = CliRunner().invoke(main, ["list", "completers"]).output
    assert all(f"  {name} " in listed for name in FLOORS)


@pytest.mark.parametrize("name", FLOORS)
def test_a_floor_does_not_depend_on_seeds_or_batching(
    name: str, drawings: np.ndarray, masks: np.ndarray
) -> None:
    some, holes = drawings[:12], masks[:12]
    completer = floor(name, Drawings(drawings[20:]))
    together = complete(completer, some, holes)
    assert (complete(completer, some, holes, seed=99) == together).all()
    again = floor(name, Drawings(drawings[20:]))
    for size in (1, 5):
        parts = [
            complete(again, some[i : i + size], holes[i : i + size]) for i in range(0, 12, size)
        ]
        assert (np.concatenate(parts) == together).all()


@pytest.mark.parametrize("name", FLOORS)
@given(
    seed=st.integers(0, 10_000),
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    hole=st.sampled_from([0.0, 0.3, 1.0]),
    paper=st.sampled_from([0.0, 0.8, 1.0]),
)
@settings(max_examples=200, deadline=None)
def test_a_floor_completes_anything(
    name: str, seed: int, height: int, width: int, hole: float, paper: float
) -> None:
    rng = np.random.default_rng(seed)
    images = np.where(rng.random((3, height, width)) < paper, 0, 1).astype(np.float32)
    holes = (rng.random(images.shape) < hole).astype(np.float32)
    training = Drawings(rng.random((5, height, width)).astype(np.float32))
    result = complete(floor(name, training), images, holes)
    assert np.isfinite(result).all()
    assert result.min() >= 0
    assert result.max() <= 1


@pytest.mark.parametrize("name", ["telea", "navier_stokes"])
def test_inpainting_closes_a_gap_in_a_line(name: str) -> None:
    target, mask = np.zeros((2, 1, 64, 64), np.float32)
    target[0, 30:33] = 1
    mask[0, 25:38, 30:34] = 1
    assert mean_ink_f1(complete(floor(name), target, mask), target, mask) == 1
    assert complete(floor(name), target, mask)[0, 31, 30:34].min() > 0.5


def test_blank_and_full_are_what_they_say(drawings: np.ndarray, masks: np.ndarray) -> None:
    some, holes = drawings[:5], masks[:5]
    assert (complete(floor("blank"), some, holes) == some * (1 - holes)).all()
    assert (complete(floor("full"), some, holes) == np.where(holes > 0, 1, some)).all()


def test_nearest_finds_a_drawing_that_it_knows(drawings: np.ndarray, masks: np.ndarray) -> None:
    # A page full of ink shares the most ink with any drawing, and is like none.
    training = Drawings([np.ones_like(drawings[0]), *drawings])
    completer = floor("nearest", training)
    assert training.drawn == 0
    result = complete(completer, drawings, masks)
    assert training.drawn == len(training)
    assert np.abs(result - drawings).max() <= 0.5 / 255 + 1e-6
    complete(completer, drawings[:3], masks[:3])
    assert training.drawn == len(training)


def test_nearest_is_better_than_any_other_drawing(drawings: np.ndarray, masks: np.ndarray) -> None:
    targets, holes = drawings[:60], masks[:60]
    chosen = complete(floor("nearest", Drawings(drawings[60:])), targets, holes)
    other = targets * (1 - holes) + drawings[60:] * holes
    assert mean_ink_f1(chosen, targets, holes) > 1.2 * mean_ink_f1(other, targets, holes)


def test_nearest_draws_a_fixed_choice(drawings: np.ndarray, masks: np.ndarray) -> None:
    training = Drawings(drawings)
    few = complete(floor("nearest", training, count=10), drawings, masks)
    assert training.drawn == 10
    known = np.abs(few - drawings).max(axis=(1, 2)) < 0.01
    assert 10 <= known.sum() < 30
    assert (complete(floor("nearest", Drawings(drawings), count=10), drawings, masks) == few).all()


def test_nearest_needs_training_drawings() -> None:
    with pytest.raises(UsageError, match=r"needs training drawings.*--data"):
        floor("nearest")


@pytest.mark.parametrize(
    ("options", "values", "complaint"),
    [
        (InpaintOptions, {"radius": "0"}, "radius"),
        (NearestOptions, {"count": "0"}, "count"),
    ],
)
def test_options_out_of_range_are_refused(options: Any, values: Any, complaint: str) -> None:
    with pytest.raises(OptionError, match=complaint):
        validate(options, values, "completer")


def test_floors_keep_their_order_on_real_drawings(drawings: np.ndarray, masks: np.ndarray) -> None:
    scores = {
        name: mean_ink_f1(complete(floor(name), drawings, masks), drawings, masks)
        for name in ("blank", "full", "telea", "navier_stokes")
    }
    assert scores["blank"] == 0
    assert scores["full"] > 0.1
    assert 0.3 < scores["telea"] < 0.7
    assert 0.3 < scores["navier_stokes"] < 0.7
