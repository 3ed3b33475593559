"""Options that are broken in one way each."""

from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, field_validator

import zoo
from zoo_mutants.options import TinyOptions


class SilentOptions(TinyOptions):
    """One option has no description."""

    depth: int = Field(1, ge=1)


class DefaultOptions(zoo.Options):
    """The default is out of range."""

    width: int = Field(0, ge=1, description="channels")


class DoublingOptions(zoo.Options):
    """What is read back is twice as large, and bounds have nothing to do with it."""

    width: Annotated[int, AfterValidator(lambda width: 2 * width)] = Field(
        8, ge=1, description="channels"
    )


class ClampingOptions(TinyOptions):
    """Moves a number into its range."""

    @field_validator("width", mode="before")
    @classmethod
    def _clamp(cls, width: Any) -> Any:
        return max(1, min(64, int(width)))


class LaxOptions(TinyOptions):
    """Takes any option."""

    model_config = ConfigDict(extra="ignore")
