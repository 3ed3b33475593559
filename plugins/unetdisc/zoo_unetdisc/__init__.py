"""A discriminator."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_discriminators() -> Sequence[zoo.DiscriminatorSpec]:
    """Nothing yet."""
    return []
