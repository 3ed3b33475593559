"""A coarse-to-fine generator of gated convolutions and the preset of its paper."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_generators() -> Sequence[zoo.GeneratorSpec]:
    """One generator, ``gated``."""
    return [
        zoo.GeneratorSpec(
            name="gated",
            summary="Gated convolutions in two stages, coarse and refined, attention optional",
            target="zoo_gated.model:build",
            options="zoo_gated.options:GatedOptions",
            tags=("coarse-to-fine", "dilated", "attention"),
            reference="Yu et al. 2019, Free-Form Image Inpainting with Gated Convolution",
        )
    ]


@zoo.hookimpl
def zoo_presets() -> Sequence[zoo.PresetSpec]:
    """One preset, ``deepfill``."""
    return [
        zoo.PresetSpec(
            name="deepfill",
            summary="DeepFill v2: gated with attention against spectral patches, hinge and l1",
            resource="zoo_gated:presets/deepfill.toml",
            tags=("paper",),
            reference="Yu et al. 2019, Free-Form Image Inpainting with Gated Convolution",
        )
    ]
