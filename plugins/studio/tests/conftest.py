"""A studio that runs in a process of its own, without a way out to any other address."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

# Put before everything in the studio's process: connections to elsewhere are written down, refused.
_GUARD = """
import os, socket
connect = socket.socket.connect
def guarded(self, address):
    if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
        with open(os.environ["STUDIO_TEST_LOG"], "a") as log:
            log.write(f"{address}\\n")
        raise OSError("blocked by the test")
    return connect(self, address)
socket.socket.connect = guarded
"""


@dataclass(frozen=True)
class Studio:
    """A running studio.

    Attributes:
        url: Its address, without a slash at the end.
        temporary: Its folder of temporary files.
        outside: File of what it tried to connect to.
    """

    url: str
    temporary: Path
    outside: Path


def _start(folder: Path, *words: str) -> tuple[subprocess.Popen[str], str]:
    """Start ``zoo studio`` on a free port and wait until it says its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    for name in ("guard", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "guard" / "sitecustomize.py").write_text(_GUARD)
    environment = os.environ | {
        "PYTHONPATH": str(folder / "guard"),
        "STUDIO_TEST_LOG": str(folder / "outside.log"),
        "TMPDIR": str(folder / "tmp"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "zoo", "studio", "--port", port, *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=(folder / "stderr").open("w"),
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://[\d.]+:\d+", line)
    assert found, line + (folder / "stderr").read_text()
    return process, found[0]


@pytest.fixture(scope="session")
def launch() -> Callable[..., tuple[subprocess.Popen[str], str]]:
    """Start one in a folder, with words of the command line; its process and address."""
    return _start


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    process, url = _start(folder, "--model", "fast-64", "--model", "best-128")
    yield Studio(url, folder / "tmp", folder / "outside.log")
    process.terminate()
    process.wait(30)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's browser. Missing: skipped; with CI=true a failure."""
    path = shutil.which("chromium")
    if path is None:
        message = "no chromium: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return path
