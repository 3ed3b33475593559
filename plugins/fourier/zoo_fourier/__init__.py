"""A generator of fast Fourier convolutions."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_generators() -> Sequence[zoo.GeneratorSpec]:
    """One generator, ``fourier``."""
    return [
        zoo.GeneratorSpec(
            name="fourier",
            summary="Fast Fourier convolutions: every block sees the whole drawing",
            target="zoo_fourier.model:build",
            options="zoo_fourier.options:FourierOptions",
            tags=("residual", "global", "fast"),
            reference="Suvorov et al. 2022, Resolution-robust Large Mask Inpainting (LaMa)",
        )
    ]


@zoo.hookimpl
def zoo_presets() -> Sequence[zoo.PresetSpec]:
    """One preset, ``lama``."""
    return [
        zoo.PresetSpec(
            name="lama",
            summary="LaMa: fourier against patches, with r1 and feature matching",
            resource="zoo_fourier:presets/lama.toml",
            tags=("paper",),
            reference="Suvorov et al. 2022, Resolution-robust Large Mask Inpainting (LaMa)",
        )
    ]
