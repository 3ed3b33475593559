"""Options of unetdisc."""

from typing import Literal

from pydantic import Field

import zoo


class UnetdiscOptions(zoo.Options):
    """How wide and how deep."""

    width: int = Field(16, ge=1, le=512, description="channels after one halving, then doubling")
    width_max: int = Field(256, ge=1, le=2048, description="most channels of a level")
    depth: int | None = Field(
        None, ge=1, le=12, description="number of halvings; default: until the short side is 4 to 7"
    )
    spectral: bool = Field(
        True, description="spectral normalisation of all convolutions and the dense layer"
    )
    norm: Literal["none", "instance", "batch"] = Field(
        "none", description="normalisation of all levels but the first"
    )
    slope: float = Field(0.2, ge=0, lt=1, description="slope of LeakyReLU below zero")
    mask: bool = Field(True, description="also look at the mask")
