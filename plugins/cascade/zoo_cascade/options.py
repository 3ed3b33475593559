"""Options of the cascade."""

from typing import Literal

from pydantic import Field

import zoo


class CascadeOptions(zoo.Options):
    """How many stages, how coarse, wide and deep each is, and whether noise enters."""

    stages: int = Field(3, ge=1, le=5, description="number of encoder-decoders")
    factor: int = Field(4, ge=2, le=16, description="side of the blocks of pixels it works on")
    width: int = Field(32, ge=1, le=512, description="channels of the first level, then doubling")
    width_max: int = Field(128, ge=1, le=1024, description="most channels of a level")
    depth: int = Field(3, ge=1, le=6, description="number of halvings below the first level")
    norm: Literal["instance", "batch", "none"] = Field("instance", description="normalisation")
    slope: float = Field(0.2, ge=0, lt=1, description="slope of LeakyReLU below zero")
    noise: Literal["middle", "none"] = Field(
        "middle", description="where noise enters: in the middle of the first stage"
    )
    noise_channels: int = Field(8, ge=1, le=256, description="channels of noise in the middle")

    @property
    def size_multiple(self) -> int:
        """Blocks of pixels and halvings must come out even."""
        return int(self.factor * 2**self.depth)
