"""Options of the U-Net."""

from typing import Literal

from pydantic import Field

import zoo


class UnetOptions(zoo.Options):
    """How wide, how deep, and where noise enters."""

    depth: int = Field(4, ge=1, le=7, description="number of poolings")
    width: int = Field(24, ge=1, le=256, description="channels at full size, doubling each level")
    width_max: int = Field(256, ge=1, le=1024, description="most channels of a level")
    norm: Literal["batch", "instance", "none"] = Field("instance", description="normalisation")
    slope: float = Field(0.2, ge=0, lt=1, description="slope of LeakyReLU below zero")
    skips: bool = Field(True, description="concatenate encoder and decoder levels")
    noise: Literal["middle", "input", "none"] = Field("middle", description="where noise enters")
    noise_channels: int = Field(8, ge=1, le=256, description="channels of noise in the middle")

    @property
    def size_multiple(self) -> int:
        """Each pooling must come out even."""
        return int(2**self.depth)
