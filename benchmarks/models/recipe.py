"""Recipes of the shipped models: what is said of each, and its trainings in order."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from zoo.config import RunConfig, resolve
from zoo.runs import Run, open_run
from zoo.training.run import resume, train

RECIPES = Path(__file__).parent / "recipes"
# What does not change the weights, or depends on where they are made.
_ELSEWHERE = {"cache", "checkpoint_every", "data.path", "device", "init", "jit", "log", "workers"}


@dataclass(frozen=True)
class Recipe:
    """A folder of ``recipes``: ``about.toml``, and a configuration for each training.

    Attributes:
        name: Of the model and of the folder.
        summary: Its line in ``zoo list``.
        tags: Of its spec; ``zoo complete`` chooses among those with ``default``.
        protocols: What it is measured under, that of its size first.
        story: What its card says first.
        init: Shipped model that its first training starts from, which its own recipe makes.
        limits: What its card adds to the limits of all.
    """

    name: str
    summary: str
    tags: tuple[str, ...]
    protocols: tuple[str, ...]
    story: str
    init: str | None = None
    limits: str = ""

    @property
    def trainings(self) -> Sequence[Path]:
        """Their configurations, in the form of ``zoo train --config``."""
        return sorted((RECIPES / self.name).glob("[0-9]*.toml"))


def recipe_names() -> list[str]:
    """All recipes."""
    return sorted(path.parent.name for path in RECIPES.glob("*/about.toml"))


def load_recipe(name: str) -> Recipe:
    """Read a recipe."""
    about = tomllib.loads((RECIPES / name / "about.toml").read_text(encoding="utf-8"))
    return TypeAdapter(Recipe).validate_python({"name": name, **about})


def train_recipe(recipe: Recipe, data: Path, work: Path, edits: Sequence[str] = ()) -> list[Run]:
    """Run each training of a recipe: one cut short goes on, one that is finished is kept.

    Args:
        recipe: The recipe.
        data: Folder of ``quickdraw``.
        work: The trainings' folders are ``work/RECIPE/1`` and so on.
        edits: ``key=value`` changes of each, for a trial.

    Returns:
        Its trainings in order.

    Raises:
        SystemExit: One stands there that was made by another recipe, or one did not finish.
    """
    runs: list[Run] = []
    init: str | Path | None = recipe.init
    for file in recipe.trainings:
        runs.append(train_one(file, work / recipe.name / file.stem, data, init, edits))
        init = runs[-1].path
    return runs


def train_one(
    file: Path,
    path: Path,
    data: Path,
    init: str | Path | None,
    edits: Sequence[str] = (),
    loss: Mapping[str, Any] | None = None,
) -> Run:
    """Run a training, go on with it, or keep it.

    Args:
        file: Its configuration.
        path: Its folder.
        data: Folder of ``quickdraw``.
        init: The training or installed model that it starts from.
        edits: ``key=value`` changes.
        loss: Tables by name in place of the file's losses; None: those of the file.

    Raises:
        SystemExit: What stands there was made by another recipe, or it did not finish.
    """
    flags: dict[str, Any] = {"data": f"quickdraw:path={data / 'quickdraw'}"}
    if init:
        flags["init"] = str(init)
    if loss:
        flags["loss"] = loss
    if path.exists():
        _check(open_run(path), resolve(flags, file=file, edits=edits))
        if open_run(path).status()["state"] != "finished":
            resume(path, quiet=False)
    else:
        train(config=file, edits=edits, out=path, quiet=False, **flags)
    run = open_run(path)
    if run.status()["state"] != "finished":
        raise SystemExit(f"{path} is not finished: start again to go on")
    return run


def _check(run: Run, asked: RunConfig) -> None:
    """Refuse a training that the recipe would not make."""
    made, recipe = (dict(_values(tomllib.loads(c.to_toml()))) for c in (run.config(), asked))
    differ = sorted(
        f"{key} is {made.get(key)}, the recipe's {recipe.get(key)}"
        for key in made.keys() | recipe.keys()
        if made.get(key) != recipe.get(key) and key not in _ELSEWHERE
    )
    if differ:
        raise SystemExit(f"{run.path} was made by another recipe: {'; '.join(differ)}")


def _values(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _values(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value
