"""The expression ``NAME:key=value,…`` and the validation of its values."""

import string
from typing import Literal

import pytest
from hypothesis import given, settings, strategies as st
from pydantic import Field

from zoo.errors import OptionError, PluginError
from zoo.options import CORE_KEYS, Options, parse_expression, validate


class Widths(Options):
    """Options of every form."""

    width: int = Field(32, ge=4, le=512, description="channels")
    rate: float = Field(0.5, gt=0, lt=1)
    widths: tuple[int, ...] = (32, 64)
    extra: list[float] | None = None
    norm: Literal["batch", "none"] = "batch"
    skips: bool = True


@pytest.mark.parametrize(
    ("text", "name", "values"),
    [
        ("unet", "unet", {}),
        (" unet ", "unet", {}),
        ("unet:depth=5,width=32", "unet", {"depth": "5", "width": "32"}),
        ("unet: depth = 5 , width=32", "unet", {"depth": "5", "width": "32"}),
        ('unet:widths="32,64",skips=no', "unet", {"widths": "32,64", "skips": "no"}),
        ("unet:widths='32,64'", "unet", {"widths": "32,64"}),
        ("sketch-zoo-unet/unet:depth=5", "sketch-zoo-unet/unet", {"depth": "5"}),
        ("folder:path=C:/my drawings", "folder", {"path": "C:/my drawings"}),
        ("folder:path=a=b", "folder", {"path": "a=b"}),
        ("folder:path=it's here,ink=dark", "folder", {"path": "it's here", "ink": "dark"}),
        ("folder:path=", "folder", {"path": ""}),
    ],
)
def test_grammar(text: str, name: str, values: dict[str, str]) -> None:
    assert parse_expression(text) == (name, values)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names nothing"),
        (":depth=5", "names nothing"),
        ("unet:", "not of the form key=value"),
        ("unet:depth", '"depth" in "unet:depth" is not of the form key=value'),
        ("unet:=5", "not of the form key=value"),
        ("unet:depth=5,", "not of the form key=value"),
        ("unet:depth=5,depth=6", '"depth" stands twice'),
        ('unet:widths="32,64', "a quote is not closed"),
    ],
)
def test_what_breaks_the_grammar_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(OptionError) as caught:
        parse_expression(text)
    assert said in str(caught.value)
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)


def _quoted(value: str) -> str:
    mark = "'" if '"' in value else '"'
    return f"{mark}{value}{mark}"


WORD = st.text(string.ascii_lowercase + string.digits + "_", min_size=1)
NAME = st.text(string.ascii_lowercase + string.digits + "_.-/", min_size=1)
# The grammar has no escapes: a value has one kind of quote at most.
VALUE = st.text().filter(lambda text: not {"'", '"'} <= set(text))
BARE = st.text(string.ascii_letters + string.digits + "._-+/:=* ").map(str.strip)


@settings(max_examples=300)
@given(NAME, st.dictionaries(WORD, VALUE, max_size=5))
def test_quoted_values_come_back(name: str, values: dict[str, str]) -> None:
    rest = ",".join(f"{key}={_quoted(value)}" for key, value in values.items())
    assert parse_expression(f"{name}:{rest}" if values else name) == (name, values)


@settings(max_examples=300)
@given(NAME, st.dictionaries(WORD, BARE, min_size=1, max_size=5))
def test_bare_values_come_back(name: str, values: dict[str, str]) -> None:
    rest = ",".join(f"{key}={value}" for key, value in values.items())
    assert parse_expression(f"{name}:{rest}") == (name, values)


@settings(max_examples=300)
@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        name, values = parse_expression(text)
    except OptionError:
        return
    assert name == name.strip() != ""
    assert all(key == key.strip() != "" for key in values)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=6))
def test_a_list_is_one_string(numbers: list[int]) -> None:
    text = ", ".join(map(str, numbers))
    assert validate(Widths, {"widths": text}, "generator x").widths == tuple(numbers)
    assert validate(Widths, {"extra": text}, "generator x").extra == numbers


def test_strings_are_converted() -> None:
    values = {"width": "64", "rate": "1e-3", "skips": "no", "norm": "none"}
    got = validate(Widths, values, "generator x")
    assert (got.width, got.rate, got.skips, got.norm) == (64, 1e-3, False, "none")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"widht": "3"}, 'unknown option "widht". Did you mean "width"?'),
        ({"width": "3"}, "width=3: must be at least 4"),
        ({"width": "513"}, "width=513: must be at most 512"),
        ({"width": "many"}, "width=many: "),
        ({"rate": "nan"}, "rate=nan: "),
        ({"rate": "1"}, "rate=1: "),
        ({"widths": "32,x"}, "widths=x: "),
        ({"norm": "layer"}, "'batch' or 'none'"),
        ({"width": "3", "widht": "3"}, "; "),
    ],
)
def test_complaints_are_one_line_that_names_option_and_place(
    values: dict[str, str], said: str
) -> None:
    with pytest.raises(OptionError) as caught:
        validate(Widths, values, "generator x")
    assert str(caught.value).startswith("generator x: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_options_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Widths.model_validate({}).width = 5  # type: ignore[misc]


RESERVED = sorted(
    {"name", "upscale", *(key for cls in CORE_KEYS.values() for key in cls.model_fields)}
)


@pytest.mark.parametrize("key", RESERVED)
def test_keys_of_core_may_not_be_declared(key: str) -> None:
    with pytest.raises(PluginError, match=f'declares "{key}", which belongs to core'):
        type("Greedy", (Options,), {"__annotations__": {key: float}, key: 1.0})
