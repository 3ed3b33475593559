"""Write docs/ablation.md from the results: python -m benchmarks.ablation.page."""

import argparse
import json
import os
import re
import shlex
from pathlib import Path

from benchmarks.ablation.plan import Group, Plan, Row, read_plan
from benchmarks.ablation.results import TRUTH
from benchmarks.ablation.scores import SCORE, Scores, read_scores

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NOT_RUN = "not run yet"
# Columns of an evaluation that the table shows, and the digits.
_COLUMNS = {"precision": 3, "recall": 3, "ink_ratio": 2, "chamfer": 2, "hole_bce": 3}
_VALUE = re.compile(r"\{([\w+.-]+)(?: - ([\w+.-]+))?(?::(\w+))?\}")

_HEAD = """# What was worth what

Written by `benchmarks/ablation/page.py` from what `benchmarks/ablation/run.py` measured; the rows
are one line each in `benchmarks/ablation/rows.toml`.

Every row is trained for the same number of steps (so many that the reference took six minutes of
one CPU core where the plan was made; {reference}), at 64x64,
batch 16, on the training split of Quick, Draw!, and evaluated under protocol {protocol}: 1,000
drawings that no row has seen, `ink_f1` in the hole. What is evaluated is the checkpoint, of four,
that did best on 64 validation drawings. A number after ± is the standard deviation over seeds, of
all rows with the same base together, also where a row has one seed; a difference is given with
twice its standard error. Smaller differences than that say nothing. CPU minutes are user and
system time of one training, the drawing of batches included.

{done} Floors: {floors}.
"""


def render(plan: Plan, results: Path, conclusions: str, page: Path) -> str:
    """The page.

    Args:
        plan: The rows.
        results: Folder of their results.
        conclusions: Text with places such as ``{ROW}``, ``{ROW - ROW}`` and ``{ROW:column}``.
        page: Where it will stand; pictures are linked from there.

    Raises:
        ValueError: A place names no row.
    """
    scores = read_scores(plan, results)
    floors = read_floors(plan.protocol)
    listed = ", ".join(f"{name} {score:.3f}" for name, score in floors.items())
    done, reference = _done(scores), _reference(scores)
    head = _HEAD.format(protocol=plan.protocol, done=done, reference=reference, floors=listed)
    parts = [head]
    parts += [fill(conclusions, scores, floors).strip() + "\n", "## The table\n"]
    link = os.path.relpath(results, page.parent)
    if (results / TRUTH).is_file():
        parts.append(
            f"The drawings in the last column, and what is left of them: ![]({link}/{TRUTH})\n"
        )
    parts.append(_table(plan, scores, results, link))
    parts += ["## What the groups compare\n", *map(_about, plan.groups)]
    return "\n".join(parts)


def read_floors(protocol: str) -> dict[str, float]:
    """Score of every floor, the best first, as the released results say."""
    found = {}
    for file in (ROOT / "docs" / "results" / protocol).glob("*.json"):
        summary = json.loads(file.read_text(encoding="utf-8"))
        if summary["kind"] == "floor":
            found[summary["name"]] = summary["means"][SCORE]["mean"]
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def fill(text: str, scores: Scores, floors: dict[str, float]) -> str:
    """Put numbers in the places of a text."""

    def value(place: re.Match[str]) -> str:
        row, other, column = place.groups()
        if row == "floor":
            return f"{floors[column]:.3f}" if column in floors else NOT_RUN
        column = column or SCORE
        for name in filter(None, (row, other)):
            if name not in scores.plan.rows:
                raise ValueError(f"{place[0]}: there is no row {name} in the plan")
            if not scores.has(name, column):
                return f"*{NOT_RUN}*"
        if other:
            return _signed(*scores.difference(row, other, column))
        return _with_spread(scores, row, column, 3)

    return _VALUE.sub(value, text)


def _signed(found: float, error: float | None) -> str:
    sign = "+" if found >= 0 else "−"
    return f"{sign}{abs(found):.3f}" + (f" ± {error:.3f}" if error is not None else "")


def _with_spread(scores: Scores, row: str, column: str, digits: int) -> str:
    text, spread = f"{scores.mean(row, column):.{digits}f}", scores.spread(row, column)
    return f"{text} ± {spread:.{digits}f}" if spread is not None else text


def _done(scores: Scores) -> str:
    jobs = list(scores.plan.jobs())
    results = [result for many in scores.results.values() for result in many]
    hours = sum((r.cpu_minutes or 0) / 60 + r.evaluation_cpu_seconds / 3600 for r in results)
    if len(results) < len(jobs):
        return f"So far {len(results)} of {len(jobs)} trainings are done, in {hours:.1f} CPU hours."
    return f"All {len(jobs)} trainings and evaluations took {hours:.1f} CPU hours."


def _reference(scores: Scores) -> str:
    minutes = scores.cpu_minutes(scores.plan.groups[0].against)
    return f"{minutes:.1f} where it was measured" if minutes is not None else NOT_RUN


def _table(plan: Plan, scores: Scores, results: Path, link: str) -> str:
    head = ["row", "what it adds", "seeds", SCORE, "against", *_COLUMNS]
    head += ["diversity", "CPU min", "best step", "completed"]
    lines = [head, ["---", "---", *("--:" for _ in head[2:-1]), "---"]]
    for group in plan.groups:
        lines.append([f"**{group.title}**", *("" for _ in head[1:])])
        lines += [_line(row, group, scores, results, link) for row in group.rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _about(group: Group) -> str:
    base = shlex.join(("zoo", "train", *group.rows[0].base))
    return f"**{group.title}.** {group.about} `{base}`, and what the row adds.\n"


def _line(row: Row, group: Group, scores: Scores, results: Path, link: str) -> list[str]:
    adds = f"`{shlex.join(row.adds)}`" if row.adds else ""
    count = f"{scores.count(row.name)}/{row.seeds}"
    if not scores.has(row.name):
        failed = [result.failed for result in scores.results.get(row.name, ()) if result.failed]
        said = f"*{failed[0] if failed else NOT_RUN}*"
        return [row.name, adds, count, said, *("" for _ in range(len(_COLUMNS) + 5))]
    against = ""
    if row.name != group.against and scores.has(group.against):
        against = f"{_signed(*scores.difference(row.name, group.against))} ({group.against})"
    cells = [f"{scores.mean(row.name, name):.{n}f}" for name, n in _COLUMNS.items()]
    cost = scores.cpu_minutes(row.name)
    steps = "/".join(str(r.best_step) for r in scores.results[row.name] if not r.failed)
    strip = f"{row.name}.png"
    return [
        row.name,
        adds,
        count,
        _with_spread(scores, row.name, SCORE, 3),
        against,
        *cells,
        f"{scores.mean(row.name, 'diversity'):.3f}" if scores.has(row.name, "diversity") else "",
        f"{cost:.1f}" if cost is not None else "",
        steps,
        f"![{row.name}]({link}/{strip})" if (results / strip).is_file() else "",
    ]


def ablation() -> str:
    """docs/ablation.md as it should be."""
    conclusions = (HERE / "conclusions.md").read_text(encoding="utf-8")
    results, page = ROOT / "docs" / "results" / "ablation", ROOT / "docs" / "ablation.md"
    return render(read_plan(HERE / "rows.toml"), results, conclusions, page)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "ablation.md")
    parser.parse_args().out.write_text(ablation(), encoding="utf-8")
