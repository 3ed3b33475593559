"""Options of core's sources. Light."""

from typing import Literal, Self

from pydantic import Field, model_validator

from zoo.options import AbsolutePath, Options


class FolderOptions(Options):
    """Where the image files are, and how to read them."""

    path: AbsolutePath = Field(description="folder, searched with its subfolders")
    ink: Literal["dark", "light", "auto"] = Field(
        "auto", description="dark lines on light paper, light on dark, or judged per image"
    )
    scan: bool = Field(
        False,
        description="photographs or scans of paper: even out the light and remove specks",
    )


class SvgOptions(Options):
    """Where the SVG files are."""

    path: AbsolutePath = Field(description="folder of .svg files, with its subfolders, or a zip")


class QuickdrawOptions(Options):
    """Which files of drawings, or which categories of the public data set."""

    path: AbsolutePath | None = Field(
        None, description=".ndjson, .ndjson.gz, .bin or .npy file, folder of them, or glob"
    )
    category: str = Field(
        "",
        pattern=r"^[^/\\]*$",
        description="categories joined with +, such as cat+aircraft carrier; default: all of "
        "path; without path they are downloaded",
    )
    form: Literal["ndjson", "bin", "npy"] = Field(
        "ndjson", description="what is downloaded: strokes, smaller strokes, 28x28 bitmaps"
    )
    url: str = Field(
        "https://storage.googleapis.com/quickdraw_dataset/full",
        pattern="^https?://",
        description="where the data set's folders simplified, binary and numpy_bitmap are",
    )
    limit: int | None = Field(None, ge=1, description="keep the first so many drawings")

    @property
    def categories(self) -> tuple[str, ...]:
        """The names in ``category``, each once."""
        names = map(str.strip, self.category.split("+"))
        return tuple(dict.fromkeys(name for name in names if name))

    @model_validator(mode="after")
    def _check_place(self) -> Self:
        if self.path is None and not self.categories:
            raise ValueError("path is missing: give path=…, or category=… to download it")
        return self


class DoodlesOptions(Options):
    """How many drawings, and which."""

    count: int = Field(10_000, ge=1, le=100_000_000, description="drawings in an epoch")
    variant: int = Field(0, ge=0, description="another number gives other drawings")
    kind: str = Field("", description="kinds joined with +, such as cat+house; default: all")
    wobble: float = Field(1.0, ge=0, le=3, description="unsteadiness of the hand; 0 is a ruler")
