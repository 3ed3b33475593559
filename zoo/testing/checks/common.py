"""What every component must do."""

import inspect

from zoo.cli.doctor import HEAVY
from zoo.errors import OptionError
from zoo.options import Options, validate
from zoo.registry import load
from zoo.testing.bounds import outside
from zoo.testing.check import Subject, check, checks_of, only_described, require
from zoo.testing.processes import imported_by, listed_in_strict_mode

_SUMMARY = 88  # characters: a line of ``zoo list`` with name and distribution


def _options_class(subject: Subject) -> type[Options]:
    return load(subject.spec.options)


def _given(subject: Subject) -> dict[str, object]:
    return subject.options.model_dump() if subject.options is not None else {}


def _has_no_bounds(subject: Subject) -> str:
    return "" if outside(_options_class(subject)) else "no option has a bound"


def _refuses(subject: Subject, changes: dict[str, object]) -> str:
    """What validation says of options with something changed; empty if it takes them."""
    try:
        validate(_options_class(subject), _given(subject) | changes, subject.label)
    except OptionError as error:
        return str(error)
    return ""


@check("common")
def imports_are_light(subject: Subject) -> None:
    """The plugin's module, its hooks and its options import nothing heavy."""
    plugin, options = subject.component.plugin.module, subject.spec.options.partition(":")[0]
    hooks, both = imported_by(plugin, options)
    for where, found, banned in (
        (plugin, hooks, {*HEAVY, "pydantic"}),
        (options, both, {*HEAVY}),
    ):
        heavy = ", ".join(sorted(banned & found))
        require(not heavy, f"{where} imports {heavy}: import it in the function that needs it")


@check("common")
def spec_says_what_it_is(subject: Subject) -> None:
    """The spec has a summary of one line, and no name or tag twice."""
    spec = subject.spec
    require(
        spec.summary.strip() and len(spec.summary) <= _SUMMARY,
        f"its summary has {len(spec.summary)} characters: write 1 to {_SUMMARY} for zoo list",
    )
    for what, words in (("name", (spec.name, *spec.aliases)), ("tag", spec.tags)):
        twice = sorted({word for word in words if words.count(word) > 1 or not word.strip()})
        require(not twice, f"its {what} {', '.join(map(repr, twice))} is empty or stands twice")


@check("common")
def target_resolves(subject: Subject) -> None:
    """The spec's target can be imported and called."""
    target = load(subject.spec.target)
    require(callable(target), f"{subject.spec.target} is not callable: name the build function")


@check("common")
def options_are_described(subject: Subject) -> None:
    """Every option has a description."""
    cls = _options_class(subject)
    require(
        inspect.isclass(cls) and issubclass(cls, Options),
        f"{subject.spec.options} is not a subclass of zoo.Options",
    )
    silent = [key for key, field in cls.model_fields.items() if not field.description]
    require(not silent, f"option {', '.join(silent)} has no description: Field(description=…)")


@check("common", unless=only_described)
def defaults_are_valid(subject: Subject) -> None:
    """The defaults of what was not given pass validation, as if a user gave them."""
    fields = _options_class(subject).model_fields.items()
    given = subject.options.model_fields_set if subject.options is not None else ()
    defaults = {
        key: field.get_default(call_default_factory=True)
        for key, field in fields
        if not field.is_required() and key not in given
    }
    complaint = _refuses(subject, defaults)
    require(not complaint, f"its defaults are refused: {complaint}")


@check("common", unless=only_described)
def options_survive_json(subject: Subject) -> None:
    """Options are the same after a round trip through JSON: a bundle keeps them so."""
    options = subject.options
    assert options is not None
    text = options.model_dump_json()
    again = type(options).model_validate_json(text)
    require(again == options, f"options read back from JSON differ: {again!r}, not {options!r}")


@check("common", unless=_has_no_bounds)
def bounds_are_kept(subject: Subject) -> None:
    """A value just outside of each bound or choice is refused, and the option is named."""
    for key, value in outside(_options_class(subject)):
        complaint = _refuses(subject, {key: value})
        require(complaint, f"{key}={value!r} is out of range and was taken")
        require(f"{key}=" in complaint, f"{key}={value!r} is refused without naming {key}")


@check("common")
def unknown_option_is_refused(subject: Subject) -> None:
    """An option that it does not have is refused by name."""
    key = "no_such_option"
    complaint = _refuses(subject, {key: 1})
    require(complaint, f"{key}=1 was taken: leave extra='forbid' of zoo.Options as it is")
    require(key in complaint, f"an unknown option is refused without naming it: {complaint}")


@check("common")
def listed_in_strict_environment(subject: Subject) -> None:
    """``ZOO_STRICT=1 zoo list`` lists it in a process without other plugins or settings."""
    listed = listed_in_strict_mode(subject.component.plugin.id)
    found = {(row["kind"], row["id"]) for row in listed}
    require(
        (subject.spec.kind, subject.component.id) in found,
        f"ZOO_STRICT=1 zoo list does not have {subject.component.id}: its hooks must not depend "
        "on the environment",
    )


@check("common")
def known_failures_exist(subject: Subject) -> None:
    """What the spec's ``known_failures`` names are checks, each with a reason."""
    known = {each.id for each in checks_of(subject.spec.kind)}
    for name, reason in subject.spec.known_failures.items():
        require(name in known, f'known_failures names "{name}": no such check (zoo check --list)')
        require(reason.strip(), f'known_failures of "{name}" gives no reason')
