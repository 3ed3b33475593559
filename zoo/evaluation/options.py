"""Options of core's floors. Light."""

from pydantic import Field

from zoo.options import Options


class InpaintOptions(Options):
    """How far OpenCV's inpainting looks."""

    # Larger ones blur lines away: on 128x128 validation drawings the scores at 1, 2 and 3 pixels
    # were 0.32, 0.25 and 0.19 for Telea. 1 was best at 64x64 and 256x256 too.
    radius: int = Field(1, ge=1, le=100, description="neighbourhood of a pixel, in pixels")


class NearestOptions(Options):
    """How many drawings to choose from."""

    count: int = Field(2_000, ge=1, le=20_000, description="training drawings to search")
