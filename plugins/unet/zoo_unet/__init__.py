"""A U-Net generator that pools with remembered positions, and the preset pix2pix."""

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


@zoo.hookimpl
def zoo_presets() -> Sequence[zoo.PresetSpec]:
    """One preset, ``pix2pix``."""
    return [
        zoo.PresetSpec(
            name="pix2pix",
            summary="pix2pix: a U-Net against patches, l1 and bce",
            resource="zoo_unet:presets/pix2pix.toml",
            tags=("paper",),
            reference="Isola et al. 2017, Image-to-Image Translation with Conditional GANs",
        )
    ]
