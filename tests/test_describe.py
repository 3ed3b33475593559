"""Options in words."""

from typing import Annotated, Literal

from pydantic import Field

from zoo.describe import OptionRow, option_rows
from zoo.options import Options


class Every(Options):
    """One option of each form."""

    path: str = Field(description="where")
    width: int = Field(32, ge=4, le=512, multiple_of=4)
    rate: float = Field(1e-4, gt=0, lt=1)
    limit: int | None = Field(None, ge=1)
    widths: tuple[Annotated[int, Field(ge=1, le=9)], ...] = Field((2, 4), min_length=1)
    pair: tuple[float, float] = (0.5, 1.0)
    ink: Literal["dark", "light"] = "dark"
    only: Literal["one"] = "one"
    flip: bool = True
    kind: str = ""


def test_every_form_of_option_in_words() -> None:
    assert option_rows(Every) == [
        OptionRow("path", "str", "", "required", "where"),
        OptionRow("width", "int", "4 to 512, multiple of 4", "32", ""),
        OptionRow("rate", "float", "> 0, < 1", "0.0001", ""),
        OptionRow("limit", "int | none", ">= 1", "none", ""),
        OptionRow("widths", "list of int", "1 or more, 1 to 9", '"2,4"', ""),
        OptionRow("pair", "list of float", "2 of them", '"0.5,1"', ""),
        OptionRow("ink", "dark | light", "", "dark", ""),
        OptionRow("only", "one", "", "one", ""),
        OptionRow("flip", "bool", "", "true", ""),
        OptionRow("kind", "str", "", '""', ""),
    ]


def test_a_class_without_options_has_no_rows() -> None:
    assert option_rows(Options) == []
