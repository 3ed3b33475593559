"""``zoo info``: one component, its options and its layers."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zoo.cli.table import columns
from zoo.discovery import KINDS
from zoo.errors import UnknownComponentError, UsageError, did_you_mean
from zoo.registry import Component, find, list_components, load
from zoo.specs import ComponentSpec, ModelSpec, PresetSpec, Spec

if TYPE_CHECKING:
    import keras

    from zoo.model_size import LayerSize

_MODELS = ("generator", "discriminator")


def _complete_name(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    kind = ctx.params.get("kind")
    names = (c.id if "/" in incomplete else c.spec.name for c in list_components(kind))
    return sorted({name for name in names if name.startswith(incomplete)})


@click.command("info")
@click.argument("name", shell_complete=_complete_name)
@click.option("--kind", type=click.Choice(KINDS), help="Where several kinds have that name.")
@click.option(
    "--size",
    type=click.IntRange(1, 4096),
    help="Height and width in pixels: build the model and show its layers.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(name: str, kind: str | None, size: int | None, as_json: bool) -> None:
    """Describe a component: what it is, its options, with --size also its layers.

    NAME is a short name, an alias or a full id, with options for --size:

    \b
      zoo info unet
      zoo info unet:depth=5,width=48 --size 256
    """
    from zoo.options import parse_expression

    short, values = parse_expression(name)
    component = find(kind or _kind_of(short), short)
    if (size or values) and component.spec.kind not in _MODELS:
        raise UsageError(
            f"{component.spec.kind} {short} has no layers: --size and :options= "
            "are for generators and discriminators"
        )
    if values and not size:
        raise UsageError(
            f"options change the layers, not the description: add --size 256 to {name}"
        )
    model = _build(component, values, size) if size else None
    if as_json:
        import json

        data = _as_data(component)
        if model is not None:
            data["layers"] = _layers_as_data(model)
        click.echo(json.dumps(data, indent=2, default=str))
        return
    _print_head(component)
    if isinstance(component.spec, ComponentSpec):
        _print_options(component)
    if isinstance(component.spec, PresetSpec):
        from zoo.config import preset_text

        click.echo(f"\n{preset_text(component.id).strip()}")
    if isinstance(component.spec, ModelSpec):
        bundle = _bundle(component)
        click.echo("\nbundle")
        for line in columns((key.replace("_", " "), _shown(v)) for key, v in bundle.items()):
            click.echo(line)
        click.echo(f"\n{_card(bundle).strip()}")
    if model is not None:
        click.echo(f"\nlayers at {size}x{size}")
        _print_layers(model)


def _kind_of(name: str) -> str:
    components = list_components()
    kinds = list(dict.fromkeys(c.spec.kind for c in components if name in c.names))
    if len(kinds) == 1:
        return kinds[0]
    if kinds:
        choices = " or ".join(f"--kind {kind}" for kind in kinds)
        raise UsageError(f'Several kinds have a "{name}". Choose one: {choices}')
    close = did_you_mean(name, (n for c in components for n in c.names))
    raise UnknownComponentError(f'No component "{name}".{close} Installed: see zoo list')


def _extra_fields(spec: Spec) -> dict[str, Any]:
    shown = {f.name for f in fields(Spec)} | {"target", "options"}
    return {f.name: getattr(spec, f.name) for f in fields(spec) if f.name not in shown}


def _print_head(component: Component) -> None:
    spec, plugin = component.spec, component.plugin
    rows = [
        ("kind", spec.kind),
        ("summary", spec.summary),
        ("reference", spec.reference),
        ("tags", ", ".join(spec.tags)),
        ("aliases", ", ".join(spec.aliases)),
        ("plugin", f"{plugin.id} {plugin.version}"),
        *((key.replace("_", " "), _field(value)) for key, value in _extra_fields(spec).items()),
    ]
    click.echo(component.id)
    for line in columns(row for row in rows if row[1]):
        click.echo(line)


def _field(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {text}" for key, text in value.items())
    return str(value)


def _print_options(component: Component) -> None:
    from zoo.describe import option_rows
    from zoo.options import CORE_KEYS

    kind = component.spec.kind
    sections = [("options", load(component.spec.options))]  # type: ignore[attr-defined]
    if kind in CORE_KEYS:
        sections.append((f"options of every {kind}", CORE_KEYS[kind]))
    for title, cls in sections:
        rows = [(r.name, r.type, r.range, r.default, r.description) for r in option_rows(cls)]
        click.echo(f"\n{title}")
        head = ("", "type", "range", "default", "")
        for line in columns([head, *rows]) if rows else ["  none"]:
            click.echo(line)


def _bundle(component: Component) -> dict[str, Any]:
    """What a model's bundle says of itself, every file compared with its sha256."""
    from zoo.bundles import check_files, find_bundle, parameters_of, read_manifest

    path = find_bundle(component.id)
    manifest = read_manifest(path)
    check_files(path, manifest)
    return {
        "folder": str(path),
        "megabytes": round(sum(file.stat().st_size for file in path.iterdir()) / 1e6, 1),
        "generator": manifest.generator,
        "options": manifest.options,
        "parameters": parameters_of(path),
        "step": manifest.step,
        "decoding": manifest.decoding.words,
        "ink_f1": {name: f"{mean:g}" for name, (mean, *_) in manifest.scores.items()},
    }


def _card(bundle: dict[str, Any]) -> str:
    return (Path(bundle["folder"]) / "card.md").read_text(encoding="utf-8")


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key}={_shown(v)}" for key, v in value.items()) or "not measured"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _build(component: Component, values: dict[str, str], size: int) -> "keras.Model":
    from zoo.options import validate
    from zoo.quiet import import_tensorflow

    spec: Any = component.spec
    options = validate(load(spec.options), values, f"{spec.kind} {spec.name}")
    if spec.kind == "generator":
        from zoo.contracts.generator import check_size

        check_size(spec.name, options, size, size)
    import_tensorflow()
    return load(spec.target)(options, (size, size, 1))


def _print_layers(model: "keras.Model") -> None:
    from zoo.model_size import layer_sizes

    layers = layer_sizes(model)
    rows = [
        (x.name, x.type, _shapes(x), f"{x.parameters:,}", f"{x.multiply_adds:,}") for x in layers
    ]
    total = (
        "total",
        "",
        "",
        f"{sum(x.parameters for x in layers):,}",
        f"{sum(x.multiply_adds for x in layers):,}",
    )
    head = ("", "type", "output", "parameters", "multiply-adds")
    for line in columns([head, *rows, total], right=(3, 4)):
        click.echo(line)


def _shapes(layer: "LayerSize") -> str:
    return " ".join("x".join(str(d or "?") for d in shape) for shape in layer.output_shape)


def _layers_as_data(model: "keras.Model") -> dict[str, object]:
    from zoo.model_size import layer_sizes

    layers = layer_sizes(model)
    return {
        "table": [asdict(layer) for layer in layers],
        "parameters": sum(layer.parameters for layer in layers),
        "multiply_adds": sum(layer.multiply_adds for layer in layers),
    }


def _as_data(component: Component) -> dict[str, Any]:
    spec, plugin = component.spec, component.plugin
    data: dict[str, Any] = {
        "id": component.id,
        "kind": spec.kind,
        "name": spec.name,
        "summary": spec.summary,
        "reference": spec.reference,
        "tags": list(spec.tags),
        "aliases": list(spec.aliases),
        "plugin": plugin.id,
        "version": plugin.version,
        **_extra_fields(spec),
    }
    if isinstance(spec, ComponentSpec):
        from zoo.options import CORE_KEYS

        data["options"] = load(spec.options).model_json_schema()
        if spec.kind in CORE_KEYS:
            data["core_options"] = CORE_KEYS[spec.kind].model_json_schema()
    if isinstance(spec, PresetSpec):
        from zoo.config import preset_text

        data["toml"] = preset_text(component.id)
    if isinstance(spec, ModelSpec):
        data["bundle"] = _bundle(component)
        data["card"] = _card(data["bundle"])
    return data
