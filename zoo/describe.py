"""What an options class says of itself, as rows for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class OptionRow:
    """One option in words.

    Attributes:
        name: Its key.
        type: ``"int"``, ``"list of float"``, ``"dark | light | auto"``, …
        range: ``"4 to 512"``, ``"> 0, <= 1"``, or an empty string.
        default: As it would be typed; ``"required"`` if there is none.
        description: The help of the field.
    """

    name: str
    type: str
    range: str
    default: str
    description: str


def option_rows(cls: type[BaseModel]) -> list[OptionRow]:
    """Describe the options of a class, in the order of its fields.

    Args:
        cls: The options class.
    """
    schema = cls.model_json_schema()
    definitions = schema.get("$defs", {})
    required = schema.get("required", ())
    return [
        OptionRow(
            name,
            _type(field, definitions),
            _range(field, definitions),
            "required" if name in required else _value(field.get("default", "computed")),
            field.get("description", ""),
        )
        for name, field in schema.get("properties", {}).items()
    ]


_TYPES = {"integer": "int", "number": "float", "boolean": "bool", "string": "str", "null": "none"}


def _resolved(field: Schema, definitions: Schema) -> Schema:
    name = str(field.get("$ref", "")).rpartition("/")[2]
    found: Schema = definitions.get(name, field)
    return found


def _items(field: Schema) -> Schema:
    items: Schema = field["prefixItems"][0] if "prefixItems" in field else field.get("items", {})
    return items


def _type(field: Schema, definitions: Schema) -> str:
    field = _resolved(field, definitions)
    if "enum" in field or "const" in field:
        return " | ".join(_value(v) for v in field.get("enum", [field.get("const")]))
    if "anyOf" in field:
        return " | ".join(_type(member, definitions) for member in field["anyOf"])
    if field.get("type") == "array":
        return f"list of {_type(_items(field), definitions)}"
    kind = str(field.get("type", "any"))
    return _TYPES.get(kind, kind)


def _range(field: Schema, definitions: Schema) -> str:
    field = _resolved(field, definitions)
    if "anyOf" in field:
        return ", ".join(filter(None, (_range(m, definitions) for m in field["anyOf"])))
    if field.get("type") == "array":
        return ", ".join(filter(None, (_length(field), _range(_items(field), definitions))))
    if "minimum" in field and "maximum" in field:
        words = [f"{_value(field['minimum'])} to {_value(field['maximum'])}"]
    else:
        signs = {"exclusiveMinimum": ">", "minimum": ">="}
        signs |= {"exclusiveMaximum": "<", "maximum": "<="}
        words = [f"{sign} {_value(field[key])}" for key, sign in signs.items() if key in field]
    if "multipleOf" in field:
        words.append(f"multiple of {_value(field['multipleOf'])}")
    return ", ".join(words)


def _length(field: Schema) -> str:
    least, most = field.get("minItems", 0), field.get("maxItems")
    if most is None:
        return f"{least} or more" if least else ""
    return f"{most} of them" if least == most else f"{least} to {most} of them"


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.4g}" if value < 1e6 else f"{value:g}"
    if isinstance(value, list | tuple):
        return f'"{",".join(_value(v) for v in value)}"'
    return '""' if value == "" else str(value)
