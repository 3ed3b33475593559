"""Protocols: everything that decides a score, written down once.

A released protocol is a file beside this module and never changes. Other values make a custom
one, whose name says what differs.
"""

import json
import tomllib
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from zoo.config import parse_component, parse_parts, read_toml
from zoo.errors import OptionError, UsageError, did_you_mean
from zoo.options import FrozenModel, parse_expression, validate

Table = dict[str, Any]


class Protocol(FrozenModel):
    """What is completed and how it is scored.

    Every value that the numbers depend on has no default here: another version of core reads the
    same protocol out of the same file.
    """

    name: str = Field(min_length=1, description="what results call it")
    summary: str = Field("", description="one line for people")
    data: Table = Field(description="source with its options; a relative path: below the data root")
    training: Table | None = Field(
        None, description="source whose training split floors may look at; default: data"
    )
    split: Literal["train", "validation", "test", "all"] = Field(description="which drawings")
    count: int = Field(ge=1, description="the first so many of them by sha1 of the key")
    size: int = Field(ge=16, le=2048, description="height and width in pixels")
    mask: dict[str, Table] = Field(min_length=1, description="kinds of holes with their weights")
    ink_min: float = Field(ge=0, lt=1, description="smallest share of ink that a hole removes")
    ink_max: float = Field(gt=0, le=1, description="largest share of ink that a hole removes")
    area_max: float = Field(gt=0, le=1, description="largest share of the area that is hidden")
    lines_min: int = Field(ge=0, description="fewest skeleton pixels of the drawing in the hole")
    seed: int = Field(ge=0, lt=2**31, description="decides holes and noise")
    metric: dict[str, Table] = Field(
        min_length=1, description="metrics with their versions and options; the first is the score"
    )
    drawings: str = Field("", description="sha256 of the drawings, empty: any will do")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.ink_min >= self.ink_max:
            raise ValueError(f"ink_min={self.ink_min:g} must be below ink_max={self.ink_max:g}")
        for name, table in self.metric.items():
            if type(table.get("version")) is not int:
                raise ValueError(f"metric {name} needs the version that is meant, version=1")
        return self

    @property
    def hash(self) -> str:
        """sha256 of all that decides a score: neither the names nor where the drawings lie."""
        said = self.model_dump(mode="json", exclude={"name", "summary"}, exclude_none=True)
        for key in ("data", "training"):
            said.get(key, {}).pop("path", None)
        # In their order: the first is the score.
        said["metric"] = list(said["metric"].items())
        canonical = json.dumps(said, sort_keys=True, separators=(",", ":"))
        return sha256(canonical.encode()).hexdigest()


def protocol_names() -> list[str]:
    """Names of the released protocols: smallest images first, then the twins."""
    names = [
        file.name.removesuffix(".toml")
        for file in files(__package__).joinpath("protocols").iterdir()
        if file.name.endswith(".toml")
    ]
    return sorted(names, key=lambda name: ("-" in name, len(name), name))


def load_protocol(name: str) -> Protocol:
    """Read a released protocol by name, or one of the user's own by the path of its TOML file.

    Raises:
        UsageError: There is none, or its file is not valid.
    """
    if name in protocol_names():
        text = files(__package__).joinpath("protocols", f"{name}.toml").read_text("utf-8")
        return validate(Protocol, tomllib.loads(text), f"protocol {name}")
    if name.endswith(".toml"):
        own = validate(Protocol, read_toml(Path(name)), name)
        if own.name in protocol_names() and own.hash != load_protocol(own.name).hash:
            raise UsageError(f'{name}: protocol "{own.name}" is released: give yours another name')
        return own
    names = protocol_names()
    raise UsageError(
        f'No protocol "{name}".{did_you_mean(name, names)} Released: {", ".join(names)}; '
        "or name a .toml file"
    )


def protocol_of_size(size: int) -> Protocol:
    """The released protocol for images of a size, or P128 changed to that size."""
    for name in protocol_names():
        protocol = load_protocol(name)
        if protocol.size == size:
            return protocol
    return change(load_protocol("P128"), size=size)


def change(protocol: Protocol, **given: Any) -> Protocol:
    """The protocol with other values, named after them; the same one if nothing differs.

    Args:
        protocol: What to start from.
        given: Fields of ``Protocol``, and ``pen`` and ``margin`` of the source. ``data`` is an
            expression, ``mask`` a list of them. None: as it is. Other data and another size come
            with the default pen and margin of ``zoo train``.

    Raises:
        UsageError: A value is not valid.
    """
    changed: Table = {}
    said: list[str] = []
    data = dict(protocol.data)
    pen = {key: given.pop(key, None) for key in ("pen", "margin")}
    if given.get("data") is not None:
        part = parse_component("source", given["data"])
        data = {"name": part.id, **part.table()}
        changed |= {"training": None}
        said.append(f"data={part.name}")
    elif given.get("size") not in (None, protocol.size):
        data = {key: value for key, value in data.items() if key not in pen}
    for key, value in pen.items():
        if value is not None and data.get(key) != value:
            data[key] = value
            said.append(f"{key}={value:g}")
    if given.get("mask"):
        changed["mask"] = masks = _masks(given["mask"])
        said.append("mask=" + ",".join(name.rpartition("/")[2] for name in masks))
    for key, value in given.items():
        if key not in ("data", "mask") and value is not None and value != getattr(protocol, key):
            changed[key] = value
            said.append(f"{key}={value}")
    if not said:
        return protocol
    # Which drawings these are is found out when they are opened.
    changed |= {"data": data, "name": "+".join([protocol.name, *said])}
    changed |= {"drawings": "", "summary": ""}
    values = {**protocol.model_dump(exclude_none=True), **changed}
    return validate(Protocol, values, f"protocol {changed['name']}")


def _masks(expressions: list[str]) -> dict[str, Table]:
    parsed = [parse_expression(text) for text in expressions]
    names = [name for name, _ in parsed]
    if len(set(names)) < len(names):
        raise OptionError(f'mask "{max(names, key=names.count)}" is given twice')
    return {part.id: part.table() for part in parse_parts("mask", dict(parsed))}
