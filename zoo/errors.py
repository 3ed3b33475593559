"""The errors a user can meet. Every message is one line: the thing, the place and the fix."""

from collections.abc import Iterable
from difflib import get_close_matches


class ZooError(Exception):
    """Something went wrong at run time (exit code 1). Shown without a traceback."""

    exit_code = 1


class UsageError(ZooError):
    """The user asked for something that cannot be (exit code 2)."""

    exit_code = 2


class UnknownComponentError(UsageError):
    """No installed plugin brings a component of that kind and name."""


class AmbiguousComponentError(UsageError):
    """Several plugins bring a component of that kind and name."""


class OptionError(UsageError):
    """An option is unknown, malformed or out of range."""


class DataError(ZooError):
    """A file or folder of drawings cannot be used."""


class RunError(ZooError):
    """A run directory, checkpoint or model bundle cannot be used."""


class NonFiniteLossError(ZooError):
    """A loss term became NaN or infinite."""


class PluginError(ZooError):
    """A plugin breaks the contract."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `` Did you mean "x"?`` for the closest known name, or an empty string."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f' Did you mean "{close[0]}"?' if close else ""
