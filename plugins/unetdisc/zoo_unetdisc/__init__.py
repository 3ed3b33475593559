"""A discriminator that judges every pixel, and the whole."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_discriminators() -> Sequence[zoo.DiscriminatorSpec]:
    """One discriminator, ``unetdisc``."""
    return [
        zoo.DiscriminatorSpec(
            name="unetdisc",
            summary="U-Net: one logit for each pixel, and one for the whole drawing",
            target="zoo_unetdisc.model:build",
            options="zoo_unetdisc.options:UnetdiscOptions",
            tags=("local", "global"),
            reference="Schönfeld et al. 2020, A U-Net Based Discriminator for GANs",
        )
    ]
