"""A cascade of encoder-decoders and the preset of its paper."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_generators() -> Sequence[zoo.GeneratorSpec]:
    """One generator, ``cascade``."""
    return [
        zoo.GeneratorSpec(
            name="cascade",
            summary="Encoder-decoders in a row, each of which sees what the earlier ones drew",
            target="zoo_cascade.model:build",
            options="zoo_cascade.options:CascadeOptions",
            tags=("coarse-to-fine", "skips"),
            reference="Liu et al. 2019, SketchGAN: Joint Sketch Completion and Recognition",
        )
    ]


@zoo.hookimpl
def zoo_presets() -> Sequence[zoo.PresetSpec]:
    """One preset, ``sketchgan``."""
    return [
        zoo.PresetSpec(
            name="sketchgan",
            summary="SketchGAN: the cascade against patches, bce and l1",
            resource="zoo_cascade:presets/sketchgan.toml",
            tags=("paper",),
            reference="Liu et al. 2019, SketchGAN: Joint Sketch Completion and Recognition",
        )
    ]
