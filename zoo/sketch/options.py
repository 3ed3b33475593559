"""Options of core's masks. Light."""

from typing import Self

from pydantic import Field, model_validator

from zoo.options import Options


class BoxOptions(Options):
    """Sides of the full-grown rectangle, as fractions of the image's height and width.

    It shrinks to fit the ink that it is to remove. Smaller ones than the defaults lie so close
    around the ink that at 64x64 filling them scores well.
    """

    side_min: float = Field(0.6, gt=0, le=1, description="shortest side")
    side_max: float = Field(1.0, gt=0, le=1, description="longest side")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _check_ordered(self, "side")
        return self


class StrokesOptions(Options):
    """Shape of the brush paths. Widths are fractions of the image's shorter side.

    Thinner brushes than the defaults hide little but the line: at 64x64 filling them scores well.
    """

    paths_min: int = Field(1, ge=1, le=20, description="fewest paths")
    paths_max: int = Field(2, ge=1, le=20, description="most paths")
    segments_min: int = Field(4, ge=1, le=50, description="fewest segments of a path")
    segments_max: int = Field(10, ge=1, le=50, description="most segments of a path")
    width_min: float = Field(1 / 7, gt=0, le=1, description="thinnest brush")
    width_max: float = Field(2 / 7, gt=0, le=1, description="thickest brush")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _check_ordered(self, "paths", "segments", "width")
        return self


def _check_ordered(options: Options, *names: str) -> None:
    for name in names:
        low, high = getattr(options, f"{name}_min"), getattr(options, f"{name}_max")
        if low > high:
            raise ValueError(f"{name}_min={low:g} is above {name}_max={high:g}")
