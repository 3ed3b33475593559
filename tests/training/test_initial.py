"""Starting from trained weights: all of them, those that fit, none."""

from pathlib import Path

import keras
import numpy as np
import pytest

from zoo.bundles import write_bundle
from zoo.config import Part, resolve
from zoo.errors import UsageError
from zoo.registry import build
from zoo.training.initial import start_from

SMALL = "shuffle:width=8,width_max=16,depth=1,blend=1"


def part(generator: str) -> Part:
    return resolve({"gen": generator, "disc": "none", "loss": ["ink_bce"]}).gen


def made(generator: str, size: int, seed: int) -> keras.Model:
    gen = part(generator)
    model: keras.Model = build("generator", gen.id, gen.options, (size, size, 1))
    for weight in model.weights:
        weight.assign(np.random.default_rng(seed).normal(size=weight.shape))
    return model


def bundled(path: Path, generator: str, size: int) -> tuple[Path, keras.Model]:
    model = made(generator, size, seed=1)
    write_bundle(path, model, part(generator), size, 1, "card")
    return path, model


def equal(mine: list[np.ndarray], theirs: list[np.ndarray]) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))


def test_the_same_architecture_takes_every_weight_also_at_another_size(tmp_path: Path) -> None:
    bundle, trained = bundled(tmp_path / "b", SMALL, 16)
    model = made(SMALL, 32, seed=2)
    assert not equal(model.get_weights(), trained.get_weights())
    start_from(bundle, model)
    assert equal(model.get_weights(), trained.get_weights())


def test_the_layers_that_fit_are_taken_and_the_others_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = f"{SMALL},norm=none"
    bundle, trained = bundled(tmp_path / "b", plain, 32)
    model = made(f"{plain},factor=8", 64, seed=2)
    before = {layer.name: layer.get_weights() for layer in model.layers if layer.weights}
    start_from(bundle, model)
    for name, own in before.items():
        fresh = name in ("stem", "head")
        expected = own if fresh else trained.get_layer(name).get_weights()
        assert equal(model.get_layer(name).get_weights(), expected), name
    told = capsys.readouterr().err
    assert "of the weights start from" in told
    assert "fresh: stem, head" in told


def test_layers_without_a_name_of_their_own_are_not_confused(tmp_path: Path) -> None:
    """Keras numbers unnamed layers by what else was built: equal numbers mean nothing."""
    batch = f"{SMALL},norm=batch"
    bundle, _ = bundled(tmp_path / "b", batch, 16)
    model = made(f"{batch},fine=4", 16, seed=2)
    unnamed = [x for x in model.layers if "Normalization" in type(x).__name__]
    before = [layer.get_weights() for layer in unnamed]
    start_from(bundle, model)
    assert unnamed
    assert all(equal(x.get_weights(), own) for x, own in zip(unnamed, before, strict=True))


def test_a_generator_with_nothing_in_common_is_refused(tmp_path: Path) -> None:
    bundle, _ = bundled(tmp_path / "b", SMALL, 16)
    model = made("unet:depth=2,width=8", 16, seed=2)
    with pytest.raises(UsageError, match="no layer of shuffle fits unet"):
        start_from(bundle, model)
