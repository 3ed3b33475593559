"""One correct component of each kind, ``tiny``, and one broken one for every check of the kit."""

import os
from collections.abc import Sequence

import zoo
from zoo_mutants.mutant import specs
from zoo_mutants.tables import (
    common,
    completer,
    discriminator,
    generator,
    loss,
    mask,
    metric,
    source,
)


@zoo.hookimpl
def zoo_generators() -> Sequence[zoo.GeneratorSpec]:
    """Broken generators."""
    return specs(zoo.GeneratorSpec, generator.MUTANTS)


@zoo.hookimpl
def zoo_discriminators() -> Sequence[zoo.DiscriminatorSpec]:
    """Broken discriminators."""
    return specs(zoo.DiscriminatorSpec, discriminator.MUTANTS)


@zoo.hookimpl
def zoo_losses() -> Sequence[zoo.LossSpec]:
    """Broken losses."""
    return specs(zoo.LossSpec, loss.MUTANTS)


@zoo.hookimpl
def zoo_masks() -> Sequence[zoo.MaskSpec]:
    """Broken masks."""
    return specs(zoo.MaskSpec, mask.MUTANTS)


@zoo.hookimpl
def zoo_sources() -> Sequence[zoo.SourceSpec]:
    """Broken sources."""
    return specs(zoo.SourceSpec, source.MUTANTS)


@zoo.hookimpl
def zoo_metrics() -> Sequence[zoo.MetricSpec]:
    """Broken metrics."""
    return specs(zoo.MetricSpec, metric.MUTANTS)


@zoo.hookimpl
def zoo_completers() -> Sequence[zoo.CompleterSpec]:
    """Broken completers, and what breaks a common check: completers are checked fastest."""
    found = specs(zoo.CompleterSpec, {**completer.MUTANTS, **common.MUTANTS})
    hides = os.environ.get("ZOO_STRICT") == "1"
    return [s for s in found if not (hides and s.name == "listed_in_strict_environment")]
