"""The picture of a run's losses."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

# What a validation logs, in words.
VALIDATION = {"ink_f1": "validation: ink_f1", "hole_bce": "validation: cross-entropy in the hole"}


def write_curves(path: Path, records: Sequence[dict[str, Any]]) -> None:
    """Plot every loss term and the validation score of a log against steps, as PNG.

    Raises:
        OSError: It cannot be written.
    """
    from matplotlib.figure import Figure

    names = sorted({key for r in records for key in r if "/" in key or key in VALIDATION})
    if not names:
        return
    figure = Figure(figsize=(7, 2.2 * len(names)), layout="constrained")
    axes = figure.subplots(len(names), 1, sharex=True, squeeze=False)[:, 0]
    for axis, name in zip(axes, names, strict=True):
        points = [(r["step"], r[name]) for r in records if name in r]
        axis.plot(*zip(*points, strict=True), linewidth=1, marker="." if len(points) < 30 else "")
        axis.set_title(VALIDATION.get(name, name))
        axis.grid(alpha=0.3)
    axes[-1].set_xlabel("step")
    figure.savefig(path, format="png", dpi=110)
