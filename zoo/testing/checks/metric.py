"""What every metric must do."""

import math
from typing import Any

import numpy as np

from zoo.contracts.metric import Metric
from zoo.specs import MetricSpec
from zoo.testing.check import Subject, check, require
from zoo.testing.drawings import box, doodle
from zoo.testing.state import changed_since, snapshot

_THRESHOLD = 0.5
_SIDE = 48


def _metric(subject: Subject) -> Metric:
    metric: Metric = subject.build()
    return metric


def _spec(subject: Subject) -> MetricSpec:
    assert isinstance(subject.spec, MetricSpec)
    return subject.spec


def _score(
    subject: Subject, completions: np.ndarray, target: np.ndarray, mask: np.ndarray
) -> dict[str, float]:
    return subject.once(_metric)(completions, target, mask, _THRESHOLD)


def _several(subject: Subject, target: np.ndarray, mask: np.ndarray, count: int = 0) -> np.ndarray:
    """Different completions, (K, H, W), as many as the metric wants or as are asked for."""
    rng = np.random.default_rng(1)
    drawn = [
        np.roll(target, rng.integers(1, 5, 2), (0, 1)) for _ in range(count or _draws(subject))
    ]
    return np.stack([target * (1 - mask) + ink * mask for ink in drawn]).astype(np.float32)


def _draws(subject: Subject) -> int:
    return _spec(subject).draws


def _first(scores: dict[str, float]) -> float:
    return next(iter(scores.values()))


def _named_numbers(scores: Any, when: str) -> None:
    require(isinstance(scores, dict) and scores, f"it returned no dict of scores {when}")
    for name, value in scores.items():
        right = isinstance(name, str) and isinstance(value, float) and not isinstance(value, bool)
        require(right, f"{name!r} is a {type(value).__name__} {when}: return floats by name")
        require(math.isfinite(value), f"{name} is {value} {when}")


@check("metric")
def gives_named_numbers(subject: Subject) -> None:
    """It returns finite floats by name."""
    target, mask = doodle(0, _SIDE, _SIDE)[0], box(_SIDE, _SIDE)
    completions = _several(subject, target, mask)
    _named_numbers(_score(subject, completions, target, mask), "for a drawing")


@check("metric")
def height_and_width_may_differ(subject: Subject) -> None:
    """It scores drawings that are not square."""
    target, mask = doodle(0)[0], box()
    _named_numbers(_score(subject, _several(subject, target, mask), target, mask), "at H != W")


@check("metric")
def survives_extremes(subject: Subject) -> None:
    """Blank and full drawings and completions, and a hole that is everything, have scores."""
    paper, everything = np.zeros((_SIDE, _SIDE), np.float32), np.ones((_SIDE, _SIDE), np.float32)
    drawings = {"blank": paper, "full": everything, "drawn": doodle(0, _SIDE, _SIDE)[0]}
    for hole, mask in {"a box": box(_SIDE, _SIDE), "all": everything}.items():
        for true, target in drawings.items():
            for made, ink in drawings.items():
                completion = target * (1 - mask) + ink * mask
                completions = np.repeat(completion[None], _draws(subject), 0)
                when = f"for a {true} drawing completed as {made}, the hole is {hole}"
                _named_numbers(_score(subject, completions, target, mask), when)


@check("metric")
def names_are_always_the_same(subject: Subject) -> None:
    """Every drawing gets scores of the same names, in the same order."""
    mask = box(_SIDE, _SIDE)
    seen = set()
    for target in (
        doodle(0, _SIDE, _SIDE)[0],
        doodle(1, _SIDE, _SIDE)[0],
        np.zeros((_SIDE, _SIDE), np.float32),
    ):
        seen.add(tuple(_score(subject, _several(subject, target, mask), target, mask)))
    require(len(seen) == 1, f"its scores are named differently from drawing to drawing: {seen}")


@check("metric")
def the_truth_scores_best(subject: Subject) -> None:
    """The true drawing scores at least as well as a blank and a full hole, and better than one."""
    sign = 1 if _spec(subject).higher_is_better else -1
    for index in range(4):
        target, mask = doodle(index, _SIDE, _SIDE)[0], box(_SIDE, _SIDE)
        scores = []
        for ink in (target, np.zeros_like(target), np.ones_like(target)):
            completion = target * (1 - mask) + ink * mask
            completions = np.repeat(completion[None], _draws(subject), 0)
            scores.append(sign * _first(_score(subject, completions, target, mask)))
        true, blank, full = scores
        require(
            true >= max(blank, full) and true > min(blank, full),
            f"the truth scores {sign * true:.3g}, a blank hole {sign * blank:.3g}, a full one "
            f"{sign * full:.3g}: see higher_is_better",
        )


def _wants_several(subject: Subject) -> str:
    draws = _draws(subject)
    return f"it wants {draws} completions" if draws > 1 else ""


@check("metric", unless=_wants_several)
def judges_the_first_of_several(subject: Subject) -> None:
    """Given more completions than the one it wants, it judges the first."""
    target, mask = doodle(0, _SIDE, _SIDE)[0], box(_SIDE, _SIDE)
    several = _several(subject, target, mask, 3)
    one, all_three = (_score(subject, c, target, mask) for c in (several[:1], several))
    require(one == all_three, f"with 3 completions it scores {all_three}, with the first {one}")


@check("metric")
def same_score_every_time(subject: Subject) -> None:
    """The same completions have the same scores."""
    target, mask = doodle(0, _SIDE, _SIDE)[0], box(_SIDE, _SIDE)
    completions = _several(subject, target, mask)
    first, second = (_score(subject, completions, target, mask) for _ in range(2))
    require(first == second, f"it scores {first}, then {second}")


@check("metric")
def leaves_its_inputs_alone(subject: Subject) -> None:
    """Completions, drawing and mask are afterwards what they were."""
    target, mask = doodle(0, _SIDE, _SIDE)[0].copy(), box(_SIDE, _SIDE)
    given = (_several(subject, target, mask), target, mask)
    before = [array.copy() for array in given]
    _score(subject, *given)
    same = all(map(np.array_equal, given, before))
    require(same, "it changes the arrays that it is given: copy them first")


@check("metric")
def leaves_global_state_alone(subject: Subject) -> None:
    """Seeds of other libraries and the environment stay what they are."""
    target, mask = doodle(0, _SIDE, _SIDE)[0], box(_SIDE, _SIDE)
    completions = _several(subject, target, mask)
    before = snapshot()
    subject.build()
    _score(subject, completions, target, mask)
    changed = changed_since(before)
    require(not changed, f"it changes {', '.join(changed)}: use generators of your own")
