"""Options of the correct components."""

from pydantic import Field

import zoo


class TinyOptions(zoo.Options):
    """One number, so that there is something to check."""

    width: int = Field(8, ge=1, le=64, description="channels")


class FloatMultipleOptions(TinyOptions):
    """A size multiple that is no whole number."""

    @property
    def size_multiple(self) -> int:
        """8.0."""
        return 8.0  # type: ignore[return-value]
