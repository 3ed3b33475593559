"""Write docs/reference.md, every public name from its docstring: ``python docs/reference.py``."""

import inspect
import re
from functools import cached_property
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from types import FunctionType
from typing import Protocol

FILE = Path(__file__).with_name("reference.md")
MODULES = ("zoo", "zoo.layers", "zoo.testing")
_HEAD = """# Reference

Written by `docs/reference.py` from the docstrings. What each module is for: [api.md](api.md).
"""
# A line that opens a section of a docstring; what belongs to it is indented.
_SECTION = re.compile(r"^(Args|Attributes|Returns|Yields|Raises|Example|Examples):$")
_LISTED = {"Args", "Attributes", "Raises"}


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *map(_module, MODULES)])


def _module(name: str) -> str:
    public = import_module(name)
    parts = [f"## {name}\n"]
    for attribute in public.__all__:
        value = getattr(public, attribute)
        # Values have no docstring of their own: api.md says what they are.
        if inspect.isclass(value) or inspect.isfunction(value):
            parts.append(_entry(f"{name}.{attribute}", value))
    return "\n".join(parts)


def _entry(name: str, value: object) -> str:
    parts = [f"### {name}\n"]
    if signature := _signature(value):
        parts.append(f"`{name.rpartition('.')[2]}{signature}`\n")
    parts.append(_markdown(inspect.getdoc(value) or ""))
    if inspect.isclass(value):
        parts += [_method(key, method) for key, method in _own_methods(value)]
    return "\n".join(parts)


def _own_methods(cls: type) -> list[tuple[str, object]]:
    return [
        (key, value)
        for key, value in vars(cls).items()
        if (key == "__call__" or not key.startswith("_"))
        and isinstance(value, FunctionType | property | cached_property)
        and inspect.getdoc(value)
    ]


def _method(key: str, method: object) -> str:
    signature = re.sub(r"\(self(, )?", "(", _signature(method))
    call = f"`{key}{signature}`\n\n" if signature else ""
    return f"#### `{key}`\n\n{call}{_markdown(inspect.getdoc(method) or '')}"


def _signature(value: object) -> str:
    # Nothing is said by a property, nor by a class that inherits how it is made or is never made.
    made = not inspect.isclass(value) or (
        "__init__" in vars(value) and Protocol not in value.__bases__
    )
    if not callable(value) or not made:
        return ""
    found = str(inspect.signature(value))
    found = re.sub(r"<function .*? at 0x\w+>", "…", found)
    found = re.sub(r"<class '([\w.]+)'>", r"\1", found)
    # Annotations may be strings; where a type lives is of no use to a reader. Defaults stay.
    found = re.sub(r"(: |-> )'([^']*)'", r"\1\2", found)
    return re.sub(r"('[^']*')|\b(?:[a-z_]\w*\.)+(?=[A-Za-z_])", lambda m: m[1] or "", found)


def _markdown(docstring: str) -> str:
    """A docstring in Google's style as Markdown."""
    lines = docstring.replace("``", "`").splitlines()
    done, at = [], 0
    while at < len(lines):
        section = _SECTION.match(lines[at])
        if not section:
            done.append(lines[at])
            at += 1
            continue
        end = at + 1
        while end < len(lines) and (not lines[end] or lines[end].startswith(" ")):
            end += 1
        body = dedent("\n".join(lines[at + 1 : end])).strip()
        done += [f"**{section[1]}**", "", _items(body) if section[1] in _LISTED else body, ""]
        at = end
    # Code of examples: indented by four in a docstring and in Markdown.
    return "\n".join(done).strip() + "\n"


def _items(body: str) -> str:
    joined = re.sub(r"\n\s+", " ", body).splitlines()
    return "\n".join(re.sub(r"^(\*{0,2}\w+): ", r"- `\1`: ", line) for line in joined if line)


if __name__ == "__main__":
    FILE.write_text(page(), encoding="utf-8")
