"""The first losses: one adversarial, four that compare with the true drawing."""

from collections.abc import Sequence

import zoo


@zoo.hookimpl
def zoo_losses() -> Sequence[zoo.LossSpec]:
    """``bce``, ``context``, ``fillrate``, ``l1`` and ``ink_bce``."""
    return [
        zoo.LossSpec(
            name="bce",
            summary="Adversarial binary cross-entropy, non-saturating, both sides",
            target="zoo_losses.adversarial:bce",
            tags=("adversarial", "original"),
            reference="Goodfellow et al. 2014, Generative Adversarial Networks",
        ),
        zoo.LossSpec(
            name="context",
            summary="Keep the visible part: cross-entropy over visible pixels",
            target="zoo_losses.pixels:context",
            options="zoo_losses.options:ContextOptions",
            tags=("original",),
        ),
        zoo.LossSpec(
            name="fillrate",
            summary="Fill the hole with as much ink as the true drawing has there",
            target="zoo_losses.pixels:fillrate",
            options="zoo_losses.options:FillrateOptions",
            tags=("original",),
        ),
        zoo.LossSpec(
            name="l1",
            summary="Mean absolute error of ink in the hole",
            target="zoo_losses.pixels:l1",
            options="zoo_losses.options:L1Options",
            tags=("reconstruction",),
        ),
        zoo.LossSpec(
            name="ink_bce",
            summary="Cross-entropy of ink per pixel, weighted inside and outside the hole",
            target="zoo_losses.pixels:ink_bce",
            options="zoo_losses.options:InkBceOptions",
            tags=("reconstruction",),
        ),
    ]
