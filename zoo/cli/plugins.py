"""``zoo plugins``: who brings what, and who was skipped."""

from collections import Counter

import click

from zoo.cli.table import columns
from zoo.discovery import PLURAL, Discovery, Plugin, discover


@click.command("plugins")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(as_json: bool) -> None:
    """List the plugins: what each brings, which were skipped and why, which are disabled.

    ZOO_DISABLE=a,b blocks plugins by name, distribution or id; ZOO_STRICT=1 makes every broken
    plugin an error.
    """
    discovery = discover()
    if as_json:
        import json

        click.echo(json.dumps(_as_data(discovery), indent=2))
        return
    rows = [(p.id, p.version, p.module, _contents(p)) for p in discovery.plugins]
    for line in columns(rows, indent=""):
        click.echo(line)
    for problem in discovery.problems:
        click.echo(f"problem: {problem.message} (see: zoo doctor)")
    for plugin_id in discovery.disabled:
        click.echo(f"disabled: {plugin_id} (ZOO_DISABLE)")


def _counts(plugin: Plugin) -> dict[str, int]:
    counts = Counter(PLURAL[spec.kind] for spec in plugin.specs)
    return counts | ({"commands": len(plugin.commands)} if plugin.commands else {})


def _contents(plugin: Plugin) -> str:
    singular = {plural: kind for kind, plural in PLURAL.items()} | {"commands": "command"}
    counts = _counts(plugin).items()
    return ", ".join(f"{n} {singular[word] if n == 1 else word}" for word, n in counts) or "nothing"


def _as_data(discovery: Discovery) -> dict[str, object]:
    return {
        "plugins": [
            {
                "id": plugin.id,
                "version": plugin.version,
                "module": plugin.module,
                "contents": _counts(plugin),
                "commands": sorted(plugin.commands),
            }
            for plugin in discovery.plugins
        ],
        "problems": [
            {"plugin": p.plugin, "version": p.version, "message": p.message}
            for p in discovery.problems
        ],
        "disabled": list(discovery.disabled),
    }
