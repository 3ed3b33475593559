"""What a mutant is: a component that is broken in one way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from zoo.specs import ComponentSpec

S = TypeVar("S", bound=ComponentSpec)


@dataclass(frozen=True)
class Mutant:
    """A component that fails one check. Its name is the check's without the kind.

    Its target is ``zoo_mutants.KIND:NAME``; that of a common check's mutant the correct
    component's, ``zoo_mutants.KIND:build``.

    Attributes:
        broken: What is wrong with it, in one line.
        also: Other checks that it cannot but fail, each with the reason; two at most.
        spec: Fields of the spec that are not the correct component's.
    """

    broken: str
    also: Mapping[str, str] = field(default_factory=dict)
    spec: Mapping[str, Any] = field(default_factory=dict)


# From the id of a check to the mutant that it must catch.
Table = Mapping[str, Mutant]


def specs(cls: type[S], table: Table) -> Sequence[S]:
    """The correct component of a kind, ``tiny``, then its mutants."""
    reference = cls(
        name="tiny",
        summary="Correct",
        target=f"zoo_mutants.{cls.kind}:build",
        options="zoo_mutants.options:TinyOptions",
        reference="The contract of its kind",
    )
    mutants = []
    for check, mutant in table.items():
        kind, _, name = check.partition(".")
        target = reference.target if kind == "common" else f"zoo_mutants.{kind}:{name}"
        own = {"name": name, "summary": mutant.broken, "target": target}
        mutants.append(replace(reference, **(own | dict(mutant.spec))))
    return [reference, *mutants]
