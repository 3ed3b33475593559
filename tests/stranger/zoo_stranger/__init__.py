"""One component of every kind, and a command."""

import zoo


@zoo.hookimpl
def zoo_generators():
    """Noise as a vector in the middle, and an early stage."""
    return [
        zoo.GeneratorSpec(
            name="hourglass",
            summary="Down, a vector of noise, up; an early stage beside the last",
            target="zoo_stranger.networks:build_generator",
            options="zoo_stranger.options:HourglassOptions",
        )
    ]


@zoo.hookimpl
def zoo_discriminators():
    """Two maps of logits; it does not look at the mask."""
    return [
        zoo.DiscriminatorSpec(
            name="two_eyes",
            summary="Judges near and far",
            target="zoo_stranger.networks:build_discriminator",
            options="zoo_stranger.options:EyesOptions",
        )
    ]


@zoo.hookimpl
def zoo_losses():
    """One of edges, one of two noise draws."""
    return [
        zoo.LossSpec(
            name="edges",
            summary="Do neighbouring pixels differ as they should?",
            target="zoo_stranger.teaching:edges",
        ),
        zoo.LossSpec(
            name="restless",
            summary="Two noise draws should not agree",
            target="zoo_stranger.teaching:restless",
        ),
    ]


@zoo.hookimpl
def zoo_masks():
    """A hole that is a function of s alone."""
    return [
        zoo.MaskSpec(
            name="stripe",
            summary="A stripe across the drawing",
            target="zoo_stranger.holes:build",
            options="zoo_stranger.options:StripeOptions",
        )
    ]


@zoo.hookimpl
def zoo_sources():
    """Drawings from strokes."""
    return [
        zoo.SourceSpec(
            name="spirals",
            summary="Spirals, each with another number of turns",
            target="zoo_stranger.spirals:build",
            options="zoo_stranger.options:SpiralsOptions",
        )
    ]


@zoo.hookimpl
def zoo_metrics():
    """A score of two completions."""
    return [
        zoo.MetricSpec(
            name="overlap",
            summary="Ink that both have, over ink that one has; mean of two completions",
            target="zoo_stranger.scores:build",
            draws=2,
        )
    ]


@zoo.hookimpl
def zoo_completers():
    """A floor that looks at the training drawings."""
    return [
        zoo.CompleterSpec(
            name="average",
            summary="The average of the first training drawings",
            target="zoo_stranger.floor:build",
        )
    ]


@zoo.hookimpl
def zoo_presets():
    """All of the above at once."""
    return [
        zoo.PresetSpec(
            name="stranger",
            summary="Everything of this plugin in one run",
            resource="zoo_stranger:presets/stranger.toml",
        )
    ]


@zoo.hookimpl
def zoo_commands():
    """A command beside the built-in ones."""
    return {"count": "zoo_stranger.commands:count"}
