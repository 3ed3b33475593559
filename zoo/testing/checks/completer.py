"""What every completer must do."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zoo.contracts.completer import Completer
from zoo.contracts.source import Sketch
from zoo.errors import ZooError
from zoo.testing.check import ConformanceError, Subject, check, require
from zoo.testing.drawings import HEIGHT, WIDTH, box, doodle
from zoo.testing.state import changed_since, snapshot

_TRAINING = 12
_EQUAL = 1e-5


@dataclass(frozen=True)
class _TrainingDrawings:
    """Doodles as rasters of the size of what is completed."""

    skipped: Sequence[str] = ()

    def __len__(self) -> int:
        return _TRAINING

    def group(self, index: int) -> str:
        return f"doodle-{index}"

    def __getitem__(self, index: int) -> Sketch:
        if not 0 <= index < _TRAINING:
            raise IndexError(index)
        key = self.group(index)
        return Sketch(key=key, group=key, raster=doodle(100 + index)[0])


def _completer(subject: Subject) -> Completer:
    completer: Completer = subject.build(_TrainingDrawings())
    return completer


def _batch(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Drawings with an emptied hole, and masks, (B, H, W, 1)."""
    masks = np.stack([np.roll(box(), (3 * i, -2 * i), (0, 1)) for i in range(count)])[..., None]
    drawings = np.stack([doodle(i)[0] for i in range(count)])[..., None]
    return drawings * (1 - masks), masks


def _complete(
    subject: Subject, images: np.ndarray, masks: np.ndarray, seeds: Sequence[int] | None = None
) -> np.ndarray:
    keys = [f"doodle-{i}" for i in range(len(images))]
    return subject.once(_completer)(keys, images, masks, seeds or range(len(images)))


def _fits(ink: np.ndarray, images: np.ndarray, when: str) -> None:
    require(isinstance(ink, np.ndarray), f"it returned a {type(ink).__name__} {when}")
    require(
        ink.shape == images.shape and ink.dtype == np.float32,
        f"its ink is {ink.dtype} {ink.shape}, not float32 {images.shape} {when}",
    )
    require(np.isfinite(ink).all(), f"its ink is not finite {when}")
    low, high = float(ink.min()), float(ink.max())
    require(
        low >= 0 and high <= 1, f"its ink is from {low:.3g} to {high:.3g}, not in [0, 1] {when}"
    )


@check("completer")
def ink_fits_the_drawings(subject: Subject) -> None:
    """Ink is float32 in [0, 1] of the drawings' shape, H != W, for batches of 1 and 3."""
    for count in (1, 3):
        images, masks = _batch(count)
        _fits(_complete(subject, images, masks), images, f"for a batch of {count}")


@check("completer")
def survives_extremes(subject: Subject) -> None:
    """Blank and full drawings, without a hole and all hole, are completed."""
    for ink in (0.0, 1.0):
        for hole in (0.0, 1.0):
            masks = np.full((1, HEIGHT, WIDTH, 1), hole, np.float32)
            images = np.full_like(masks, ink) * (1 - masks)
            what = f"for a {'full' if ink else 'blank'} drawing, {'all' if hole else 'no'} hole"
            _fits(_complete(subject, images, masks), images, what)


@check("completer")
def examples_are_independent(subject: Subject) -> None:
    """A drawing is completed the same way alone and in a batch."""
    images, masks = _batch(3)
    together = _complete(subject, images, masks)
    for i in range(3):
        keys = [f"doodle-{i}"]
        alone = subject.once(_completer)(keys, images[i : i + 1], masks[i : i + 1], [i])
        gap = float(np.abs(alone[0] - together[i]).max())
        require(gap <= _EQUAL, f"example {i} alone and in a batch of 3 differs by {gap:.2g}")


@check("completer")
def same_seed_same_completion(subject: Subject) -> None:
    """The same drawings and seeds give the same completions, also from another completer."""
    images, masks = _batch(2)
    first = _complete(subject, images, masks)
    again = _complete(subject, images, masks)
    other = _completer(subject)(["doodle-0", "doodle-1"], images, masks, range(2))
    same = np.array_equal(first, again) and np.array_equal(first, other)
    require(same, "the same seeds give other completions: draw from default_rng(seed)")


@check("completer")
def works_without_training_drawings(subject: Subject) -> None:
    """Without training drawings it works, or says in one line that it needs some."""
    images, masks = _batch(1)
    try:
        _fits(subject.build(None)(["doodle-0"], images, masks, [0]), images, "without training")
    except ConformanceError:
        raise
    except ZooError as error:
        require("\n" not in str(error), f"its error has several lines: {error}")
    except Exception as error:
        raise ConformanceError(
            f"without training drawings it raised {type(error).__name__}: {error}"
        ) from error


@check("completer")
def leaves_its_inputs_alone(subject: Subject) -> None:
    """Images and masks are afterwards what they were."""
    given = _batch(2)
    before = [array.copy() for array in given]
    _complete(subject, *given)
    same = all(map(np.array_equal, given, before))
    require(same, "it changes the arrays that it is given: copy them first")


@check("completer")
def leaves_global_state_alone(subject: Subject) -> None:
    """Seeds of other libraries and the environment stay what they are."""
    images, masks = _batch(1)
    before = snapshot()
    _completer(subject)(["doodle-0"], images, masks, [0])
    changed = changed_since(before)
    require(not changed, f"it changes {', '.join(changed)}: use generators of your own")
