"""Make a model of the package ``sketch-zoo-models`` from scratch: train, measure, describe, pack.

    python benchmarks/models/make.py best-128 --data-root DATA

``recipes/NAME/*.toml`` are its trainings in order, each a configuration of ``zoo train``; one
after the first starts from the best model of the one before, and the first from the last of the
recipe that ``about.json`` names as ``init``, if any, which is then trained before. A training that
was cut short goes on, one that is finished is kept, and so are results: start again to go on.
``DATA`` holds the folders ``quickdraw`` and ``chairs``. It takes one to three hours of two cores.
"""

import argparse
import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import card

import zoo
from zoo.bundles import parameters_of, publish_bundle, read_manifest
from zoo.data.examples import Randomness, make_examples, open_source
from zoo.evaluation.contestants import floors
from zoo.evaluation.results import Results, read_results
from zoo.files import digest, write_file
from zoo.runs import Run, open_run
from zoo.training.run import resume, train
from zoo.training.threshold import choose_threshold
from zoo.training.validation import complete_fixed

HERE = Path(__file__).parent
VALIDATED = 400
PACKAGE = HERE.parents[1] / "plugins" / "models" / "zoo_models"


@dataclass(frozen=True)
class Place:
    """Where things are.

    Attributes:
        data: Folder of ``quickdraw`` and ``chairs``.
        work: Folder of the trainings and results.
        package: The package that the model goes into.
    """

    data: Path
    work: Path
    package: Path = PACKAGE


def make(name: str, place: Place, edits: tuple[str, ...] = (), count: int | None = None) -> Path:
    """Make a model.

    Args:
        name: Folder of ``recipes``.
        place: Where things are.
        edits: ``key=value`` changes of every training, for a trial: ``steps=20``.
        count: Drawings to measure on, for a trial; None: the whole protocol.

    Returns:
        The bundle in the package.
    """
    about = _about(name)
    runs = _train(name, place, edits)
    draft = place.work / name / "bundle" / name
    threshold = _threshold(runs[-1])
    publish_bundle(runs[-1].best, draft, {"card.md": b"Not yet described.\n"}, threshold)
    results = {
        protocol: _measure(str(draft), protocol, place, count) for protocol in about["protocols"]
    }
    beside = {
        protocol: [_measure(floor, protocol, place, count) for floor in floors()]
        for protocol in about["protocols"]
    }
    files = card.describe(
        card.Subject(name, about, tuple(runs), draft, results, beside, command(name), place.data)
    )
    bundle = place.package / "bundles" / name
    publish_bundle(runs[-1].best, bundle, files, threshold)
    _index(place.package, bundle, about, results)
    return bundle


def _about(name: str) -> dict[str, Any]:
    about: dict[str, Any] = json.loads((HERE / "recipes" / name / "about.json").read_text())
    return about


def command(name: str) -> str:
    """What makes the model."""
    return f"python benchmarks/models/make.py {shlex.quote(name)} --data-root DATA"


def _train(name: str, place: Place, edits: tuple[str, ...]) -> list[Run]:
    """Run, or go on with, each training of a recipe."""
    about = _about(name)
    runs = _train(about["init"], place, edits) if "init" in about else []
    before = len(runs)
    for recipe in sorted((HERE / "recipes" / name).glob("*.toml")):
        path = place.work / name / recipe.stem
        flags: dict[str, Any] = {"init": str(runs[-1].path)} if runs else {}
        flags["data"] = f"quickdraw:path={place.data / 'quickdraw'}"
        if path.exists():
            resume(path, quiet=False)
        else:
            train(config=recipe, edits=edits, out=path, quiet=False, **flags)
        run = open_run(path)
        if run.status()["state"] != "finished":
            raise SystemExit(f"{path} is not finished: start again to go on")
        runs.append(run)
    return runs[before:]


def _threshold(run: Run) -> float:
    """Choose the threshold on more validation drawings than training looks at."""
    config = run.config()
    model = zoo.load(run.path)
    examples = make_examples(config, open_source(config), "validation", Randomness())
    fixed = examples.first(VALIDATED)
    ink = complete_fixed(model.predict, fixed, config.settings.batch_size)
    threshold, _ = choose_threshold(ink, fixed["target"], fixed["mask"])
    return threshold


def _measure(model: str, protocol: str, place: Place, count: int | None) -> Results:
    """Score a model or a floor, unless that was done."""
    folder = place.work / "results" / protocol / Path(model).name
    changes: dict[str, Any] = {"count": count} if count else {}
    if (folder / "summary.json").is_file():
        results = read_results(folder)
        ours = (Path(model) / "manifest.json").is_file()
        if not ours or read_manifest(Path(model)).files["generator.weights.h5"] in str(
            results.summary["id"]
        ):
            return results
    return zoo.evaluate(
        model,
        protocol=protocol,
        data_root=place.data,
        out=folder,
        save_predictions=True,
        quiet=False,
        **changes,
    )


def _index(package: Path, bundle: Path, about: dict[str, Any], results: dict[str, Results]) -> None:
    """Enter the bundle in ``models.json``, in place of an earlier one of its name."""
    path = package / "models.json"
    models = [m for m in json.loads(path.read_text()) if m["name"] != bundle.name]
    models.append(
        {
            "name": bundle.name,
            "summary": about["summary"],
            "size": read_manifest(bundle).size,
            "sha256": digest(bundle / "manifest.json"),
            "tags": about["tags"],
            "weights": parameters_of(bundle),
            "ink_f1": {name: round(result.mean("ink_f1"), 3) for name, result in results.items()},
        }
    )
    models.sort(key=lambda model: (model["size"], model["name"]))
    write_file(path, json.dumps(models, indent=2) + "\n")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    recipes = sorted(path.name for path in (HERE / "recipes").iterdir())
    parser.add_argument("name", choices=recipes)
    parser.add_argument("--data-root", type=Path, required=True, help="has quickdraw and chairs")
    parser.add_argument("--work", type=Path, default=Path("runs/models"), help="trainings, results")
    parser.add_argument("--package", type=Path, default=PACKAGE, help="where the bundle goes")
    parser.add_argument("--set", action="append", default=[], help="key=value, for a trial")
    parser.add_argument("--count", type=int, help="drawings to measure on, for a trial")
    given = parser.parse_args()
    place = Place(given.data_root, given.work, given.package)
    print(make(given.name, place, tuple(given.set), given.count))


if __name__ == "__main__":
    main()
