"""A new package, rendered from the templates of its kind."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template

from zoo import __version__
from zoo.discovery import HOST
from zoo.errors import UsageError, ZooError
from zoo.files import write_file, write_folder
from zoo.scaffold.names import Names, compatible, new_names

KINDS = ("generator", "discriminator", "loss", "mask", "source", "metric")


@dataclass(frozen=True)
class Package:
    """A package that was written.

    Attributes:
        path: Its folder.
        names: What it and its component are called.
    """

    path: Path
    names: Names


def new_package(kind: str, name: str, out: Path | None = None) -> Package:
    """Write a package with one component that keeps its contract as it stands.

    Args:
        kind: One of ``KINDS``.
        name: Short name of the component.
        out: The folder to make; ``zoo-NAME`` in the working directory if None.

    Raises:
        UsageError: The name is malformed or taken, or the folder exists.
        ZooError: The folder cannot be written.
    """
    names = new_names(kind, name)
    path = out or Path(names.dist)
    values = {
        "kind": kind,
        "name": name,
        "dist": names.dist,
        "module": names.module,
        "options": names.options,
        "requires": compatible(HOST, __version__),
    }
    with new_folder(path) as folder:
        render(("common", kind), folder, values)
    return Package(path, names)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a folder to fill that becomes ``path``, whole or not at all.

    Raises:
        UsageError: Something stands there.
        ZooError: It cannot be written.
    """
    if path.exists() or path.is_symlink():
        raise UsageError(f"{path} exists: choose another folder with --out")
    try:
        with write_folder(path) as folder:
            yield folder
    except OSError as error:
        reason = error.strerror or error
        raise ZooError(f"{path} cannot be written: {reason}: choose another --out") from None


def render(templates: Iterable[str], folder: Path, values: Mapping[str, str]) -> None:
    """Write every file of some folders of templates, with ``$name`` replaced by its value.

    Args:
        templates: Folders of ``zoo/scaffold/templates``.
        folder: Where to.
        values: By name; ``MODULE`` in a path is the value of ``module``.
    """
    root = Path(str(files("zoo.scaffold"))) / "templates"
    for name in templates:
        for template in sorted((root / name).rglob("*.tmpl")):
            place = template.relative_to(root / name).with_suffix("")
            target = folder / str(place).replace("MODULE", values["module"])
            target.parent.mkdir(parents=True, exist_ok=True)
            text = Template(template.read_text(encoding="utf-8")).substitute(values)
            write_file(target, text)
