"""What an evaluation found, as text."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from zoo.cli.table import columns
from zoo.errors import ZooError

if TYPE_CHECKING:
    from zoo.evaluation.results import Results


def describe(results: "Results") -> list[str]:
    """Lines that say what an evaluation found; floors in the same folder stand beside it."""
    summary = results.summary
    score = next(iter(summary["scores"]))
    lines = [_head(results), *columns(_means(results), right={1, 2})]
    lines += [f"{score} by share of ink removed", *columns(_bins(results, score), right={0, 1, 2})]
    floors = [
        (floor.name, f"{floor.mean(score):.4f}")
        for floor in sorted(_floors_beside(results), key=lambda floor: -floor.mean(score))
    ]
    if floors:
        lines += [f"{score} of floors", *columns(floors, right={1})]
    speed = f"{summary['images_per_s']:,.1f} images/s"
    known = summary["parameters"] is not None
    lines.append(f"{summary['parameters']:,} parameters, {speed}" if known else speed)
    return [*lines, f"results: {results.path}"]


def _head(results: "Results") -> str:
    summary = results.summary
    dropped = [f"{n} {why.replace('_', ' ')}" for why, n in summary["dropped"].items() if n]
    line = f"{results.name} under {results.protocol.name}: {summary['images']} drawings"
    return f"{line}; dropped: {', '.join(dropped)}" if dropped else line


def _means(results: "Results") -> list[tuple[str, ...]]:
    better = {
        column: "more is better" if said["higher_is_better"] else "less is better"
        for column, said in results.summary["scores"].items()
    }
    rows: list[tuple[str, ...]] = [("", "mean", "95 % interval", "")]
    for column, value in results.summary["means"].items():
        numbers = (f"{value['mean']:.4f}", f"{value['low']:.4f} to {value['high']:.4f}")
        rows.append((column, *numbers, better.get(column, "")))
    return rows


def _bins(results: "Results", score: str) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("removed", "drawings", score)]
    for part in results.summary["bins"]:
        low, high = (100 * edge for edge in part["removed"])
        mean = f"{part['means'][score]:.4f}" if part["images"] else ""
        rows.append((f"{low:.0f} to {high:.0f} %", str(part["images"]), mean))
    return rows


def _floors_beside(results: "Results") -> list["Results"]:
    """Floors that were measured in the same way and lie in the same folder."""
    from zoo.evaluation.results import SUMMARY, comparable, read_results

    found = []
    for file in Path(results.path).resolve().parent.glob(f"*/{SUMMARY}"):
        # What else lies there is not this command's business.
        with suppress(ZooError):
            other = read_results(file.parent)
            same = comparable(results, other) and other.name != results.name
            if same and other.summary["kind"] == "floor":
                found.append(other)
    return found
