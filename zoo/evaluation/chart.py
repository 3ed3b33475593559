"""The picture of a leaderboard: score against parameters and against speed."""

import io
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from zoo.evaluation.results import Results

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

    from zoo.evaluation.leaderboard import Leaderboard

_COLOURS = {"model": "#0b6e99", "floor": "#b0561d", "predictions": "#5a5a5a"}
_SHAPES = {"model": "o", "floor": "s", "predictions": "D"}


def draw_chart(board: "Leaderboard") -> bytes:
    """A PNG of the chart."""
    file = io.BytesIO()
    chart(board).savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def chart(board: "Leaderboard") -> Figure:
    """Two panels. Floors, which have no parameters, are lines in the first one."""
    figure = Figure(figsize=(12, 5.2), dpi=120, layout="constrained")
    size, speed = figure.subplots(1, 2, sharey=True)
    protocol = board.ranked[0].protocol
    figure.suptitle(f"{protocol.name}: {board.ranked[0].summary['images']} drawings")
    direction = "more" if board.higher_is_better else "less"
    size.set_ylabel(f"{board.score} ({direction} is better)")
    trained = [r for r in board.ranked if r.summary["parameters"]]
    names = _panel(size, board, trained, lambda r: r.summary["parameters"], "parameters")
    for number, result in enumerate(r for r in board.ranked if r not in trained):
        # Names side by side in turn: neighbours may be closer than a line of text.
        _level(size, board, result, 0.01 + 0.17 * (number % 2))
    timed = [r for r in board.ranked if r.summary["kind"] != "predictions"]
    names += _panel(speed, board, timed, lambda r: r.summary["images_per_s"], "images/s")
    _spread(figure, names)
    return figure


def _panel(
    axes: "Axes",
    board: "Leaderboard",
    results: list[Results],
    place: Callable[[Results], float],
    label: str,
) -> "list[Annotation]":
    """Points with error bars; their names, the lowest first."""
    axes.set_xscale("log")
    axes.set_xlabel(label)
    axes.grid(alpha=0.3)
    places = [place(result) for result in results]
    middle = math.sqrt(min(places) * max(places)) if places else 0
    names = []
    for result in sorted(results, key=lambda result: result.mean(board.score)):
        kind = result.summary["kind"]
        value = result.summary["means"][board.score]
        axes.errorbar(
            place(result),
            value["mean"],
            [[value["mean"] - value["low"]], [value["high"] - value["mean"]]],
            fmt=_SHAPES[kind],
            color=_COLOURS[kind],
            capsize=3,
        )
        # Towards the middle, so that no name runs out of the panel.
        left = place(result) > middle
        name = axes.annotate(
            result.name,
            (place(result), value["mean"]),
            xytext=(-7, 4) if left else (7, 4),
            ha="right" if left else "left",
            textcoords="offset points",
            fontsize=9,
            arrowprops={
                "arrowstyle": "-",
                "linewidth": 0.5,
                "color": _COLOURS[kind],
                "relpos": (1, 0.3) if left else (0, 0.3),
            },
        )
        names.append(name)
    axes.margins(y=0.1)
    if places:
        # As wide for one model as for many of one size, with room for names.
        axes.set_xlim(min(places) / 4, max(places) * 4)
    else:
        axes.set_xticks([])
        axes.set_xticks([], minor=True)
    return names


def _spread(figure: Figure, names: "list[Annotation]") -> None:
    """Move names up until none covers another."""
    figure.draw_without_rendering()
    placed: list[Bbox] = []
    for name in names:
        # The box of its text alone, without the line to its point.
        while (box := Text.get_window_extent(name)).count_overlaps(placed):
            right, up = name.xyann
            name.xyann = (right, up + 2)
        placed.append(box)


def _level(axes: Any, board: "Leaderboard", result: Results, left: float) -> None:
    mean = result.mean(board.score)
    axes.axhline(mean, color=_COLOURS[result.summary["kind"]], linestyle="--", linewidth=1)
    axes.annotate(
        result.name,
        (left, mean),
        xycoords=axes.get_yaxis_transform(),
        xytext=(0, 2),
        textcoords="offset points",
        fontsize=8,
    )
