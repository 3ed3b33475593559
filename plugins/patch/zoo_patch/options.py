"""Options of patch and multiscale."""

from typing import Literal

from pydantic import Field

import zoo


class PatchOptions(zoo.Options):
    """How wide, and how large its patches are."""

    width: int = Field(32, ge=1, le=512, description="channels after one halving, then doubling")
    width_max: int = Field(256, ge=1, le=2048, description="most channels of a level")
    depth: int = Field(
        3, ge=1, le=7, description="number of halvings; a patch of 3 is 38 pixels wide, of 4 is 78"
    )
    norm: Literal["none", "instance", "batch"] = Field(
        "none", description="normalisation of all levels but the first"
    )
    spectral: bool = Field(False, description="spectral normalisation of all convolutions")
    slope: float = Field(0.2, ge=0, lt=1, description="slope of LeakyReLU below zero")
    mask: bool = Field(True, description="also look at the mask")


class MultiscaleOptions(PatchOptions):
    """As of patch, and how many scales."""

    scales: int = Field(
        2, ge=2, le=5, description="number of discriminators; each sees half the size"
    )
