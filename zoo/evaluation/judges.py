"""The metrics of an evaluation, built from a protocol and what a user adds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from zoo import registry
from zoo.config import Part, parse_component, parse_part
from zoo.contracts.metric import Metric
from zoo.errors import PluginError, UsageError
from zoo.evaluation.protocol import Protocol
from zoo.specs import MetricSpec


@dataclass(frozen=True)
class Judge:
    """A metric and what its spec says of it.

    Attributes:
        id: Canonical id.
        spec: Version, number of draws, direction.
        metric: What scores.
    """

    id: str
    spec: MetricSpec
    metric: Metric


def make_judges(protocol: Protocol, extra: Iterable[str] = ()) -> tuple[Judge, ...]:
    """The protocol's metrics, then extra ones given as expressions.

    Raises:
        UsageError: A metric is not installed in the protocol's version, or an extra one is the
            protocol's own.
    """
    judges = []
    for name, table in protocol.metric.items():
        options = {key: value for key, value in table.items() if key != "version"}
        judge = _judge(parse_part("metric", {"name": name, **options}))
        if judge.spec.version != table["version"]:
            raise UsageError(
                f"protocol {protocol.name} scores with version {table['version']} of {name}, "
                f"installed is version {judge.spec.version}: install the zoo that it was made with"
            )
        judges.append(judge)
    for expression in extra:
        judge = _judge(parse_component("metric", expression))
        if any(judge.id == other.id for other in judges):
            raise UsageError(f"--metric {expression}: {judge.id} is among the metrics already")
        judges.append(judge)
    return tuple(judges)


def score(
    judges: Sequence[Judge],
    completions: np.ndarray,
    target: np.ndarray,
    mask: np.ndarray,
    threshold: float,
) -> list[dict[str, float]]:
    """What each judge says of the completions (K, H, W) of a drawing; each sees as many as it asks.

    Raises:
        PluginError: A metric gives no numbers.
    """
    said = []
    for judge in judges:
        values = judge.metric(completions[: judge.spec.draws], target, mask, threshold)
        if not values or not np.isfinite(list(values.values())).all():
            raise PluginError(f"metric {judge.id} gives no finite numbers: {values}")
        said.append({name: float(value) for name, value in values.items()})
    return said


def _judge(part: Part) -> Judge:
    spec = registry.find("metric", part.id).spec
    assert isinstance(spec, MetricSpec)
    return Judge(part.id, spec, registry.build("metric", part.id, part.options))
