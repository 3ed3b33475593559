"""``zoo list``: what is installed."""

from collections import Counter
from collections.abc import Sequence

import click

from zoo.cli.table import columns
from zoo.discovery import KINDS, PLURAL
from zoo.errors import did_you_mean
from zoo.registry import Component, list_components


def _complete_kind(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    return [kind for kind in PLURAL.values() if kind.startswith(incomplete)]


@click.command("list")
@click.argument("kind", required=False, shell_complete=_complete_kind)
@click.argument("pattern", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(kind: str | None, pattern: str | None, as_json: bool) -> None:
    """List the installed components.

    KIND is generator, discriminator, loss, mask, source and so on, or its plural. PATTERN is a
    shell pattern that is matched with names, aliases, tags and ids. Quote it:

    \b
      zoo list
      zoo list generators
      zoo list generators '*net*'
      zoo list '*net*'
    """
    if kind and pattern is None and set(kind) & set("*?["):
        kind, pattern = None, kind
    if kind is not None:
        kind = _singular(kind)
    components = list_components(kind, pattern)
    if as_json:
        import json

        click.echo(json.dumps([_as_data(c) for c in components], indent=2))
    elif components:
        _print(components)
    elif pattern is not None:
        click.echo(f'No {kind or "component"} matches "{pattern}"', err=True)
    if not as_json and pattern is None:
        _hint(kind, components)


def _singular(kind: str) -> str:
    singular = {plural: kind for kind, plural in PLURAL.items()} | {k: k for k in KINDS}
    if kind not in singular:
        raise click.UsageError(
            f'No kind "{kind}".{did_you_mean(kind, singular)} Kinds: {", ".join(KINDS)}. '
            f"A pattern has a star: zoo list '*{kind}*'"
        )
    return singular[kind]


def _print(components: Sequence[Component]) -> None:
    taken = Counter((c.spec.kind, name) for c in list_components() for name in set(c.names))
    lines = columns(
        (
            c.spec.name if taken[c.spec.kind, c.spec.name] == 1 else c.id,
            c.spec.summary,
            c.plugin.dist,
        )
        for c in components
    )
    heading = ""
    for component, line in zip(components, lines, strict=True):
        if heading != (heading := PLURAL[component.spec.kind]):
            click.echo(heading)
        click.echo(line)


def _hint(kind: str | None, components: Sequence[Component]) -> None:
    if kind not in (None, "generator"):
        if not components:
            click.echo(f"No {kind} is installed.")
    elif not any(c.spec.kind == "generator" for c in components):
        click.echo(
            'No generator is installed. The first-party plugins: pip install "sketch-zoo[all]"'
        )


def _as_data(component: Component) -> dict[str, object]:
    spec, plugin = component.spec, component.plugin
    return {
        "id": component.id,
        "kind": spec.kind,
        "name": spec.name,
        "summary": spec.summary,
        "aliases": list(spec.aliases),
        "tags": list(spec.tags),
        "reference": spec.reference,
        "plugin": plugin.id,
        "version": plugin.version,
    }
