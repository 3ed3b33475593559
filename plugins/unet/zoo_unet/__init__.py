"""A U-Net generator that pools with remembered positions."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_generators() -> Sequence[zoo.GeneratorSpec]:
    """One generator, ``unet``."""
    return [
        zoo.GeneratorSpec(
            name="unet",
            summary="U-Net that unpools every maximum to the pixel it came from",
            target="zoo_unet.model:build",
            options="zoo_unet.options:UnetOptions",
            tags=("pooling", "skips"),
            reference="Ronneberger et al. 2015, U-Net; Badrinarayanan et al. 2017, SegNet",
        )
    ]
