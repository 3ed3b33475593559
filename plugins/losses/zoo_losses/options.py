"""Options of the losses; their weights and schedules are core's."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

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


class FocalOptions(zoo.Options):
    """How much is forgotten, and how ink and paper are balanced."""

    gamma: float = Field(2.0, ge=0, le=10, description="0: nothing is forgotten")
    alpha: float = Field(0.75, gt=0, lt=1, description="weight of ink; paper has 1 - alpha")


class DiceOptions(zoo.Options):
    """How far a line may be from its place."""

    tolerance: float | None = Field(
        None, ge=0, le=32, description="pixels; 0: plain Dice; default: that of ink_f1"
    )


class DistanceOptions(zoo.Options):
    """At which radii lines are compared."""

    radii: tuple[Annotated[int, Field(ge=0, le=64)], ...] = Field(
        (1, 2, 4, 8), min_length=1, max_length=16, description="pixels, growing"
    )

    @model_validator(mode="after")
    def _growing(self) -> Self:
        if list(self.radii) != sorted({*self.radii}):
            raise ValueError(f"radii={self.radii} must grow, such as 1,2,4,8")
        return self


class ModeseekOptions(zoo.Options):
    """From where on difference is enough."""

    epsilon: float = Field(
        0.05, gt=0, le=10, description="ratio of differences at which the loss is a half"
    )


class BestOfTwoOptions(zoo.Options):
    """What is compared."""

    of: Literal["ink_bce", "l1", "dice", "blurred_dice"] = Field(
        "ink_bce", description="the loss of each draw; both dice are tolerant"
    )
