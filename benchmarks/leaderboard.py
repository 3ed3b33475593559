"""Every generator by one recipe, ranked: docs/leaderboard.md, and docs/choose.md drawn from it.

    python -m benchmarks.leaderboard --data-root DATA [--only NAME …] [--minutes M]

From the root of the repository. Rows run and go on as those of the ablation do
(`benchmarks/ablation/run.py`). With --list nothing is run, with --pages only the pages are written.
"""

import csv
import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ablation.plan import DATA, Plan, read_plan
from benchmarks.ablation.run import Runner, arguments, start
from benchmarks.ablation.scores import SCORE, read_scores
from zoo import list_components

ROOT = Path(__file__).parents[1]
PLAN = ROOT / "benchmarks" / "leaderboard.toml"
RESULTS = ROOT / "docs" / "results" / "leaderboard"
WORK = Path("runs/leaderboard")
# What `zoo leaderboard --extra` gets for each row.
COST, STEPS = "training, CPU min", "steps"

_BOARD = """# Which generator learns most

Written by `benchmarks/leaderboard.py`: every generator of the zoo with its default options, trained
by one recipe for as many steps as `shuffle` did in 20 minutes of one CPU core where the plan was
made (what they took where they were measured is in the table), at 64x64, batch 16, on the training
split of Quick, Draw!. One seed each. The loss is in-hole cross-entropy alone, so
that no adversary helps one generator more than another; what adversaries are worth is in
[ablation.md](ablation.md). What an image costs is in [zoo-table.md](zoo-table.md).
"""

_CHOOSE = """# Which model do I choose?

Written by `benchmarks/leaderboard.py` from the [leaderboard](leaderboard.md).

## To complete drawings now

{shipped}

## To train one

{trained}

Beyond what a table of 64 pixels can say:

- **256 pixels and more on a CPU.** `shuffle`, `cascade`, `attention`, `fourier` and `gated` work at
  a quarter of the resolution, `unet` and `funnel` at all of it: see [zoo-table.md](zoo-table.md).
- **Lines that repeat or are symmetric.** Blocks that see the whole drawing at once: `fourier`, or
  `attention`, whose cost grows with the square of the pixels.
- **What an earlier stage drew matters.** `cascade` and `gated` give the drawings of all stages, and
  reconstruction losses apply to each.
- **Several answers.** Any generator that takes noise (the default of all) with `best_of_two` or
  `modeseek`; `zoo complete --samples 4` draws them.
- **As in a paper.** The presets `pix2pix`, `deepfill`, `lama`, `sketchgan` and `completion-gan` are
  whole recipes: `zoo info lama`.
"""


@dataclass(frozen=True)
class Entry:
    """A trained generator of the leaderboard."""

    name: str
    score: float
    minutes: float
    parameters: int
    images_per_s: float
    below_full: bool


def read_entries(file: Path) -> list[Entry]:
    """The trained generators of known cost in a leaderboard's CSV, the best first."""
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as stream:
        return [
            Entry(
                row["name"],
                float(row[SCORE]),
                float(row[COST]),
                int(row["parameters"]),
                float(row["images_per_s"]),
                row["below_full"] == "True",
            )
            for row in csv.DictReader(stream)
            if row["kind"] == "model" and row[COST]
        ]


def leaderboard_page(plan: Plan, results: Path) -> str:
    """docs/leaderboard.md."""
    scores, parts, link = read_scores(plan, results), [_BOARD], results.name
    board = results / "leaderboard.md"
    if board.is_file():
        table = board.read_text(encoding="utf-8").partition("\n\n")[2]
        parts += [table, f"![scores by parameters and speed](results/{link}/leaderboard.png)\n"]
    else:
        parts.append("*Not run yet.*\n")
    waiting = [name for name in plan.rows if not scores.has(name)]
    if waiting:
        parts.append(f"Not run yet: {', '.join(waiting)}.\n")
    lines = [f"{row.command(0)} --out {row.name}" for row in plan.rows.values()]
    lines += [
        f"zoo evaluate {name} --protocol {plan.protocol} --data-root {DATA}" for name in plan.rows
    ]
    lines.append(f"zoo leaderboard results/{plan.protocol}/* -o board --data-root {DATA}")
    commands = "\n".join(lines)
    parts.append(f"## How each row was made\n\n```text\n{commands}\n```")
    return "\n".join(parts) + "\n"


def choose_page(entries: Sequence[Entry]) -> str:
    """docs/choose.md."""
    return _CHOOSE.format(shipped=_shipped(), trained=_trained(entries))


def _shipped() -> str:
    models = sorted(list_components("model"), key=lambda component: component.spec.name)
    if not models:
        return "No trained model is shipped yet: train one."
    lines = ["| model | what |", "|---|---|"]
    lines += [f"| `{m.spec.name}` | {m.spec.summary} |" for m in models]
    return "\n".join(
        [
            *lines,
            "",
            "With no model named, `zoo complete` takes the best for the size of the drawing.",
        ]
    )


def _trained(entries: Sequence[Entry]) -> str:
    if not entries:
        return "*Not run yet.*"
    best = entries[0]
    front = [entry for entry in entries if _better_and_cheaper(entry, entries) is None]
    cheapest = min(front, key=lambda entry: entry.minutes)
    said = [f"`{best.name}` scores best, {best.score:.3f} for {best.minutes:.0f} CPU minutes."]
    if cheapest is not best:
        said.append(
            f"`{cheapest.name}` is the cheapest, {cheapest.score:.3f} "
            f"for {cheapest.minutes:.0f} minutes."
        )
    lines = [
        " ".join(said),
        "",
        f"| generator | {SCORE} | {COST} | parameters | completes, images/s | verdict |",
        "|---|--:|--:|--:|--:|---|",
    ]
    lines += [
        f"| `{e.name}` | {e.score:.3f} | {e.minutes:.1f} | {e.parameters:,} "
        f"| {e.images_per_s:,.0f} | {_verdict(e, entries)} |"
        for e in entries
    ]
    return "\n".join(lines)


def _verdict(entry: Entry, entries: Sequence[Entry]) -> str:
    if entry.below_full:
        return "worse than filling the hole with ink"
    other = _better_and_cheaper(entry, entries)
    return f"`{other.name}` is better and cheaper" if other else "nothing is better and cheaper"


def _better_and_cheaper(entry: Entry, entries: Sequence[Entry]) -> Entry | None:
    found = (e for e in entries if e.score > entry.score and e.minutes < entry.minutes)
    return next(found, None)


def rank(runner: Runner) -> None:
    """Run ``zoo leaderboard`` on what is finished and keep what it wrote.

    Raises:
        CalledProcessError: It failed.
    """
    folders = {}
    for row in runner.plan.rows.values():
        folder = runner.folder(row, 0) / "results"
        if runner.result(row, 0) and folder.is_dir():
            folders[row.name] = folder
    if not folders:
        return
    costs, board = runner.work / "costs.json", runner.work / "board"
    costs.write_text(json.dumps(_costs(runner, folders)))
    words = ["leaderboard", *map(str, folders.values()), "--out", str(board)]
    words += ["--data-root", str(runner.data_root), "--extra", str(costs)]
    print("zoo", shlex.join(words), flush=True)
    subprocess.run([sys.executable, "-m", "zoo", *words], check=True)
    for file in board.glob("leaderboard.*"):
        shutil.copy(file, runner.results / file.name)


def _costs(runner: Runner, folders: Mapping[str, Path]) -> dict[str, dict[str, float | None]]:
    found = {}
    for name in folders:
        result = runner.result(runner.plan.rows[name], 0)
        assert result is not None
        minutes = result.cpu_minutes
        cost = None if minutes is None else round(minutes, 1)
        found[name] = {COST: cost, STEPS: result.steps}
    return found


def write_pages() -> None:
    """Write both pages from what is in ``docs/results``."""
    board = leaderboard_page(read_plan(PLAN), RESULTS)
    (ROOT / "docs" / "leaderboard.md").write_text(board, encoding="utf-8")
    choice = choose_page(read_entries(RESULTS / "leaderboard.csv"))
    (ROOT / "docs" / "choose.md").write_text(choice, encoding="utf-8")


def main() -> int:
    """The command."""
    parser = arguments(__doc__)
    parser.add_argument("--pages", action="store_true", help="write the pages, run nothing")
    given = parser.parse_args()
    status = 0
    if not given.pages:
        root = Path(given.data_root or "../shared/data")
        runner = Runner(read_plan(PLAN), RESULTS, WORK, root)
        status = start(runner, given)
        if given.list:
            return status
        rank(runner)
    write_pages()
    return status


if __name__ == "__main__":
    raise SystemExit(main())
