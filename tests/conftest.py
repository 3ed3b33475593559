"""Shared by all tests: the real drawings, or the reason why they are missing."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the user's cache folder out of it, in subprocesses too."""
    os.environ["ZOO_CACHE"] = str(tmp_path_factory.getbasetemp() / "cache")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real sketches (``ZOO_TEST_DATA``). Missing: skipped; with CI=true a failure."""
    folder = Path(os.environ.get("ZOO_TEST_DATA", ROOT.parent / "shared" / "data")).resolve()
    if not (folder / "quickdraw").is_dir():
        message = f"no sketches at {folder}: set ZOO_TEST_DATA to a folder that has quickdraw/"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder
