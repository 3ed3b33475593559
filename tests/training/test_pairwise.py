"""Every component trains with every component of the other kinds at least once.

The runs are a covering array: few runs in which each pair of components of different kinds meets.
`benchmarks/matrix.py` runs every generator x discriminator x adversarial loss.
"""

import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from zoo import registry
from zoo.config import parse_component
from zoo.quiet import import_tensorflow
from zoo.specs import ComponentSpec

import_tensorflow()

from zoo.training.objective import weights_at  # noqa: E402
from zoo.training.run import prepare  # noqa: E402
from zoo.training.setup import make_trainer  # noqa: E402

SETTINGS = {"size": 32, "batch_size": 4, "steps": 2, "eager": True, "workers": 0}
# How many components of a kind a run has; adversarial pairs are losses of which there is one.
PLACES = {"generator": 1, "discriminator": 1, "pair": 1, "source": 1, "mask": 3, "loss": 4}
# Options: small networks; and where an option has no default, one, {} being a folder.
EXAMPLES = {
    ("generator", "attention"): "attention:width=16,heads=2,blocks=1,stem=8",
    ("generator", "cascade"): "cascade:width=8,depth=1",
    ("generator", "fourier"): "fourier:width=16,blocks=2",
    ("generator", "funnel"): "funnel:depth=2,width=8,middle_width=16,blend=2",
    ("generator", "gated"): 'gated:width=8,dilations="2,4"',
    ("generator", "shuffle"): "shuffle:width=8,depth=1,blend=1",
    ("generator", "unet"): "unet:width=8,depth=2",
    ("discriminator", "convdense"): "convdense:width=8,dense=16",
    ("discriminator", "multiscale"): "multiscale:width=8",
    ("discriminator", "patch"): "patch:width=8",
    ("discriminator", "unetdisc"): "unetdisc:width=8",
    ("source", "folder"): "folder:path={}/pictures",
    ("source", "quickdraw"): "quickdraw:path={}/cats.ndjson",
    ("source", "svg"): "svg:path={}/vectors",
    ("mask", "files"): "files:path={}/masks",
}

Element = tuple[str, str]
Run = tuple[Element, ...]


def installed(kind: str) -> list[str]:
    """Names of the first-party components of a kind."""
    return [c.spec.name for c in registry.list_components(kind) if "sketch-zoo" in c.plugin.dist]


def is_pair(name: str) -> bool:
    """Whether a loss is an adversarial pair."""
    part = parse_component("loss", name)
    return any(term.adversarial for term in registry.build("loss", part.id, part.options))


def elements() -> dict[str, list[Element]]:
    """Everything that can be in a run, by its place."""
    names = {kind: installed(kind) for kind in ("generator", "discriminator", "source", "mask")}
    pairs = [name for name in installed("loss") if is_pair(name)]
    names |= {"pair": pairs, "loss": [n for n in installed("loss") if n not in pairs]}
    return {kind: [(kind, name) for name in names[kind]] for kind in PLACES}


def meetings(run: Iterable[Element]) -> Iterator[frozenset[Element]]:
    """Pairs of components of different kinds."""
    for a, b in itertools.combinations(run, 2):
        if a[0] != b[0] and {a[0], b[0]} != {"pair", "loss"}:
            yield frozenset((a, b))


def covering_runs() -> list[Run]:
    """Runs in which every pair meets: each is filled with what meets most that is new."""
    places = elements()
    missing = {*meetings(itertools.chain.from_iterable(places.values()))}
    runs = []
    while missing:
        run: list[Element] = []
        for kind, count in PLACES.items():
            for _ in range(min(count, len(places[kind]))):
                free = [e for e in places[kind] if e not in run]
                met = {e: sum(m in missing for m in meetings([*run, e]) if e in m) for e in free}
                # Until something is chosen: what has the most left to meet.
                left = {e: sum(e in m for m in missing) for e in free}
                run.append(max(free, key=lambda e: (met[e], left[e])))
        missing -= {*meetings(run)}
        runs.append(tuple(run))
    return runs


RUNS = covering_runs()


def test_every_pair_meets() -> None:
    met = {meeting for run in RUNS for meeting in meetings(run)}
    assert met == {*meetings(itertools.chain.from_iterable(elements().values()))}
    assert len(RUNS) < 60


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Drawings and masks in every form that a source or mask reads."""
    place = tmp_path_factory.mktemp("drawings")
    for name in ("pictures", "vectors", "masks"):
        (place / name).mkdir()
    lines = []
    for number in range(12):
        x, y = 10 + 6 * number, 90 - 5 * number
        picture = np.full((100, 120), 255, np.uint8)
        cv2.rectangle(picture, (10, 15), (x + 20, y), 0, 3)
        cv2.imwrite(str(place / "pictures" / f"{number}.png"), picture)
        path = f'<path d="M10 15 L{x} 90 L110 {y}" fill="none" stroke="black"/>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 100">{path}</svg>'
        (place / "vectors" / f"{number}.svg").write_text(svg)
        mask = np.zeros((64, 64), np.uint8)
        mask[8 + number : 40 + number, 10:50] = 255
        cv2.imwrite(str(place / "masks" / f"{number}.png"), mask)
        drawing = [[[0, x, 200], [255, 20, y]], [[30, 220], [40, 180 + number]]]
        lines.append(json.dumps({"key_id": f"{number}", "word": "cat", "drawing": drawing}))
    (place / "cats.ndjson").write_text("\n".join(lines))
    return place


def test_what_needs_an_option_has_an_example() -> None:
    needy = set()
    for kind in ("generator", "discriminator", "loss", "source", "mask"):
        for name in installed(kind):
            spec = registry.find(kind, name).spec
            assert isinstance(spec, ComponentSpec)
            fields = registry.load(spec.options).model_fields.values()
            if any(field.is_required() for field in fields):
                needy.add((kind, name))
    assert needy <= EXAMPLES.keys()


@pytest.mark.parametrize("run", RUNS, ids=lambda run: "-".join(name for _, name in run[:3]))
def test_they_train_together(run: Run, folder: Path) -> None:
    chosen: dict[str, list[str]] = {kind: [] for kind in PLACES}
    for kind, name in run:
        chosen[kind].append(EXAMPLES.get((kind, name), name).format(folder))
    losses = [*chosen["pair"], *chosen["loss"]]
    if "wgan" in losses and not {"r1", "gradient_penalty"} & {*losses}:
        losses.append("gradient_penalty")
    flags = {key: chosen[kind][0] for key, kind in
             {"gen": "generator", "disc": "discriminator", "data": "source"}.items()}  # fmt: skip
    trainer = make_trainer(*prepare(SETTINGS | flags | {"loss": losses, "mask": chosen["mask"]}))
    for step in range(2):
        values = trainer.step(
            trainer.train.batch(step), weights_at(trainer.terms, step), step / 2, 0.9
        )
    assert {label.partition("/")[2] for label in values} == {*losses}
    assert all(np.isfinite(float(value)) for value in values.values())
    score_with_every_metric(trainer.predict, trainer.validation)


def score_with_every_metric(predict, batch) -> None:
    """The trained generator's completions have finite scores of every metric."""
    target, mask = (batch[key][:1] for key in ("target", "mask"))
    image = target * (1 - mask)
    for name in installed("metric"):
        part = parse_component("metric", name)
        spec = registry.find("metric", name).spec
        draws = np.stack([predict(image, mask, [seed])[0, ..., 0] for seed in range(spec.draws)])
        completions = image[0, ..., 0] + draws * mask[0, ..., 0]
        metric = registry.build("metric", part.id, part.options)
        scores = metric(completions, target[0, ..., 0], mask[0, ..., 0], 0.5)
        assert all(np.isfinite(value) for value in scores.values()), name
