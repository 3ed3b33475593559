"""What a new package and its parts are called."""

import re
from dataclasses import dataclass
from importlib.util import find_spec

from packaging.version import Version

from zoo.errors import UsageError
from zoo.registry import list_components

_NAME = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
_LONGEST = 32


@dataclass(frozen=True)
class Names:
    """What follows from a component's short name.

    Attributes:
        name: The short name (``"deep_net"``).
    """

    name: str

    @property
    def dist(self) -> str:
        """The distribution, normalised (``"zoo-deep-net"``)."""
        return f"zoo-{self.name.replace('_', '-')}"

    @property
    def module(self) -> str:
        """The import package (``"zoo_deep_net"``)."""
        return f"zoo_{self.name.replace('-', '_')}"

    @property
    def options(self) -> str:
        """The class of its options (``"DeepNetOptions"``)."""
        return "".join(word.capitalize() for word in re.split("[_-]", self.name)) + "Options"


def new_names(kind: str, name: str) -> Names:
    """The names of a new component.

    Raises:
        UsageError: The name is malformed, or something installed has it.
    """
    if not _NAME.fullmatch(name) or len(name) > _LONGEST or name == "none":
        raise UsageError(
            f'"{name}" cannot name a {kind}: use lower-case letters and digits, words joined by '
            f'"_" or "-", a letter first, at most {_LONGEST} characters, and not "none"'
        )
    for component in list_components(kind):
        if name in component.names:
            raise UsageError(
                f'a {kind} "{name}" is installed, {component.id}: take another name, or '
                f"pip uninstall {component.plugin.dist}"
            )
    names = Names(name)
    if find_spec(names.module) is not None:
        raise UsageError(f'"{name}" needs the module {names.module}, which exists: take another')
    return names


def compatible(dist: str, version: str) -> str:
    """The requirement of a version or a later one that breaks nothing.

    Args:
        dist: ``"sketch-zoo"``.
        version: ``"0.1.2"`` gives ``"sketch-zoo>=0.1.2,<0.2"``; 1.4.0 gives ``>=1.4.0,<2``.
    """
    parsed = Version(version)
    below = f"0.{parsed.minor + 1}" if parsed.major == 0 else f"{parsed.major + 1}"
    return f"{dist}>={parsed.public},<{below}"
