"""Discriminators that judge overlapping patches."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_discriminators() -> Sequence[zoo.DiscriminatorSpec]:
    """``patch`` and ``multiscale``."""
    return [
        zoo.DiscriminatorSpec(
            name="patch",
            summary="PatchGAN: strided convolutions, one logit for each patch",
            target="zoo_patch.model:build",
            options="zoo_patch.options:PatchOptions",
            tags=("local", "fast"),
            reference="Isola et al. 2017, Image-to-Image Translation with Conditional GANs",
        ),
        zoo.DiscriminatorSpec(
            name="multiscale",
            summary="PatchGANs on the drawing and on smaller copies of it",
            target="zoo_patch.model:build_multiscale",
            options="zoo_patch.options:MultiscaleOptions",
            tags=("local", "global"),
            reference="Wang et al. 2018, High-Resolution Image Synthesis with Conditional GANs",
        ),
    ]
