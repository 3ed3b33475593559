"""A discriminator that judges overlapping patches."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_discriminators() -> Sequence[zoo.DiscriminatorSpec]:
    """One discriminator, ``patch``."""
    return [
        zoo.DiscriminatorSpec(
            name="patch",
            summary="PatchGAN: strided convolutions, one logit for each patch",
            target="zoo_patch.model:build",
            options="zoo_patch.options:PatchOptions",
            tags=("local", "fast"),
            reference="Isola et al. 2017, Image-to-Image Translation with Conditional GANs",
        )
    ]
