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
    named = os.environ.get("ZOO_CACHE")
    folder = (Path(named) if named else platformdirs.user_cache_path("sketch-zoo")) / kind
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"cache folder {folder}: {error.strerror}: set ZOO_CACHE to one that can be written"
        ) from None
    return folder
