"""How long the light commands take: medians over fresh processes, beside a bare interpreter.

    python benchmarks/startup.py

Targets: `zoo --help` and `zoo list` 0.30 s, `zoo list` with 50 more plugins 0.50 s.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLUGINS = 50

MODULE = """
import zoo

@zoo.hookimpl
def zoo_generators():
    return [
        zoo.GeneratorSpec(
            name="dummy-{i}",
            summary="Dummy number {i}",
            target="zoo_dummy_{i}.model:build",
            options="zoo_dummy_{i}.options:DummyOptions",
        )
    ]
"""

METADATA = """Metadata-Version: 2.3
Name: sketch-zoo-dummy-{i}
Version: 1.0
Requires-Dist: sketch-zoo>=0.1
"""


def install_dummies(folder: Path, number: int) -> None:
    """Write plugins as pip would have installed them."""
    for i in range(number):
        package = folder / f"zoo_dummy_{i}"
        package.mkdir()
        (package / "__init__.py").write_text(MODULE.format(i=i))
        info = folder / f"sketch_zoo_dummy_{i}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(METADATA.format(i=i))
        (info / "entry_points.txt").write_text(f"[zoo.plugins]\ndummy-{i} = zoo_dummy_{i}\n")


def median_seconds(args: list[str], runs: int, path: str = "") -> float:
    """Median wall-clock seconds of a command, after one run that warms the caches."""
    command = [sys.executable, *args]
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": ""}
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        install_dummies(Path(folder), PLUGINS)
        zoo = ["-m", "zoo"]
        rows = [
            ("python -c pass", median_seconds(["-c", "pass"], runs), None),
            ("zoo --help", median_seconds([*zoo, "--help"], runs), 0.30),
            ("zoo list", median_seconds([*zoo, "list"], runs), 0.30),
            (f"zoo list, {PLUGINS} plugins", median_seconds([*zoo, "list"], runs, folder), 0.50),
        ]
    print(f"median of {runs} runs, seconds")
    for name, seconds, target in rows:
        verdict = "" if target is None else f"  target {target:.2f}"
        print(f"{name:22} {seconds:.3f}{verdict}")


if __name__ == "__main__":
    main()
