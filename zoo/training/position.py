"""Where a run stands."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Position:
    """Where a run stands.

    Attributes:
        step: Steps done.
        best: Best validation score so far (``ink_f1``, higher is better), or None.
    """

    step: int = 0
    best: float | None = None
