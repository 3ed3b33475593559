"""Does the studio answer in time, lose nothing and stay as large as it is? Eight clients at once.

    python benchmarks/studio.py [--model best-256] [--clients 8] [--minutes 2]

Starts ``zoo studio``, asks once to warm it up, then ten times alone, each for the first completion
of an example of 512x512 pixels; then clients ask one after the other without a pause, through
Gradio's client, each for one or four completions. Memory is the server's resident memory (Linux).
"""

import argparse
import base64
import itertools
import re
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from gradio_client import Client

PAGE = Path(__file__).parents[1] / "plugins" / "studio" / "zoo_studio" / "page"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", default="best-256")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--port", default="7961")
    asked = parser.parse_args()
    command = [sys.executable, "-m", "zoo", "studio", "--model", asked.model, "--port", asked.port]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as studio:
        try:
            assert studio.stdout is not None
            found = re.search(r"http://\S+\d", studio.stdout.readline())
            assert found, "the studio did not start"
            measure(found[0], studio.pid, asked.clients, asked.minutes)
        finally:
            studio.terminate()


def measure(url: str, pid: int, clients: int, minutes: float) -> None:
    """Ask alone, then all at once."""
    alone = Client(url, verbose=False)
    ask(alone, 0, 1)
    ask(alone, 0, 4)
    seconds = [ask(alone, i, 1) for i in range(1, 11)]
    four = [ask(alone, i, 4) for i in range(1, 6)]
    print("| | |\n|---|---|")
    for what, times in (("one completion", seconds), ("four completions", four)):
        print(f"| {what}, alone | {statistics.median(times):.2f} s, at most {max(times):.2f} s |")
    answered: list[float] = []
    failed: list[str] = []
    end = time.monotonic() + 60 * minutes

    def visit(number: int) -> None:
        client = Client(url, verbose=False)
        for i in itertools.count():
            if time.monotonic() > end:
                return
            try:
                answered.append(ask(client, i, 1 if (number + i) % 2 else 4))
            except Exception as error:
                failed.append(str(error))

    visitors = [threading.Thread(target=visit, args=(number,)) for number in range(clients)]
    for visitor in visitors:
        visitor.start()
    sizes = []
    while any(visitor.is_alive() for visitor in visitors):
        sizes.append(resident(pid))
        time.sleep(5)
    for visitor in visitors:
        visitor.join()
    warm = max(1, len(sizes) // 6)
    print(
        f"| {clients} clients, {minutes:g} minutes | answered {len(answered)}, lost {len(failed)} |"
    )
    print(
        f"| time to an answer, median, at most | {statistics.median(answered):.1f} s, "
        f"{max(answered):.1f} s |"
    )
    print(f"| memory after {warm * 5} s, at the end | {sizes[warm]:.0f} MB, {sizes[-1]:.0f} MB |")
    for text in sorted({*failed}):
        print(f"lost: {text}")


def ask(client: Any, seed: int, count: int) -> float:
    """Ask for completions of an example; the seconds until they are there."""
    examples = sorted((PAGE / "examples").glob("*.png"))
    raw = base64.b64encode(examples[seed % len(examples)].read_bytes()).decode()
    started = time.monotonic()
    done = client.predict(
        image=f"data:image/png;base64,{raw}",
        mask="",
        model="",
        count=count,
        seed=seed,
        api_name="/complete",
    )
    assert len(done) == count
    return time.monotonic() - started


def resident(pid: int) -> float:
    """Resident memory of a process in MB."""
    (line,) = (
        line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmRSS" in line
    )
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
