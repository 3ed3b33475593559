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


@zoo.hookimpl
def zoo_presets() -> Sequence[zoo.PresetSpec]:
    """``fast`` and ``best``, the zoo's own recipes."""
    return [
        zoo.PresetSpec(
            name="fast",
            summary="A useful model at 64 pixels in ten minutes of a CPU",
            resource="zoo_shuffle:presets/fast.toml",
            tags=("recipe",),
        ),
        zoo.PresetSpec(
            name="best",
            summary="How the shipped best-128 was begun: 128 pixels, two hours of a CPU",
            resource="zoo_shuffle:presets/best.toml",
            tags=("recipe",),
        ),
    ]
