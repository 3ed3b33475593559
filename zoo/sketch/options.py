"""Options of core's masks. Light."""

from typing import Literal, Self

from pydantic import Field, model_validator

from zoo.options import AbsolutePath, Options


class BoxOptions(Options):
    """Sides of the rectangle, as fractions of the image's height and width.

    Smaller ones than the defaults hide little but the line: at 64x64 filling them scores well.
    """

    side_min: float = Field(0.4, gt=0, le=1, description="shortest side")
    side_max: float = Field(1.0, gt=0, le=1, description="longest side")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _check_ordered(self, "side")
        return self


class EllipseOptions(Options):
    """Axes of the ellipse, as fractions of the image's shorter side."""

    axis_min: float = Field(0.3, gt=0, le=2, description="shortest axis")
    axis_max: float = Field(0.8, gt=0, le=2, description="longest axis")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _check_ordered(self, "axis")
        return self


class HalfplaneOptions(Options):
    """What is cut off, and how deep."""

    cut: Literal["any", "side", "corner"] = Field("any", description="what is cut off")
    tilt: float = Field(15, ge=0, le=45, description="most degrees that the cut is askew")
    depth_max: float = Field(
        0.7, gt=0, le=1, description="deepest cut, as a fraction of the image in its direction"
    )


class OutpaintOptions(Options):
    """What stays visible."""

    visible_min: float = Field(
        0.3, ge=0, lt=1, description="smallest visible side, as a fraction of the image's"
    )
    offset: float = Field(
        0.1, ge=0, le=0.5, description="farthest the visible part is off the middle, as a fraction"
    )


class GapOptions(Options):
    """How many cuts, and how long. Lengths are fractions of the image's shorter side."""

    count: int = Field(40, ge=1, le=1000, description="most cuts")
    length_min: float = Field(1 / 16, gt=0, le=1, description="shortest cut")
    length_max: float = Field(1 / 8, gt=0, le=1, description="longest cut")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _check_ordered(self, "length")
        return self


class EraseStrokeOptions(Options):
    """Width of the blobs that cover a stroke, as fractions of the image's shorter side."""

    blob_min: float = Field(0.2, gt=0, le=1, description="thinnest part")
    blob_max: float = Field(0.5, gt=0, le=1, description="thickest part")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _check_ordered(self, "blob")
        return self


class FilesOptions(Options):
    """Where the masks are."""

    path: AbsolutePath = Field(description="folder of images: white = hole; of any size")
    choices: int = Field(
        32, ge=1, le=1000, description="masks picked at random, of which the nearest is taken"
    )


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
