"""Options of convdense."""

from typing import Literal

from pydantic import Field

import zoo


class ConvdenseOptions(zoo.Options):
    """How wide, how deep, and how many dense weights at most."""

    width: int = Field(32, ge=1, le=512, description="channels after one halving, then doubling")
    width_max: int = Field(256, ge=1, le=2048, description="most channels of a level")
    depth: int | None = Field(
        None, ge=1, le=12, description="number of halvings; default: until the short side is 4 to 7"
    )
    kernel: int = Field(4, ge=2, le=11, description="side of the kernels")
    dense: int = Field(256, ge=1, le=4096, description="units of the dense layer")
    max_dense_weights: int = Field(
        16_000_000, ge=1, description="most weights of the dense layer, which grows with the image"
    )
    norm: Literal["none", "batch"] = Field(
        "none", description="normalisation of all levels but the first"
    )
    spectral: bool = Field(
        False, description="spectral normalisation of all convolutions and dense layers"
    )
    slope: float = Field(0.2, ge=0, lt=1, description="slope of LeakyReLU below zero")
    mask: bool = Field(True, description="also look at the mask")
