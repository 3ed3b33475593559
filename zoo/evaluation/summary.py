"""From the scores of single drawings to what an evaluation says."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from zoo import __version__
from zoo.errors import UsageError
from zoo.evaluation.bootstrap import interval
from zoo.evaluation.contestants import Contestant
from zoo.evaluation.judges import Judge
from zoo.evaluation.protocol import Protocol
from zoo.evaluation.results import FORMAT, Row
from zoo.evaluation.task import Case, Dropped

if TYPE_CHECKING:
    from hashlib import _Hash

# Shares of removed ink by which scores are told apart: 10-20 % … 50-60 %.
_BINS = 5


@dataclass
class Measured:
    """What is gathered drawing by drawing.

    Attributes:
        rows: The scored drawings.
        scores: For each of them what each judge said.
        dropped: How many drawings were left out, and why.
        rates: Completions a second of each batch.
    """

    rows: list[Row] = field(default_factory=list)
    scores: list[list[dict[str, float]]] = field(default_factory=list)
    dropped: Counter[Dropped] = field(default_factory=Counter)
    rates: list[float] = field(default_factory=list)
    _holes: "_Hash" = field(default_factory=sha256)

    @property
    def holes(self) -> str:
        """sha256 of the drawings' keys and holes so far."""
        return self._holes.hexdigest()

    @property
    def images_per_s(self) -> float:
        """The median over batches; the first, in which models compile, only if it is alone."""
        return float(np.median(self.rates[1:] or self.rates))

    def note(self, cases: Iterable[Case | Dropped]) -> Iterator[Case]:
        """Count dropped drawings and take the digest of the others' holes on the way."""
        for case in cases:
            if isinstance(case, Dropped):
                self.dropped[case] += 1
                continue
            self._holes.update(repr((case.key, case.mask.shape)).encode())
            self._holes.update(np.packbits(case.mask > 0).tobytes())
            yield case


def row_of(case: Case, scores: Sequence[Mapping[str, float]]) -> Row:
    """The line of a drawing.

    Raises:
        UsageError: Two metrics give a number of the same name.
    """
    names = [name for said in scores for name in said]
    if len(set(names)) < len(names):
        twice = max(names, key=names.count)
        raise UsageError(f'two metrics give a number called "{twice}": leave one out')
    values = {name: value for said in scores for name, value in said.items()}
    return Row(case.key, case.label, case.removed, values)


def summarise(
    protocol: Protocol, contestant: Contestant, judges: Sequence[Judge], measured: Measured
) -> dict[str, Any]:
    """What ``summary.json`` holds."""
    rows = measured.rows
    return {
        "format": FORMAT,
        "zoo_version": __version__,
        "name": contestant.name,
        "kind": contestant.kind,
        "id": contestant.id,
        "threshold": contestant.decoding.threshold,
        "decoding": asdict(contestant.decoding),
        "parameters": contestant.parameters,
        "images_per_s": round(measured.images_per_s, 2),
        "images": len(rows),
        "dropped": {reason.name.lower(): measured.dropped[reason] for reason in Dropped},
        "scores": _scores(judges, measured.scores[0]),
        "means": {column: _mean(rows, column) for column in rows[0].values},
        "bins": _bins(protocol, rows),
        "holes": measured.holes,
        "protocol_hash": protocol.hash,
        "protocol": protocol.model_dump(mode="json", exclude_none=True),
    }


def _scores(
    judges: Sequence[Judge], said: Sequence[Mapping[str, float]]
) -> dict[str, dict[str, Any]]:
    """Each metric's own number, the first that it gives, and what its spec says."""
    return {
        next(iter(values)): {
            "metric": judge.id,
            "version": judge.spec.version,
            "draws": judge.spec.draws,
            "higher_is_better": judge.spec.higher_is_better,
        }
        for judge, values in zip(judges, said, strict=True)
    }


def _mean(rows: Sequence[Row], column: str) -> dict[str, float]:
    values = [row.values[column] for row in rows]
    low, high = interval(values)
    return {"mean": float(np.mean(values)), "low": low, "high": high}


def _bins(protocol: Protocol, rows: Sequence[Row]) -> list[dict[str, Any]]:
    edges = np.linspace(protocol.ink_min, protocol.ink_max, _BINS + 1)
    places = np.digitize([row.removed for row in rows], edges[1:-1])
    bins = []
    for number in range(_BINS):
        inside = [row for row, place in zip(rows, places, strict=True) if place == number]
        bins.append(
            {
                "removed": [round(float(edge), 6) for edge in edges[number : number + 2]],
                "images": len(inside),
                "means": {
                    column: float(np.mean([row.values[column] for row in inside]))
                    for column in (rows[0].values if inside else ())
                },
            }
        )
    return bins
