"""Does memory stay flat? Peak of a process for 20 k and for 2 M drawings.

    python benchmarks/memory.py [--copies 100] [--batches 200]

The real drawings of quickdraw (``ZOO_TEST_DATA``), and as many copies of them under keys of their
own in a temporary folder, about 1 GB. Each process of its own: one finds where the drawings stand
(once for a set of files), another opens them and draws batches of training examples. The peak is
that of resident memory (``VmHWM``, Linux).
"""

import argparse
import gzip
import os
import subprocess
import sys
import tempfile
from pathlib import Path

DATA = Path(os.environ.get("ZOO_TEST_DATA", "../shared/data")).resolve() / "quickdraw"

PROCESS = """
import sys
import time
from pathlib import Path
from zoo.config import resolve
from zoo.data.examples import Randomness, make_examples, open_source

path, batches = sys.argv[1], int(sys.argv[2])
started = time.monotonic()
config = resolve({"data": f"quickdraw:path={path}", "size": 64, "steps": 100_000})
source = open_source(config)
if batches:
    examples = make_examples(config, source, "train", Randomness((8, 8, 16)))
    for step in range(batches):
        # Steps of the whole epoch, so that drawings come from everywhere.
        examples.packed(step * examples.steps_per_epoch() // batches)
(peak,) = [line.split()[1] for line in Path("/proc/self/status").open() if "VmHWM" in line]
print(len(source), time.monotonic() - started, int(peak) / 1024)
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--batches", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["ZOO_CACHE"] = f"{scratch}/cache"
        rows = []
        for copies in (1, asked.copies):
            folder = Path(scratch, f"copies-{copies}")
            repeat(folder, copies)
            rows.append((measure(folder, 0), measure(folder, asked.batches)))
    print(f"| drawings | indexing, once | peak | opening, {asked.batches} batches | peak |")
    print("|---:|---:|---:|---:|---:|")
    for (count, found, first), (_, drawn, second) in rows:
        print(
            f"| {count:,.0f} | {found:.1f} s | {first:.0f} MB | {drawn:.1f} s | {second:.0f} MB |"
        )
    few, many = rows
    ratios = [large[2] / small[2] for small, large in zip(few, many, strict=True)]
    print(f"| ratio | | {ratios[0]:.2f} | | {ratios[1]:.2f} |")


def repeat(folder: Path, copies: int) -> None:
    """Write the drawings as often as that, each time under other keys."""
    folder.mkdir()
    for packed in sorted(DATA.glob("*.ndjson.gz")):
        lines = gzip.decompress(packed.read_bytes())
        with (folder / packed.stem).open("wb") as out:
            for copy in range(copies):
                out.write(lines.replace(b'"key_id":"', b'"key_id":"%d-' % copy))


def measure(folder: Path, batches: int) -> tuple[float, float, float]:
    """Drawings, seconds and peak in MB of one process."""
    words = [sys.executable, "-c", PROCESS, str(folder), str(batches)]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    count, seconds, peak = map(float, done.stdout.split())
    return count, seconds, peak


if __name__ == "__main__":
    main()
