"""Options of the losses; their weights and schedules are core's."""

from typing import Literal

from pydantic import Field

import zoo


class ContextOptions(zoo.Options):
    """How ink and drawing are compared."""

    range: Literal["ink", "tanh"] = Field(
        "ink", description="compare in [0, 1]; or, the original's fault, in [-1, 1]"
    )


class FillrateOptions(zoo.Options):
    """Which rate is compared with which."""

    on: Literal["output", "input"] = Field(
        "output", description="whose ink counts; input: the original's fault, no gradient"
    )
    target: float | None = Field(
        None, ge=0, le=1, description="share of ink in the hole; default: the true drawing's"
    )


class L1Options(zoo.Options):
    """Weight of the visible part."""

    outside: float = Field(0.0, ge=0, description="weight of a visible pixel; 1 in the hole")


class InkBceOptions(zoo.Options):
    """Weights of pixels."""

    inside: float = Field(1.0, ge=0, description="weight of a pixel in the hole")
    outside: float = Field(0.0, ge=0, description="weight of a visible pixel")
    ink: float = Field(1.0, ge=0, description="further factor where the true drawing has ink")
