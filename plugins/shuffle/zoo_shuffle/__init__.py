"""A residual U-Net generator that works at a quarter of the resolution."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_generators() -> Sequence[zoo.GeneratorSpec]:
    """One generator, ``shuffle``."""
    return [
        zoo.GeneratorSpec(
            name="shuffle",
            summary="Residual U-Net between pixel-unshuffle and pixel-shuffle: cheap at 256",
            target="zoo_shuffle.model:build",
            options="zoo_shuffle.options:ShuffleOptions",
            tags=("residual", "skips", "fast"),
            reference="Shi et al. 2016, Efficient Sub-Pixel CNN; He et al. 2016, Identity Mappings",
        )
    ]
