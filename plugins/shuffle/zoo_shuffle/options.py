"""Options of the shuffle generator."""

from typing import Literal, Self

from pydantic import Field, model_validator

import zoo


class ShuffleOptions(zoo.Options):
    """How coarse, how wide, how deep, and whether noise enters."""

    factor: int = Field(4, ge=2, le=16, description="side of the blocks of pixels it works on")
    width: int = Field(48, ge=1, le=512, description="channels of the first level, then doubling")
    width_max: int = Field(192, ge=1, le=1024, description="most channels of a level")
    depth: int = Field(2, ge=1, le=6, description="number of halvings below the first level")
    blocks: int = Field(1, ge=1, le=16, description="residual blocks of an encoder level")
    blocks_up: int = Field(1, ge=1, le=16, description="residual blocks of a decoder level")
    middle: Literal["residual", "fourier", "attention"] = Field(
        "residual", description="blocks of the middle: convolutions, Fourier ones, or transformer"
    )
    blend: int = Field(3, ge=1, le=32, description="how many blocks the middle has")
    attention: int = Field(
        0, ge=0, le=7, description="of how many of the coarsest levels attention follows the blocks"
    )
    fine: int = Field(
        0, ge=0, le=128, description="channels of two last convolutions at half resolution; 0: none"
    )
    norm: Literal["instance", "batch", "none"] = Field(
        "instance", description="normalisation; none is faster, but train it with --clip"
    )
    slope: float = Field(0.2, ge=0, lt=1, description="slope of LeakyReLU below zero")
    noise: Literal["middle", "none"] = Field("middle", description="where noise enters")
    noise_channels: int = Field(8, ge=1, le=256, description="channels of noise in the middle")

    @model_validator(mode="after")
    def _levels(self) -> Self:
        if self.attention > self.depth + 1:
            raise ValueError(f"attention={self.attention}: there are depth + 1 levels")
        if self.fine and self.factor % 2:
            raise ValueError(f"fine={self.fine} needs an even factor, not {self.factor}")
        return self

    @property
    def size_multiple(self) -> int:
        """Blocks of pixels and halvings must come out even."""
        return int(self.factor * 2**self.depth)
