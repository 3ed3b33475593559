"""A fresh process that loads bundles: started once, because importing TensorFlow takes seconds."""

import atexit
import json
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from zoo.testing.check import ConformanceError

# Each line of stdin asks for one file, each marked line of stdout says what went wrong.
_MARK = "zoo-answer "
_SERVE = f"""
import json, sys
import numpy as np
import zoo
for line in sys.stdin:
    bundle, given, out, seeds = json.loads(line)
    error = ""
    try:
        arrays = np.load(given)
        model = zoo.load(bundle)
        np.save(out, model([str(s) for s in seeds], arrays["images"], arrays["masks"], seeds))
    except Exception as reason:
        error = f"{{type(reason).__name__}}: {{reason}}"
    print({_MARK!r} + json.dumps(error), flush=True)
"""


def start() -> None:
    """Start the process before it is needed: it gets ready while other checks run."""
    _server()


def complete_elsewhere(
    bundle: Path, images: np.ndarray, masks: np.ndarray, seeds: Sequence[int]
) -> np.ndarray:
    """Load a bundle with ``zoo.load`` in another process and complete drawings there.

    Args:
        bundle: Its folder.
        images: (B, H, W, 1) float32, the hole emptied.
        masks: (B, H, W, 1) float32, 1 = hole.
        seeds: One per drawing.

    Returns:
        (B, H, W, 1) float32 ink in [0, 1].

    Raises:
        ConformanceError: It cannot be loaded there.
    """
    with TemporaryDirectory() as folder:
        given, out = Path(folder) / "given.npz", Path(folder) / "ink.npy"
        np.savez(given, images=images, masks=masks)
        if error := _ask(json.dumps([str(bundle), str(given), str(out), list(seeds)])):
            raise ConformanceError(f"a fresh process cannot load it: {error}")
        return np.load(out)


def _ask(request: str) -> str:
    process = _server()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(request + "\n")
    process.stdin.flush()
    for line in process.stdout:
        if line.startswith(_MARK):
            return str(json.loads(line.removeprefix(_MARK)))
    _server.cache_clear()
    return f"the process ended with code {process.wait()}"


@cache
def _server() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    atexit.register(process.kill)
    return process
