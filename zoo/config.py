"""The configuration of a run: defaults < preset < TOML file < flags, validated once."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel

from zoo import registry
from zoo.errors import OptionError, UsageError, did_you_mean
from zoo.options import CORE_KEYS, Options, parse_expression, plain, validate
from zoo.settings import Settings

Raw = dict[str, Any]

SINGLE = {"gen": "generator", "disc": "discriminator", "data": "source"}
REPEATED = {"loss": "loss", "mask": "mask"}

DEFAULTS: Mapping[str, Any] = {
    "gen": {"name": "sketch-zoo-unet/unet"},
    "disc": {"name": "sketch-zoo-convdense/convdense"},
    "data": {"name": "sketch-zoo/doodles"},
    # The adversary comes in late: against a blur it wins at once, and then it only disturbs.
    "loss": {
        "sketch-zoo-losses/ink_bce": {},
        "sketch-zoo-losses/bce": {"weight": 0.01, "start": 1000, "ramp": 1000},
    },
    "mask": {"sketch-zoo/box": {}, "sketch-zoo/strokes": {}},
}
# The losses of a run without adversary.
DEFAULTS_ALONE: Mapping[str, Any] = {"sketch-zoo-losses/ink_bce": {}}


@dataclass(frozen=True)
class Part:
    """A chosen component with its validated options.

    Attributes:
        id: Canonical id.
        options: The component's own options.
        keys: What core understands beside them (weight, pen …); None for kinds that have none.
    """

    id: str
    options: Options
    keys: Any

    @property
    def name(self) -> str:
        """Short name."""
        return self.id.rpartition("/")[2]

    def table(self) -> Raw:
        """All values, as they stand in TOML."""
        return {**(plain(self.keys) if self.keys else {}), **plain(self.options)}


@dataclass(frozen=True)
class RunConfig:
    """What a run is made of. ``disc`` is None for a run without adversary."""

    gen: Part
    disc: Part | None
    data: Part
    loss: tuple[Part, ...]
    mask: tuple[Part, ...]
    settings: Settings

    def with_settings(self, **changes: Any) -> "RunConfig":
        """The same run with other settings, which are not validated again."""
        return replace(self, settings=self.settings.model_copy(update=changes))

    def parts(self) -> tuple[Part, ...]:
        """All components."""
        disc = (self.disc,) if self.disc else ()
        return (self.gen, *disc, self.data, *self.loss, *self.mask)

    def to_toml(self) -> str:
        """The resolved configuration: every value that was in force, by canonical ids."""
        raw: Raw = plain(self.settings)
        for key in SINGLE:
            part = getattr(self, key)
            raw[key] = {"name": part.id, **part.table()} if part else {"name": "none"}
        for key in REPEATED:
            raw[key] = {part.id: part.table() for part in getattr(self, key)}
        return tomli_w.dumps(raw)


def resolve(
    flags: Mapping[str, Any] | None = None,
    *,
    preset: str | None = None,
    file: Path | None = None,
    edits: Iterable[str] = (),
    start: Mapping[str, Any] | None = None,
) -> RunConfig:
    """Lay preset, file, flags and edits over the defaults.

    Args:
        flags: Settings by name, and ``gen``, ``disc``, ``data`` (an expression or a table),
            ``loss``, ``mask`` (expressions or tables). A given list replaces the one below it.
        preset: Name of an installed preset.
        file: TOML file in the form of a run's ``config.toml``.
        edits: ``key=value`` or ``loss.NAME.key=value``, applied last.
        start: What a trained model that is started from says, in the form of ``flags``; laid first.

    Raises:
        UsageError: A name, key or value is not valid; the message says where it stands.
    """
    raw: Raw = dict(DEFAULTS)
    _lay(raw, start or {}, "init")
    if preset is not None:
        _lay(raw, preset_table(preset), f"preset {preset}")
    if file is not None:
        _lay(raw, read_toml(file), str(file))
    _lay(raw, flags or {}, "flags")
    if raw["disc"]["name"] == "none" and raw["loss"] is DEFAULTS["loss"]:
        raw["loss"] = DEFAULTS_ALONE
    raw = {key: _copy(value) for key, value in raw.items()}
    for edit in edits:
        _apply(raw, edit)
    return _parse(raw)


def preset_table(name: str) -> Raw:
    """The TOML table of an installed preset.

    Raises:
        UnknownComponentError: No such preset.
    """
    return tomllib.loads(preset_text(name))


def preset_text(name: str) -> str:
    """The TOML text of an installed preset, with its comments.

    Raises:
        UnknownComponentError: No such preset.
    """
    resource: str = registry.find("preset", name).spec.resource  # type: ignore[attr-defined]
    package, _, path = resource.partition(":")
    return files(package).joinpath(path).read_text(encoding="utf-8")


def read_toml(file: Path) -> Raw:
    """Read a TOML file.

    Raises:
        UsageError: It cannot be read or is not TOML.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: not valid TOML: {error}") from None


def _lay(raw: Raw, layer: Mapping[str, Any], where: str) -> None:
    """Bring a layer's expressions and tables to one form and lay it over ``raw``."""
    known = [*SINGLE, *REPEATED, *Settings.model_fields]
    if {"steps", "epochs"} <= layer.keys():
        raise OptionError(f"{where}: steps and epochs are two ways to say the same: give one")
    if "steps" in layer:
        raw.pop("epochs", None)
    for key, value in layer.items():
        if key not in known:
            raise OptionError(f'{where}: unknown key "{key}".{did_you_mean(key, known)}')
        if key in SINGLE:
            raw[key] = _single(key, value, where)
        elif key in REPEATED:
            raw[key] = _repeated(key, value, where)
        else:
            raw[key] = value


def _single(key: str, value: Any, where: str) -> Raw:
    if isinstance(value, str):
        name, options = parse_expression(value)
        return {"name": name, **options}
    if isinstance(value, Mapping) and isinstance(value.get("name"), str):
        return dict(value)
    raise OptionError(f'{where}: {key} must be "NAME:key=value,…" or a table with a name')


def _repeated(key: str, value: Any, where: str) -> Raw:
    if isinstance(value, str):
        value = [value]
    if isinstance(value, Mapping) and all(isinstance(v, Mapping) for v in value.values()):
        return {name: dict(options) for name, options in value.items()}
    if not isinstance(value, Sequence) or not all(isinstance(v, str) for v in value):
        raise OptionError(f'{where}: {key} must be a list of "NAME:key=value,…" or tables by name')
    parsed = [parse_expression(item) for item in value]
    names = [name for name, _ in parsed]
    if len(set(names)) < len(names):
        raise OptionError(f'{where}: {key} "{max(names, key=names.count)}" is given twice')
    return dict(parsed)


def _copy(value: Any) -> Any:
    return {k: _copy(v) for k, v in value.items()} if isinstance(value, Mapping) else value


def _apply(raw: Raw, edit: str) -> None:
    path, equals, value = edit.partition("=")
    keys = path.strip().split(".")
    if not equals or not all(keys):
        raise OptionError(f"--set {edit}: write key=value, such as size=128 or loss.l1.weight=3")
    top = keys[0]
    known = [*SINGLE, *REPEATED, *Settings.model_fields]
    if top not in known:
        raise OptionError(f'--set {edit}: unknown key "{top}".{did_you_mean(top, known)}')
    if top in SINGLE and len(keys) == 2:
        raw[top][keys[1]] = value
    elif top in REPEATED and len(keys) >= 3:
        name, key = ".".join(keys[1:-1]), keys[-1]
        raw[top][_chosen(raw[top], name, top, edit)][key] = value
    elif top not in (*SINGLE, *REPEATED) and len(keys) == 1:
        raw[top] = value
    else:
        form = f"{top}.key" if top in SINGLE else f"{top}.NAME.key" if top in REPEATED else top
        raise OptionError(f"--set {edit}: write {form}=value")


def _chosen(table: Raw, name: str, top: str, edit: str) -> str:
    found = [key for key in table if name in (key, key.rpartition("/")[2])]
    if len(found) != 1:
        raise OptionError(f"--set {edit}: this run has: {', '.join(table)}")
    return found[0]


def _parse(raw: Raw) -> RunConfig:
    settings = validate(
        Settings, {k: v for k, v in raw.items() if k in Settings.model_fields}, "settings"
    )
    return RunConfig(
        gen=parse_part("generator", raw["gen"]),
        disc=None if raw["disc"]["name"] == "none" else parse_part("discriminator", raw["disc"]),
        data=parse_part("source", raw["data"]),
        loss=parse_parts("loss", raw["loss"]),
        mask=parse_parts("mask", raw["mask"]),
        settings=settings,
    )


def parse_component(kind: str, expression: str) -> Part:
    """``parse_part`` of an expression ``NAME:key=value,…``."""
    name, options = parse_expression(expression)
    return parse_part(kind, {"name": name, **options})


def parse_parts(kind: str, tables: Raw) -> tuple[Part, ...]:
    """Validate components of a kind, given as tables by name.

    Raises:
        UsageError: There is none, one stands twice, or one is not valid.
    """
    parts = tuple(parse_part(kind, {**table, "name": name}) for name, table in tables.items())
    if not parts:
        raise OptionError(f"a run needs at least one {kind}")
    ids = [part.id for part in parts]
    if len(set(ids)) < len(ids):
        raise OptionError(f'{kind} "{max(ids, key=ids.count)}" is given twice')
    return parts


def parse_part(kind: str, table: Raw) -> Part:
    """Find a component and validate its options.

    Args:
        kind: Of the component.
        table: ``name``, core's keys for the kind, and the component's own options.

    Raises:
        UsageError: There is no such component, or an option is not valid.
    """
    component = registry.find(kind, table["name"])
    options_class: type[Options] = registry.load(component.spec.options)  # type: ignore[attr-defined]
    where = f"{kind} {component.spec.name}"
    keys_class = CORE_KEYS.get(kind)
    fields = {"name", *(keys_class.model_fields if keys_class else ())}
    keys: BaseModel | None = None
    if keys_class:
        given = {k: v for k, v in table.items() if k in keys_class.model_fields}
        keys = validate(keys_class, given, where)
    own = {k: v for k, v in table.items() if k not in fields}
    return Part(component.id, validate(options_class, own, where, fields - {"name"}), keys)
