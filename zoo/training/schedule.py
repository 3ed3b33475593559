"""Learning rates by step."""

import math

from zoo.settings import Settings


def lr_factor(settings: Settings, step: int) -> float:
    """Factor of both learning rates at a step, in [0, 1]: warm-up, then the schedule."""
    warm = min(1.0, (step + 1) / settings.warmup) if settings.warmup else 1.0
    span = max(1, settings.steps - settings.warmup)
    done = min(1.0, max(0.0, (step - settings.warmup) / span))
    match settings.lr_schedule:
        case "cosine":
            return warm * 0.5 * (1 + math.cos(math.pi * done))
        case "linear":
            return warm * (1 - done)
        case _:
            return warm
