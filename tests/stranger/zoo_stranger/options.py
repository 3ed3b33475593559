"""Options of all components: light."""

from pydantic import Field

import zoo


class HourglassOptions(zoo.Options):
    """How wide, and how much noise."""

    width: int = Field(12, ge=1, le=256, description="channels of the first level")
    noise: int = Field(6, ge=1, le=64, description="numbers of noise")

    @property
    def size_multiple(self) -> int:
        """Two halvings."""
        return 4


class EyesOptions(zoo.Options):
    """How wide."""

    width: int = Field(8, ge=1, le=256, description="channels")


class StripeOptions(zoo.Options):
    """How wide at most."""

    widest: float = Field(0.8, gt=0, le=1, description="share of the height that is hidden at most")


class SpiralsOptions(zoo.Options):
    """How many."""

    count: int = Field(60, ge=1, le=10_000, description="number of drawings")
