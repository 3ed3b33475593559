"""A module of options that is not light."""

import numpy as np
from pydantic import Field

from zoo_mutants.options import TinyOptions


class HeavyOptions(TinyOptions):
    """Its default comes from NumPy."""

    ratio: float = Field(float(np.sqrt(2)), gt=0, description="of the sides")
