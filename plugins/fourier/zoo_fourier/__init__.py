"""A generator."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_generators() -> Sequence[zoo.GeneratorSpec]:
    """Nothing yet."""
    return []
