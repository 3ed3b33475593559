"""The funnel generator and the preset of the system that it comes from."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_generators() -> Sequence[zoo.GeneratorSpec]:
    """One generator, ``funnel``."""
    return [
        zoo.GeneratorSpec(
            name="funnel",
            summary="Strided convolutions down, a dilated or other middle, transposed ones up",
            target="zoo_funnel.model:build",
            options="zoo_funnel.options:FunnelOptions",
            tags=("original", "dilated"),
            reference="Iizuka et al. 2017, Globally and Locally Consistent Image Completion",
        )
    ]


@zoo.hookimpl
def zoo_presets() -> Sequence[zoo.PresetSpec]:
    """One preset, ``completion-gan``."""
    return [
        zoo.PresetSpec(
            name="completion-gan",
            summary="The original hobby project as it was, faults included",
            resource="zoo_funnel:presets/completion-gan.toml",
            tags=("original",),
        )
    ]
