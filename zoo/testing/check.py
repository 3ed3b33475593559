"""What a check is: a named function that every component of its kind must survive."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cache
from importlib import import_module
from typing import Any, TypeVar
from unittest import SkipTest

from zoo.errors import ZooError
from zoo.options import Options, validate
from zoo.registry import Component, load
from zoo.specs import ComponentSpec
from zoo.testing.state import global_state_kept

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
        options: Validated; None if nothing was given and the defaults alone do not do.
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

    @property
    def unbuildable(self) -> str:
        """Why it cannot be built for the checks of its kind, or an empty string."""
        try:
            if self.options is None:
                options_of(self.spec, {})
            load(self.spec.target)
        except ZooError as error:
            return str(error)
        return ""


def only_described(subject: Subject) -> str:
    """Why a check of the options does not apply, where nobody gave what has no default."""
    return subject.unbuildable if subject.options is None else ""


def options_of(spec: ComponentSpec, given: Mapping[str, Any]) -> Options:
    """A component's options.

    Raises:
        OptionError: They are not valid, or one that has no default is missing.
        PluginError: The options class cannot be imported.
    """
    return validate(load(spec.options), given, f"{spec.kind} {spec.name}")


@dataclass(frozen=True)
class Check:
    """A named check.

    Attributes:
        id: Stable: ``generator.every_weight_learns``.
        summary: One line for ``zoo check --list`` and the documentation.
        call: Raises if the component fails.
        unless: Why it does not apply to a subject, or an empty string.
        builds: Whether it builds the component: not if it is only described.
        slow: Runs with ``--slow`` only.
    """

    id: str
    summary: str
    call: Callable[[Subject], None]
    unless: Callable[[Subject], str] = lambda _: ""
    builds: bool = True
    slow: bool = False

    def matches(self, patterns: Sequence[str]) -> bool:
        """Whether the id matches one of the shell patterns, or there is none."""
        return not patterns or any(fnmatch(self.id, pattern) for pattern in patterns)

    def why_not(self, subject: Subject) -> str:
        """Why it does not apply to a subject, or an empty string."""
        return (self.builds and subject.unbuildable) or self.unless(subject)

    def __call__(self, subject: Subject) -> None:
        """Run it; seeds, Keras' settings and the environment are afterwards what they were.

        Raises:
            ConformanceError: The component breaks its contract.
            SkipTest: The check does not apply; the message says why.
        """
        with global_state_kept():
            if why := self.why_not(subject):
                raise SkipTest(why)
            try:
                self.call(subject)
            except (SkipTest, SystemExit) as end:
                # Only ``unless`` may skip: else a component could skip what it fails.
                raise ConformanceError(f"it raised {type(end).__name__}: {end}") from end


_CHECKS: dict[str, dict[str, Check]] = {}


def check(
    kind: str, *, slow: bool = False, unless: Callable[[Subject], str] = lambda _: ""
) -> Callable[[Callable[[Subject], None]], Callable[[Subject], None]]:
    """Register a check of a kind (``"common"``: of every kind) under the function's name."""

    def register(call: Callable[[Subject], None]) -> Callable[[Subject], None]:
        name = f"{kind}.{call.__name__}"
        summary = (call.__doc__ or "").partition("\n")[0].strip()
        made = Check(name, summary, call, unless, builds=kind != "common", slow=slow)
        _CHECKS.setdefault(kind, {})[name] = made
        return call

    return register


@cache
def checks_of(kind: str) -> tuple[Check, ...]:
    """Every check that a component of a kind must pass, the common ones first."""
    for module in ("common", kind):
        import_module(f"zoo.testing.checks.{module}")
    return (*_CHECKS["common"].values(), *_CHECKS.get(kind, {}).values())


def list_checks(kind: str | None = None) -> tuple[Check, ...]:
    """Every check there is, the common ones first, or those of a kind."""
    kinds = KINDS if kind is None else (kind,)
    return tuple(dict.fromkeys(check for each in kinds for check in checks_of(each)))


def require(condition: object, message: str) -> None:
    """Raise ``ConformanceError`` with a message of one line unless the condition holds."""
    if not condition:
        raise ConformanceError(message)
