"""Options of the funnel."""

from typing import Literal

from pydantic import Field

import zoo


class FunnelOptions(zoo.Options):
    """How wide, how deep, and where noise enters."""

    stem: int = Field(3, ge=1, le=256, description="channels of the first convolution")
    stem_kernel: int = Field(5, ge=1, le=15, description="side of its kernel")
    width: int = Field(32, ge=1, le=256, description="channels after one halving, then doubling")
    depth: int = Field(3, ge=1, le=6, description="number of halvings")
    kernel: int = Field(3, ge=2, le=11, description="side of the kernels that halve and double")
    scaling: Literal["strided", "pooling"] = Field(
        "strided",
        description="how it halves and doubles: strided and transposed convolutions, or pooling "
        "and unpooling to the places of the maxima",
    )
    middle: Literal["dilated", "residual", "fourier", "attention"] = Field(
        "dilated", description="the middle: dilated convolutions, or residual blocks of a kind"
    )
    middle_width: int = Field(256, ge=1, le=1024, description="channels of the middle")
    middle_kernel: int = Field(5, ge=1, le=11, description="side of the dilated kernels")
    dilation: int = Field(2, ge=1, le=16, description="dilation of the dilated middle")
    blend: int = Field(4, ge=1, le=32, description="convolutions or blocks of the middle")
    head_kernel: int = Field(7, ge=1, le=15, description="side of the last kernel")
    norm: Literal["batch", "instance", "none"] = Field("batch", description="normalisation")
    slope: float = Field(0.3, ge=0, lt=1, description="slope of LeakyReLU below zero")
    noise: Literal["middle", "input", "none"] = Field("middle", description="where noise enters")
    noise_channels: int = Field(8, ge=1, le=256, description="channels of noise in the middle")
    pixels: Literal["ink", "signed"] = Field(
        "ink", description="what the network sees: ink 1, paper 0; or ink -1, paper +1, hole 0"
    )

    @property
    def size_multiple(self) -> int:
        """Each halving must come out even."""
        return int(2**self.depth)
