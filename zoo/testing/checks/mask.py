"""What every mask must do."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from zoo.contracts.mask import MaskFamily
from zoo.errors import ZooError
from zoo.evaluation.ink_f1 import ink_f1
from zoo.sketch.masks import HoleBounds, fit_hole
from zoo.testing.check import ConformanceError, Subject, check, require
from zoo.testing.drawings import HEIGHT, WIDTH, doodle
from zoo.testing.state import changed_since, snapshot

_SIZES = np.linspace(0, 1, 21)
_FITTED = 0.7  # of the drawings
_BETRAYED = 0.40  # ink_f1 of a hole that is filled with ink
_SIDE, _DRAWINGS = 128, 24


def _family(subject: Subject) -> MaskFamily:
    family: MaskFamily = subject.build()
    return family


def _hole(
    subject: Subject,
    seed: int,
    s: float,
    ink: np.ndarray | None = None,
    strokes: Sequence[np.ndarray] | None = None,
    progress: float = 0.5,
) -> np.ndarray:
    """A hole of size s: in the first doodle, or in a drawing that is given."""
    if ink is None:
        ink, strokes = doodle(0)
    rng = np.random.default_rng(seed)
    return subject.once(_family)(rng, ink, strokes, progress)(s)


def _fits(mask: np.ndarray, height: int, width: int, when: str) -> None:
    require(isinstance(mask, np.ndarray), f"grow returned a {type(mask).__name__}{when}")
    require(
        mask.shape == (height, width) and mask.dtype == np.float32,
        f"its hole is {mask.dtype} {mask.shape}, not float32 {(height, width)}{when}",
    )
    require(np.isin(mask, (0, 1)).all(), f"its hole has values that are neither 0 nor 1{when}")


@check("mask")
def holes_fit_the_drawing(subject: Subject) -> None:
    """Holes are (H, W) float32 of 0 and 1, and the largest is not empty."""
    for seed in range(4):
        for s in (0.0, 0.3, 1.0):
            mask = _hole(subject, seed, s)
            _fits(mask, HEIGHT, WIDTH, f" at s={s}")
        require(mask.any(), "its largest hole is empty: grow(1) must have a pixel that is 1")


@check("mask")
def same_random_state_same_hole(subject: Subject) -> None:
    """The generator that it is given is all that its holes depend on."""
    for seed in range(4):
        first, second = (_hole(subject, seed, 0.5) for _ in range(2))
        require(
            np.array_equal(first, second),
            "the same random state gives another hole: draw from the rng that is given",
        )


@check("mask")
def other_random_state_other_hole(subject: Subject) -> None:
    """Another state of the generator gives another hole."""
    holes = {_hole(subject, seed, 0.5).tobytes() for seed in range(8)}
    require(len(holes) > 1, "8 random states give one hole: use the rng")


@check("mask")
def removes_more_as_it_grows(subject: Subject) -> None:
    """The ink that a hole removes does not shrink with s."""
    ink, strokes = doodle(0)
    for seed in range(4):
        grow = subject.once(_family)(np.random.default_rng(seed), ink, strokes, 0.5)
        removed = [float(np.vdot(ink, grow(s))) for s in _SIZES]
        worst = max(a - b for a, b in pairwise(removed))
        require(worst <= 1e-3, f"between two sizes the ink that it removes shrinks by {worst:.3g}")


@check("mask")
def can_be_fitted(subject: Subject) -> None:
    """Core can fit it so that it removes 10 to 60 % of the ink of most drawings."""
    family = subject.once(_family)
    fitted = []
    for index in range(_DRAWINGS):
        ink, strokes = doodle(index)
        rng = np.random.default_rng(index)
        fitted.append(fit_hole(family, rng, ink, strokes, 0.5, HoleBounds()).fits)
    share = float(np.mean(fitted))
    require(share >= _FITTED, f"its holes fit {share:.0%} of drawings, {_FITTED:.0%} at least must")


@check("mask")
def takes_drawings_without_strokes(subject: Subject) -> None:
    """A drawing that is an image has no strokes: it draws a hole, or says in one line why not."""
    ink, _ = doodle(0)
    try:
        _fits(_hole(subject, 0, 0.5, ink), HEIGHT, WIDTH, " without strokes")
    except ConformanceError:
        raise
    except ZooError as error:
        require("\n" not in str(error), f"its error has several lines: {error}")
    except Exception as error:
        raise ConformanceError(
            f"without strokes it raised {type(error).__name__}: {error}"
        ) from error


@check("mask")
def takes_blank_drawings(subject: Subject) -> None:
    """A drawing without ink gets a hole, too."""
    blank = np.zeros((HEIGHT, WIDTH), np.float32)
    for s in (0.0, 0.5, 1.0):
        _fits(_hole(subject, 0, s, blank, ()), HEIGHT, WIDTH, " in a blank drawing")


@check("mask")
def takes_any_progress(subject: Subject) -> None:
    """It draws at the start of training, in the middle and at the end."""
    ink, strokes = doodle(0)
    for progress in (0.0, 0.5, 1.0):
        mask = _hole(subject, 0, 0.5, ink, strokes, progress)
        _fits(mask, HEIGHT, WIDTH, f" at progress {progress}")


@check("mask")
def leaves_its_inputs_alone(subject: Subject) -> None:
    """Ink and strokes are afterwards what they were."""
    ink, strokes = doodle(0)
    own, pens = ink.copy(), tuple(stroke.copy() for stroke in strokes)
    _hole(subject, 0, 0.5, own, pens)
    same = np.array_equal(own, ink) and all(map(np.array_equal, pens, strokes))
    require(same, "it changes the ink or the strokes that it is given: copy them first")


@check("mask")
def leaves_global_state_alone(subject: Subject) -> None:
    """Seeds of other libraries and the environment stay what they are."""
    before = snapshot()
    subject.build()
    _hole(subject, 0, 0.5)
    changed = changed_since(before)
    require(not changed, f"it changes {', '.join(changed)}: draw from the rng that is given")


@check("mask")
def does_not_betray_the_line(subject: Subject) -> None:
    """Filled with ink, its holes score below 0.40 ink_f1 at 128x128."""
    family = subject.once(_family)
    scores = []
    for index in range(_DRAWINGS):
        ink, strokes = doodle(index, _SIDE, _SIDE)
        rng = np.random.default_rng(index)
        mask = fit_hole(family, rng, ink, strokes, 0.5, HoleBounds()).mask
        scores.append(ink_f1(np.maximum(ink * (1 - mask), mask), ink, mask, 0.5).f1)
    score = float(np.mean(scores))
    require(
        score < _BETRAYED,
        f"a hole filled with ink scores {score:.2f} ink_f1, below {_BETRAYED:.2f} it must: "
        "its outline follows the line, or it is too thin",
    )
