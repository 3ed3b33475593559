"""Curves of several runs in one picture for each term."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from zoo.training.curves import VALIDATION

Records = Sequence[Mapping[str, Any]]


def curve_names(logs: Sequence[Records]) -> list[str]:
    """What is drawn: the validation scores, then every loss term of any run."""
    logged = {key for records in logs for record in records for key in record}
    return [name for name in VALIDATION if name in logged] + sorted(n for n in logged if "/" in n)


def draw_curve(name: str, logs: Mapping[str, Records]) -> bytes:
    """A term against steps as SVG, a line for each run that has it.

    Args:
        name: Key of the records.
        logs: The runs' logs by their labels; a label keeps its colour in every picture.
    """
    import matplotlib
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5.2, 2.6), layout="constrained")
    axis = figure.subplots()
    for number, (label, records) in enumerate(logs.items()):
        points = [(r["step"], r[name]) for r in records if name in r]
        if points:
            marker = "." if len(points) < 30 else ""
            x, y = zip(*points, strict=True)
            axis.plot(x, y, f"C{number % 10}", linewidth=1, marker=marker, label=label)
    axis.set_title(VALIDATION.get(name, name), fontsize=10)
    axis.set_xlabel("step", fontsize=9)
    axis.tick_params(labelsize=8)
    axis.grid(alpha=0.3)
    if len(logs) > 1:
        axis.legend(fontsize=8)
    file = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "zoo"}):
        figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()
