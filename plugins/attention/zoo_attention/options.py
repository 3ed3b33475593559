"""Options of the attention generator."""

from typing import Literal

from pydantic import Field

import zoo


class AttentionOptions(zoo.Options):
    """How coarse, how wide, how deep, and whether noise enters."""

    factor: int = Field(4, ge=2, le=16, description="side of the blocks of pixels it works on")
    stem: int = Field(64, ge=1, le=512, description="channels of the convolutions at both ends")
    width: int = Field(128, ge=1, le=1024, description="channels of the transformer blocks")
    heads: int = Field(4, ge=1, le=32, description="heads of attention, a divisor of width")
    depth: int = Field(1, ge=0, le=5, description="number of halvings between transformer blocks")
    blocks: int = Field(2, ge=1, le=16, description="transformer blocks of a stage")
    norm: Literal["instance", "batch", "none"] = Field(
        "instance", description="normalisation of the convolutions at both ends"
    )
    slope: float = Field(0.2, ge=0, lt=1, description="slope of LeakyReLU below zero")
    noise: Literal["middle", "none"] = Field("middle", description="where noise enters")
    noise_channels: int = Field(8, ge=1, le=256, description="channels of noise in the middle")

    @property
    def size_multiple(self) -> int:
        """Blocks of pixels, the first halving and the others must come out even."""
        return int(self.factor * 2 ** (self.depth + 1))
