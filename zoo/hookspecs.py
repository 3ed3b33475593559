"""The whole plugin contract.

A plugin is a module without heavy imports that an entry point of the group ``zoo.plugins`` names.
It implements any of the hooks below with ``@zoo.hookimpl``. Each takes no argument and returns
specs: pure data. Hooks are called once per process, at the first look at the registry.

    import zoo

    @zoo.hookimpl
    def zoo_generators():
        return [
            zoo.GeneratorSpec(
                name="tiny",
                summary="Three convolutions",
                target="zoo_tiny.model:build",
                options="zoo_tiny.options:TinyOptions",
            )
        ]
"""

from collections.abc import Mapping, Sequence

import pluggy

from zoo import specs

hookspec = pluggy.HookspecMarker("zoo")
hookimpl = pluggy.HookimplMarker("zoo")


@hookspec
def zoo_generators() -> Sequence[specs.GeneratorSpec]:  # type: ignore[empty-body]
    """Generators: redraw the hole of a masked drawing."""


@hookspec
def zoo_discriminators() -> Sequence[specs.DiscriminatorSpec]:  # type: ignore[empty-body]
    """Discriminators: tell completed drawings from real ones."""


@hookspec
def zoo_losses() -> Sequence[specs.LossSpec]:  # type: ignore[empty-body]
    """Losses: the terms that teach generator and discriminator."""


@hookspec
def zoo_masks() -> Sequence[specs.MaskSpec]:  # type: ignore[empty-body]
    """Masks: families of holes."""


@hookspec
def zoo_sources() -> Sequence[specs.SourceSpec]:  # type: ignore[empty-body]
    """Sources: collections of drawings."""


@hookspec
def zoo_metrics() -> Sequence[specs.MetricSpec]:  # type: ignore[empty-body]
    """Metrics: scores of completions."""


@hookspec
def zoo_completers() -> Sequence[specs.CompleterSpec]:  # type: ignore[empty-body]
    """Completers without training: the floors."""


@hookspec
def zoo_presets() -> Sequence[specs.PresetSpec]:  # type: ignore[empty-body]
    """Presets: training configurations as TOML resources."""


@hookspec
def zoo_models() -> Sequence[specs.ModelSpec]:  # type: ignore[empty-body]
    """Models: trained bundles that the package ships."""


@hookspec
def zoo_commands() -> Mapping[str, str]:  # type: ignore[empty-body]
    """Commands: name -> import string of a ``click.Command``. Built-in names are taken."""
