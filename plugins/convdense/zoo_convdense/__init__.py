"""A discriminator of strided convolutions and dense layers."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_discriminators() -> Sequence[zoo.DiscriminatorSpec]:
    """One discriminator, ``convdense``."""
    return [
        zoo.DiscriminatorSpec(
            name="convdense",
            summary="Strided convolutions, then dense layers: one logit for the whole drawing",
            target="zoo_convdense.model:build",
            options="zoo_convdense.options:ConvdenseOptions",
            tags=("original", "global"),
            reference="Radford et al. 2016, DCGAN",
        )
    ]
