"""Category files of Quick, Draw! from their public bucket, kept in the user's cache."""

import re
from pathlib import Path
from urllib.parse import quote

from zoo.cache import cache_folder
from zoo.data.download import download

# Folder of the bucket and suffix of each form.
_FORMS = {
    "ndjson": ("simplified", ".ndjson"),
    "bin": ("binary", ".bin"),
    "npy": ("numpy_bitmap", ".npy"),
}


def fetch_category(url: str, form: str, category: str) -> Path:
    """The file of a category: from the cache, else downloaded.

    Args:
        url: Address of the bucket's folder that has one folder for each form.
        form: ``ndjson``, ``bin`` or ``npy``.
        category: As the data set spells it.

    Raises:
        DataError: It cannot be downloaded or kept.
    """
    folder, suffix = _FORMS[form]
    name = category.replace("_", " ") + suffix
    # By address too: a mirror may hold other drawings.
    server = re.sub(r"[^\w.-]+", "_", url.partition("://")[2].rstrip("/"))
    target = cache_folder(f"downloads/{server}/{folder}") / name
    if not target.exists():
        address = f"{url.rstrip('/')}/{folder}/{quote(name)}"
        download(address, target, f'quickdraw category "{category}"')
    return target
