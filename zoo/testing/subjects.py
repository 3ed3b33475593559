"""From what the user names to the components that are checked."""

from collections.abc import Sequence

from zoo.discovery import discover
from zoo.errors import UnknownComponentError, ZooError, did_you_mean
from zoo.options import parse_expression
from zoo.registry import Component, find, list_components
from zoo.specs import ComponentSpec
from zoo.testing.check import Subject, options_of


def subjects(target: str, kind: str | None = None) -> Sequence[Subject]:
    """What a target names.

    Args:
        target: A distribution (``"sketch-zoo-unet"``): all of its components under their
            defaults; or one component, ``NAME:key=value,…``.
        kind: Only components of that kind.

    Raises:
        UnknownComponentError: Nothing installed has that name.
        OptionError: The options are not valid.
    """
    components = [c for c in list_components(kind) if isinstance(c.spec, ComponentSpec)]
    if brought := [c for c in components if c.plugin.dist == target]:
        return [_subject(c, {}) for c in brought]
    if any(plugin.dist == target for plugin in discover().plugins):
        raise UnknownComponentError(f"{target} brings no {kind or 'component'} to check")
    name, options = parse_expression(target)
    kinds = [k for k in dict.fromkeys(c.spec.kind for c in components if name in c.names)]
    if len(kinds) != 1:
        names = [n for c in components for n in (*c.names, c.plugin.dist)]
        hint = (
            f"Several kinds have it: add --kind {' or '.join(kinds)}"
            if kinds
            else (f"{did_you_mean(name, names)} Give a distribution or a component (see: zoo list)")
        )
        raise UnknownComponentError(f'No plugin or component "{name}" to check. {hint.strip()}')
    return [_subject(find(kinds[0], name), options)]


def _subject(component: Component, given: dict[str, str]) -> Subject:
    assert isinstance(component.spec, ComponentSpec)
    text = ",".join(f"{key}={value}" for key, value in given.items())
    label = f"{component.spec.name}:{text}" if text else component.spec.name
    try:
        options = options_of(component.spec, given)
    except ZooError:
        if given:
            raise
        options = None
    return Subject(component, options, label)
