"""What a check is: a named function that every component of its kind must survive."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any, TypeVar
from unittest import SkipTest

from zoo.options import Options
from zoo.registry import Component, load
from zoo.specs import ComponentSpec

T = TypeVar("T")

# One module of ``zoo.testing.checks`` per kind, imported when a component of that kind is checked.
KINDS = ("generator", "discriminator", "loss", "mask", "source", "metric", "completer")


class ConformanceError(AssertionError):
    """The component breaks its contract; the message is one line with the fix."""


@dataclass(frozen=True)
class Subject:
    """A component and the options under which it is checked.

    Attributes:
        component: What is checked.
        options: Validated; None if there is an option without a default that nobody gave.
        label: How it is shown: ``unet`` or ``funnel:middle=fourier``.
    """

    component: Component
    options: Options | None
    label: str
    _made: dict[Callable[["Subject"], Any], Any] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def spec(self) -> ComponentSpec:
        """The component's spec."""
        assert isinstance(self.component.spec, ComponentSpec)
        return self.component.spec

    def build(self, *args: Any) -> Any:
        """Call the target with the options and what the kind's builder takes more."""
        return load(self.spec.target)(self.options, *args)

    def once(self, make: Callable[["Subject"], T]) -> T:
        """What ``make(subject)`` returned at its first call: models are costly to build."""
        if make not in self._made:
            self._made[make] = make(self)
        return self._made[make]


@dataclass(frozen=True)
class Check:
    """A named check.

    Attributes:
        id: Stable: ``generator.every_weight_learns``.
        summary: One line for ``zoo check --list`` and the documentation.
        call: Raises if the component fails.
        unless: Why it does not apply to a subject, or an empty string.
        slow: Runs with ``--slow`` only.
    """

    id: str
    summary: str
    call: Callable[[Subject], None]
    unless: Callable[[Subject], str]
    slow: bool = False

    def __call__(self, subject: Subject) -> None:
        """Run it.

        Raises:
            ConformanceError: The component breaks its contract.
            SkipTest: The check does not apply; the message says why.
        """
        if why := self.unless(subject):
            raise SkipTest(why)
        self.call(subject)


_CHECKS: dict[str, dict[str, Check]] = {}


def check(
    kind: str, *, slow: bool = False, unless: Callable[[Subject], str] = lambda _: ""
) -> Callable[[Callable[[Subject], None]], Callable[[Subject], None]]:
    """Register a check of a kind (``"common"``: of every kind) under the function's name."""

    def register(call: Callable[[Subject], None]) -> Callable[[Subject], None]:
        name = f"{kind}.{call.__name__}"
        summary = (call.__doc__ or "").partition("\n")[0].strip()
        _CHECKS.setdefault(kind, {})[name] = Check(name, summary, call, unless, slow)
        return call

    return register


@cache
def checks_of(kind: str) -> tuple[Check, ...]:
    """Every check that a component of a kind must pass, the common ones first."""
    for module in ("common", kind):
        import_module(f"zoo.testing.checks.{module}")
    return (*_CHECKS["common"].values(), *_CHECKS[kind].values())


def require(condition: object, message: str) -> None:
    """Raise ``ConformanceError`` with a message of one line unless the condition holds."""
    if not condition:
        raise ConformanceError(message)
