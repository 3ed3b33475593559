"""Make a model of the package ``sketch-zoo-models`` from scratch: train, measure, describe, pack.

    python benchmarks/models/make.py best-128 --data-root DATA

``recipes/NAME`` holds its trainings and what is said of it (``recipe.py``). A training that was cut
short goes on, one that is finished is kept, and so are results: start again to go on. ``DATA``
holds the folders ``quickdraw`` and ``chairs``. It takes half an hour to seven hours of two cores.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zoo
from zoo.bundles import publish_bundle, read_manifest
from zoo.data.examples import Randomness, make_examples, open_source
from zoo.decoding import Decoding
from zoo.evaluation.contestants import find_contestant, floors
from zoo.evaluation.evaluate import evaluate_under
from zoo.evaluation.protocol import Protocol, change, load_protocol
from zoo.evaluation.results import Results, read_results
from zoo.files import digest, write_file
from zoo.quiet import import_tensorflow
from zoo.runs import Run

import_tensorflow()

from card import Measured, Subject, describe  # noqa: E402
from recipe import Recipe, load_recipe, recipe_names, train_recipe  # noqa: E402

from zoo.training.choose_decoding import choose_decoding  # noqa: E402

# Validation drawings that decide how ink is decoded, more than training itself looks at, and how
# many draws of noise are tried.
VALIDATED, DRAWS = 400, 8
PACKAGE = Path(__file__).parents[2] / "plugins" / "models" / "zoo_models"


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
    recipe = load_recipe(name)
    runs = train_recipe(recipe, place.data, place.work, edits)
    draft = place.work / "drafts" / name
    publish_bundle(runs[-1].best, draft, decoding=decoding_of(runs[-1], count))
    asked = [change(load_protocol(known), count=count) for known in recipe.protocols]
    measured = {protocol.name: _measure(draft, protocol, place) for protocol in asked}
    files = describe(Subject(recipe, runs, draft, measured, place.data))
    scores = {protocol: _score(scored.decoded) for protocol, scored in measured.items()}
    bundle = place.package / "bundles" / name
    publish_bundle(draft, bundle, files, scores=scores)
    _enter(place.package, recipe, bundle)
    return bundle


def decoding_of(run: Run, count: int | None = None) -> Decoding:
    """Choose how the ink is decoded on more validation drawings than training looks at."""
    config, model = run.config(), zoo.load(run.path)
    examples = make_examples(config, open_source(config), "validation", Randomness())
    draws = DRAWS if model.takes_noise else 1
    fixed = examples.first(count or VALIDATED)
    decoding, _ = choose_decoding(model.predict, fixed, config.settings.batch_size, draws)
    return decoding


def _measure(draft: Path, protocol: Protocol, place: Place) -> Measured:
    """Score a model and the floors under a protocol, unless that was done."""

    def scored(
        who: str | Path, name: str, *, raw: bool = False, metrics: Sequence[str] = ()
    ) -> Results:
        folder = place.work / "results" / protocol.name / name
        if (folder / "summary.json").is_file():
            return read_results(folder)
        return evaluate_under(
            protocol,
            find_contestant(str(who), raw=raw),
            data_root=place.data,
            metrics=metrics,
            out=folder,
            save_predictions=True,
            quiet=False,
        )

    # Another draft is another model.
    name = f"{draft.name}-{digest(draft / 'manifest.json')[:12]}"
    diverse = ["diversity"] if zoo.load(draft).takes_noise else []
    return Measured(
        decoded=scored(draft, name),
        raw=scored(draft, f"{name}-raw", raw=True, metrics=diverse),
        floors=[scored(floor, floor) for floor in floors()],
    )


def _score(results: Results) -> tuple[float, float, float]:
    said: dict[str, Any] = results.summary["means"]["ink_f1"]
    mean, low, high = (round(said[key], 4) for key in ("mean", "low", "high"))
    return mean, low, high


def _enter(package: Path, recipe: Recipe, bundle: Path) -> None:
    """Put the bundle into ``models.json``, in place of an earlier one of its name."""
    path = package / "models.json"
    before = json.loads(path.read_text()) if path.exists() else []
    models = [m for m in before if m["name"] != recipe.name]
    models.append(
        {
            "name": recipe.name,
            "summary": recipe.summary,
            "size": read_manifest(bundle).size,
            "sha256": digest(bundle / "manifest.json"),
            "tags": recipe.tags,
        }
    )
    models.sort(key=lambda model: (model["size"], model["name"]))
    write_file(path, json.dumps(models, indent=2) + "\n")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=recipe_names())
    parser.add_argument("--data-root", type=Path, required=True, help="has quickdraw and chairs")
    parser.add_argument("--work", type=Path, default=Path("runs/models"), help="trainings, results")
    parser.add_argument("--package", type=Path, default=PACKAGE, help="where the bundle goes")
    parser.add_argument("--set", action="append", default=[], help="key=value, for a trial")
    parser.add_argument("--count", type=int, help="drawings to measure on, for a trial")
    given = parser.parse_args()
    if (given.set or given.count) and given.package == PACKAGE:
        parser.error("a trial does not belong into the package: name another one with --package")
    place = Place(given.data_root, given.work, given.package)
    print(make(given.name, place, tuple(given.set), given.count))


if __name__ == "__main__":
    main()
