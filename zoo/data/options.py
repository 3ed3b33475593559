"""Options of core's sources. Light."""

from typing import Literal

from pydantic import Field

from zoo.options import AbsolutePath, Options


class FolderOptions(Options):
    """Where the image files are, and how to read them."""

    path: AbsolutePath = Field(description="folder, searched with its subfolders")
    ink: Literal["dark", "light", "auto"] = Field(
        "auto", description="dark lines on light paper, light on dark, or judged per image"
    )


class QuickdrawOptions(Options):
    """Where the ndjson files are."""

    path: AbsolutePath = Field(description=".ndjson or .ndjson.gz file, folder of them, or glob")
    limit: int | None = Field(None, ge=1, description="keep the first so many drawings")


class DoodlesOptions(Options):
    """How many drawings, and which."""

    count: int = Field(10_000, ge=1, le=100_000_000, description="drawings in an epoch")
    variant: int = Field(0, ge=0, description="another number gives other drawings")
    kind: str = Field("", description="kinds joined with +, such as cat+house; default: all")
    wobble: float = Field(1.0, ge=0, le=3, description="unsteadiness of the hand; 0 is a ruler")
