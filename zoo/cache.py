"""The per-user cache folder: what can be made or fetched again."""

import os
from pathlib import Path

import platformdirs

from zoo.errors import DataError


def cache_folder(kind: str) -> Path:
    """The folder for one kind of entry, created if need be.

    It lies in ``ZOO_CACHE`` if that is set, else where the system keeps a user's caches.

    Raises:
        DataError: The folder cannot be made.
    """
    folder = _root() / kind
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"cache folder {folder}: {error.strerror}: set ZOO_CACHE to one that can be written"
        ) from None
    return folder


def cache_failure(error: OSError) -> DataError:
    """What to tell a user when an entry of the cache cannot be written."""
    return DataError(
        f"cache folder {_root()}: cannot be written ({error.strerror or error}): make room, or "
        "set ZOO_CACHE to another folder"
    )


def _root() -> Path:
    named = os.environ.get("ZOO_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("sketch-zoo")
