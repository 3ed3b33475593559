"""The tables of the documentation, made from the code: ``python docs/tables.py`` rewrites them.

A table stands below a line ``<!-- table: NAME -->`` and ends at the next blank line. NAME is one of
``commands``, ``checks``, ``hooks``, ``term``, ``context``, ``protocols``, ``metrics``, ``floors``,
``models``, ``api:MODULE``, or ``module:Class`` of an options class.
"""

import inspect
import json
import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path

from zoo import hookspecs
from zoo.bundles import parameters_of, read_manifest
from zoo.commands import COMMANDS
from zoo.contracts.loss import FIELDS, LossContext, LossTerm
from zoo.describe import option_rows
from zoo.discovery import HOST, KIND_OF_HOOK
from zoo.evaluation.protocol import load_protocol, protocol_names
from zoo.registry import list_components, load
from zoo.specs import MetricSpec
from zoo.testing import Check, list_checks
from zoo.testing.minimum import ENOUGH_RUN

DOCS = Path(__file__).parent.absolute()
SHIPPED = DOCS.parent / "plugins" / "models" / "zoo_models"
# Public names that are no functions or classes have no docstring of their own.
_VALUES = {
    "__version__": "Version of core.",
    "hookimpl": "Decorator of a plugin's hooks.",
    "KINDS": "The kinds of components.",
    "AbsolutePath": "Type of an option that is a path: made absolute when it is read.",
    "Grow": "From s in [0, 1] to an (H, W) float32 mask: a hole that grows.",
    "NORMS": "Names that `normalise` knows.",
    "MIDDLES": "Kinds that `middle_block` knows.",
}
_TABLE = re.compile(r"<!-- table: (\S+) -->\n(?:\n(?:\|.*\n)+)?")


def fill(text: str) -> str:
    """Replace every marked table in a page by what the code says now."""
    return _TABLE.sub(lambda match: f"<!-- table: {match[1]} -->\n\n{_table(match[1])}", text)


def _table(name: str) -> str:
    rows: list[tuple[str, ...]]
    match name:
        case "commands":
            rows = [(f"`zoo {command}`", line) for command, (_, line) in COMMANDS.items()]
            return _markdown(("command", "what"), rows)
        case "checks":
            rows = [(f"`{c.id}`", c.summary, "slow" if c.slow else "") for c in _checks()]
            return _markdown(("check", "what it proves", "tier"), rows)
        case "hooks":
            return _markdown(("hook", "returns"), _hooks())
        case "protocols":
            return _markdown(("name", "drawings", "split", "size", "pen", "metrics"), _protocols())
        case "metrics":
            return _markdown(("name", "draws", "better", "what", "after"), _metrics())
        case "floors":
            floors = [c.spec for c in list_components("completer", "floor")]
            rows = [(f"`{s.name}`", s.summary, s.reference) for s in floors]
            return _markdown(("name", "what", "after"), rows)
        case "models":
            return _markdown(("name", "what", "parameters", "file", "ink_f1"), _models())
        case "term":
            return _markdown(("field", "what"), _attributes(LossTerm))
        case "context":
            rows = [(f"`{field}`", _first(getattr(LossContext, field))) for field in FIELDS]
            return _markdown(("field", "what"), rows)
        case _ if name.startswith("api:"):
            return _markdown(("name", "what"), _public(name.removeprefix("api:")))
        case _:
            options = option_rows(load(name))
            head = ("key", "type", "range", "default", "what")
            rows = [(f"`{o.name}`", o.type, o.range, o.default, o.description) for o in options]
            return _markdown(head, rows)


def _checks() -> tuple[Check, ...]:
    return (*list_checks(), ENOUGH_RUN)


def _hooks() -> list[tuple[str, str]]:
    return [(f"`{name}`", _first(getattr(hookspecs, name))) for name in _hook_names()]


def _protocols() -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name in protocol_names():
        protocol = load_protocol(name)
        metrics = ", ".join(metric.rpartition("/")[2] for metric in protocol.metric)
        size, pen = str(protocol.size), f"{protocol.data['pen']:g}"
        rows.append((f"`{name}`", protocol.summary, protocol.split, size, pen, metrics))
    return rows


def _metrics() -> list[tuple[str, ...]]:
    specs = [c.spec for c in list_components("metric") if c.plugin.dist == HOST]
    return [
        (
            f"`{spec.name}`",
            str(spec.draws),
            "more" if spec.higher_is_better else "less",
            spec.summary,
            spec.reference,
        )
        for spec in specs
        if isinstance(spec, MetricSpec)
    ]


def _models() -> list[tuple[str, ...]]:
    """The shipped models and their scores, as ``benchmarks/models/make.py`` left them."""
    rows: list[tuple[str, ...]] = []
    for model in json.loads((SHIPPED / "models.json").read_text(encoding="utf-8")):
        bundle = SHIPPED / "bundles" / model["name"]
        scores = read_manifest(bundle).scores
        row = (
            f"[`{model['name']}`](../{(bundle / 'card.md').relative_to(DOCS.parent)})",
            model["summary"],
            f"{parameters_of(bundle) / 1e6:.2f} M",
            f"{sum(path.stat().st_size for path in bundle.glob('*.h5')) / 1e6:.1f} MB",
            ", ".join(f"{mean:.3f} ({name})" for name, (mean, *_) in scores.items()),
        )
        rows.append(row)
    return rows


def _public(module: str) -> list[tuple[str, str]]:
    public = import_module(module)
    return [
        (f"`{name}`", _VALUES.get(name) or _first(getattr(public, name))) for name in public.__all__
    ]


def _hook_names() -> list[str]:
    return [*KIND_OF_HOOK, "zoo_commands"]


def _attributes(cls: type) -> list[tuple[str, str]]:
    """Names and descriptions of the ``Attributes:`` section of a docstring."""
    section = (inspect.getdoc(cls) or "").partition("Attributes:\n")[2]
    # A description goes on in lines that are indented further.
    lines = re.sub(r"\n {8}", " ", section).strip().splitlines()
    return [(f"`{name.strip()}`", text) for name, _, text in (x.partition(": ") for x in lines)]


def _first(documented: object) -> str:
    """First line of a docstring."""
    return (inspect.getdoc(documented) or "").splitlines()[0]


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [head, ["---"] * len(head), *rows]
    lines = [" | ".join(cell.replace("|", r"\|") for cell in row) for row in cells]
    return "".join(f"| {line} |\n" for line in lines).replace("``", "`")


if __name__ == "__main__":
    for page in sorted(DOCS.glob("*.md")):
        page.write_text(fill(page.read_text(encoding="utf-8")), encoding="utf-8")
