"""Options of the fourier generator."""

from typing import Literal

from pydantic import Field

import zoo


class FourierOptions(zoo.Options):
    """How coarse, how wide, how deep, how much of it is global, and whether noise enters."""

    factor: int = Field(4, ge=2, le=16, description="side of the blocks of pixels it works on")
    width: int = Field(64, ge=2, le=512, description="channels of the first level, then doubling")
    width_max: int = Field(256, ge=2, le=1024, description="most channels of a level")
    depth: int = Field(1, ge=1, le=6, description="number of halvings below the first level")
    blocks: int = Field(6, ge=1, le=32, description="residual blocks of the middle")
    ratio: float = Field(0.75, gt=0, lt=1, description="share of global channels in a block")
    norm: Literal["batch", "instance", "none"] = Field("batch", description="normalisation")
    slope: float = Field(0.2, ge=0, lt=1, description="slope of LeakyReLU below zero")
    noise: Literal["middle", "none"] = Field("middle", description="where noise enters")
    noise_channels: int = Field(8, ge=1, le=256, description="channels of noise in the middle")

    @property
    def size_multiple(self) -> int:
        """Blocks of pixels and halvings must come out even."""
        return int(self.factor * 2**self.depth)
