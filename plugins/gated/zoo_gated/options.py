"""Options of the gated generator."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

import zoo


class GatedOptions(zoo.Options):
    """How coarse, how wide, how many stages, and whether noise enters."""

    factor: int = Field(4, ge=2, le=16, description="side of the blocks of pixels it works on")
    width: int = Field(56, ge=1, le=512, description="channels of every layer")
    dilations: tuple[Annotated[int, Field(ge=1, le=64)], ...] = Field(
        (2, 4, 8, 16), min_length=1, max_length=16, description="dilations of the middle's layers"
    )
    refine: bool = Field(True, description="a second stage that redraws what the first one drew")
    attention: bool = Field(
        False, description="a branch of the second stage copies from similar visible places"
    )
    noise: Literal["middle", "none"] = Field(
        "middle", description="where noise enters: before the first stage's dilated layers"
    )
    noise_channels: int = Field(8, ge=1, le=256, description="channels of noise in the middle")

    @property
    def size_multiple(self) -> int:
        """Blocks of pixels, and the blocks of 2 x 2 that attention copies, must come out even."""
        return self.factor * (2 if self.attention else 1)

    @model_validator(mode="after")
    def _attends_in_the_second_stage(self) -> Self:
        if self.attention and not self.refine:
            raise ValueError("attention=true is a branch of the second stage: set refine=true")
        return self
