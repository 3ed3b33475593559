"""Options of components, and the expression ``NAME:key=value,…`` with which they are given."""

import types
from collections.abc import Iterable, Mapping, Sequence
from os.path import abspath, expanduser
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from zoo.errors import OptionError, PluginError, did_you_mean

T = TypeVar("T", bound=BaseModel)

# A path as an option: made absolute, so that a run can be resumed from any folder.
AbsolutePath = Annotated[str, AfterValidator(lambda path: abspath(expanduser(path)))]


class FrozenModel(BaseModel):
    """A pydantic model that refuses unknown keys and infinite numbers and never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _read_text(cls, values: Any) -> Any:
        # TOML knows no None, and the command line no list either: "none" and "1,2,3".
        if not isinstance(values, Mapping):
            return values
        return {
            key: _read(value, cls.model_fields[key].annotation)
            if isinstance(value, str) and key in cls.model_fields
            else value
            for key, value in values.items()
        }


def _read(value: str, annotation: Any) -> Any:
    union = get_origin(annotation) in (Union, types.UnionType)
    members = get_args(annotation) if union else (annotation,)
    if value == "none" and types.NoneType in members:
        return None
    if any(get_origin(member) in (tuple, list) for member in members):
        return [part.strip() for part in value.split(",")]
    return value


def plain(model: BaseModel) -> dict[str, Any]:
    """Values as they stand in TOML; None is left out where it is the default, else ``none``."""
    return {
        key: "none" if value is None else value
        for key, value in model.model_dump(mode="json").items()
        if value is not None or type(model).model_fields[key].default is not None
    }


class LossKeys(FrozenModel):
    """What core understands beside the options of every loss."""

    weight: float = Field(1.0, ge=0, description="factor of the generator's terms")
    d_weight: float = Field(1.0, ge=0, description="factor of the discriminator's terms")
    start: int = Field(0, ge=0, description="first step of the generator's terms")
    d_start: int = Field(0, ge=0, description="first step of the discriminator's terms")
    ramp: int = Field(0, ge=0, description="steps from start until the full weight")
    every: int = Field(1, ge=1, description="compute in every k-th step only, times k")


class MaskKeys(FrozenModel):
    """What core understands beside the options of every mask."""

    weight: float = Field(1.0, gt=0, description="share of the holes that it makes")


class SourceKeys(FrozenModel):
    """What core understands beside the options of every source."""

    pen: float | None = Field(
        None, gt=0, le=64, description="pen width in pixels; default: 1 at 64, 2 at 128, 3 at 256"
    )
    margin: float | None = Field(
        None,
        ge=0,
        le=256,
        description="margin in pixels; default: size / 40 around strokes, 0 around images",
    )


CORE_KEYS: Mapping[str, type[FrozenModel]] = {
    "loss": LossKeys,
    "mask": MaskKeys,
    "source": SourceKeys,
}
_RESERVED = {*LossKeys.model_fields, *MaskKeys.model_fields, *SourceKeys.model_fields, "upscale"}


class Options(FrozenModel):
    """Base class of every component's options: a frozen pydantic model.

    Declare each option as a field with bounds and a description; the command line, TOML files,
    ``zoo info`` and all error messages are made from them. Keep the subclass in a light module.

        class TinyOptions(zoo.Options):
            width: int = Field(32, ge=4, le=512, description="channels of the first layer")
    """

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse option names that belong to core.

        Raises:
            PluginError: The subclass declares a reserved name, or one called ``name``.
        """
        super().__pydantic_init_subclass__(**kwargs)
        clash = sorted(cls.model_fields.keys() & {*_RESERVED, "name"})
        if clash:
            raise PluginError(
                f'{cls.__module__}:{cls.__name__} declares "{clash[0]}", which belongs to core'
            )

    @property
    def size_multiple(self) -> int:
        """Height and width in pixels must be multiples of this. Generators override it."""
        return 1


def parse_expression(text: str) -> tuple[str, dict[str, str]]:
    """Split ``NAME:key=value,key="a,b"`` into the name and its unparsed values.

    Raises:
        OptionError: The text does not follow the grammar.
    """
    name, colon, rest = text.partition(":")
    name = name.strip()
    if not name:
        raise OptionError(f'"{text}" names nothing: write NAME or NAME:key=value,key=value')
    values: dict[str, str] = {}
    for part in _split(rest, text) if colon else []:
        key, equals, value = part.partition("=")
        key = key.strip()
        if not equals or not key:
            raise OptionError(f'"{part}" in "{text}" is not of the form key=value')
        if key in values:
            raise OptionError(f'"{key}" stands twice in "{text}"')
        values[key] = _unquote(value.strip())
    return name, values


def _split(rest: str, text: str) -> list[str]:
    parts, quote, start = [], "", 0
    for i, char in enumerate(rest):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'" and rest[:i].rstrip().endswith("="):
            quote = char
        elif char == ",":
            parts.append(rest[start:i])
            start = i + 1
    if quote:
        raise OptionError(f"a quote is not closed in {text!r}")
    return [*parts, rest[start:]]


def _unquote(value: str) -> str:
    quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def validate(cls: type[T], values: Mapping[str, Any], where: str, also: Iterable[str] = ()) -> T:
    """Build options, turning every complaint into one line.

    Args:
        cls: The options class.
        values: Raw values; strings are converted.
        where: What the options belong to, for the message (``"generator unet"``).
        also: Other keys that the user could have meant.

    Raises:
        OptionError: An option is unknown, malformed, missing or out of range.
    """
    try:
        return cls.model_validate(dict(values))
    except ValidationError as error:
        known = [*cls.model_fields, *also]
        complaints = [_complaint(item, known) for item in error.errors()]
        raise OptionError(f"{where}: {'; '.join(complaints)}") from None


def _complaint(item: Mapping[str, Any], known: Sequence[str]) -> str:
    key = str(item["loc"][0]) if item["loc"] else ""
    bounds = item.get("ctx", {})
    match item["type"]:
        case "extra_forbidden":
            options = f"Options: {', '.join(known)}" if known else "It has no options"
            return f'unknown option "{key}".{did_you_mean(key, known)} {options}'
        case "missing":
            return f"{key} is missing: give {key}=…"
        case "greater_than_equal":
            rule = f"must be at least {bounds['ge']}"
        case "greater_than":
            rule = f"must be above {bounds['gt']}"
        case "less_than_equal":
            rule = f"must be at most {bounds['le']}"
        case "less_than":
            rule = f"must be below {bounds['lt']}"
        case "literal_error":
            rule = f"must be {bounds['expected']}"
        case _:
            rule = item["msg"].removeprefix("Value error, ")
            rule = rule[:1].lower() + rule[1:]
    return f"{key}={item['input']}: {rule}" if key else rule
