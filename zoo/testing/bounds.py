"""Values just outside of what an options class allows."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from zoo.options import Options

Schema = Mapping[str, Any]


def outside(cls: type[Options]) -> list[tuple[str, Any]]:
    """A value beyond each bound of each option, one by one.

    Args:
        cls: The options class; its JSON schema is what users are shown of the bounds.

    Returns:
        Pairs of option and value: next to a number's bound, and a word that is no choice.
    """
    schema = cls.model_json_schema()
    definitions = schema.get("$defs", {})
    return [
        (key, value)
        for key, field in schema.get("properties", {}).items()
        for value in _outside(field, definitions)
    ]


def _outside(field: Schema, definitions: Schema) -> Iterator[Any]:
    field = definitions.get(str(field.get("$ref", "")).rpartition("/")[2], field)
    for member in field.get("anyOf", ()):
        yield from _outside(member, definitions)
    if field.get("type") == "array" and "items" in field:
        yield from ([value] for value in _outside(field["items"], definitions))
    if "enum" in field or "const" in field:
        yield "no such choice"
    whole = field.get("type") == "integer"
    for sign, key, included in (
        (-1, "minimum", True),
        (-1, "exclusiveMinimum", False),
        (1, "maximum", True),
        (1, "exclusiveMaximum", False),
    ):
        if key in field:
            bound = field[key]
            beyond = bound + sign if whole else math.nextafter(bound, sign * math.inf)
            yield beyond if included else bound
