"""A generator of transformer blocks."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_generators() -> Sequence[zoo.GeneratorSpec]:
    """One generator, ``attention``."""
    return [
        zoo.GeneratorSpec(
            name="attention",
            summary="A U-shape of transformer blocks between a convolutional head and tail",
            target="zoo_attention.model:build",
            options="zoo_attention.options:AttentionOptions",
            tags=("transformer", "global", "skips"),
            reference="Li et al. 2022, MAT: Mask-Aware Transformer for Large Hole Inpainting",
        )
    ]
