"""Decoding: mirrored drawings, draws that agree, and what evaluation makes of it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import zoo
from zoo.bundles import write_bundle
from zoo.config import resolve
from zoo.data.examples import Batch
from zoo.decoding import Decoding, draw_decoded
from zoo.errors import UsageError
from zoo.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402

from zoo.inference import Predict, make_predict  # noqa: E402
from zoo.training.choose_decoding import choose_decoding  # noqa: E402
from zoo.training.state import build_generator  # noqa: E402

SIZE = 32


def network(noise: str) -> keras.Model:
    """Random weights, none of them symmetric, and doubts all over (0, 1)."""
    keras.utils.set_random_seed(3)
    config = resolve({"size": SIZE, "gen": f"unet:depth=2,width=4,noise={noise}", "disc": "none"})
    model = build_generator(config)
    model.set_weights([3 * weight for weight in model.get_weights()])
    return model


@pytest.fixture(scope="module")
def quiet_predict() -> Predict:
    return make_predict(network("none"))


@pytest.fixture(scope="module")
def noisy() -> keras.Model:
    return network("middle")


def drawings(count: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    images = (rng.random((count, SIZE, SIZE, 1)) < 0.1).astype(np.float32)
    masks = np.zeros_like(images)
    masks[:, 8:24, 4:20] = 1
    return images, masks


def flipped(values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(values[:, :, ::-1])


def test_mirrored_the_input_gives_the_mirrored_result(quiet_predict: Predict) -> None:
    images, masks = drawings(3)
    ahead = quiet_predict(images, masks, [0] * 3, mirror=True)
    back = quiet_predict(flipped(images), flipped(masks), [0] * 3, mirror=True)
    np.testing.assert_allclose(flipped(back), ahead, atol=1e-5)
    one_sided = quiet_predict(flipped(images), flipped(masks), [0] * 3)
    assert np.abs(flipped(one_sided) - quiet_predict(images, masks, [0] * 3)).max() > 0.05


def test_logits_are_averaged_over_the_mirror_image_and_its_noise(noisy: keras.Model) -> None:
    from zoo.inference import draw_noise

    images, masks = drawings(2)
    shape = noisy.input["noise"].shape[1:]
    noise = np.stack([draw_noise(shape, seed) for seed in (5, 6)])
    given = {"image": images * (1 - masks), "mask": masks, "noise": noise}
    logits = np.asarray(noisy(given))
    other = flipped(np.asarray(noisy({name: flipped(value) for name, value in given.items()})))
    expected = 1 / (1 + np.exp(-(logits + other) / 2))
    found = make_predict(noisy)(images, masks, (5, 6), mirror=True)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def lines(columns: Sequence[int]) -> np.ndarray:
    """One draw (SIZE, SIZE, 1) of vertical lines."""
    ink = np.zeros((SIZE, SIZE, 1), np.float32)
    ink[:, list(columns)] = 0.9
    return ink


def test_the_draw_that_agrees_most_with_the_others_is_taken() -> None:
    said: dict[int, np.ndarray] = {}
    # An odd one first, then three of which the middle one shares most.
    drawn = ([16], [8, 18], [8], [8, 6])

    def predict(
        images: np.ndarray, masks: np.ndarray, seeds: Sequence[int], *, mirror: bool = False
    ) -> np.ndarray:
        for seed in seeds:
            said.setdefault(seed, lines(drawn[len(said)]))
        return np.stack([said[seed] for seed in seeds])

    images, masks = drawings(1)
    found = draw_decoded(predict, Decoding(0.5, draws=4), images, masks, [7])
    assert len(said) == 4
    assert 7 in said
    np.testing.assert_array_equal(found[0], lines([8]))


def test_draws_do_not_depend_on_how_drawings_are_batched(noisy: keras.Model) -> None:
    predict, decoding = make_predict(noisy), Decoding(0.5, draws=3)
    images, masks = drawings(3)
    together = draw_decoded(predict, decoding, images, masks, [4, 5, 4])
    alone = draw_decoded(predict, decoding, images[2:], masks[2:], [4])
    np.testing.assert_allclose(together[2:], alone, atol=1e-5)
    # It is one of the draws: that of the drawing's seed is the first.
    raw = draw_decoded(predict, decoding.raw, images, masks, [4, 5, 4])
    np.testing.assert_allclose(raw, predict(images, masks, [4, 5, 4]), atol=0)
    assert np.abs(together - raw).max() > 0.01


def test_what_pays_is_chosen(quiet_predict: Predict) -> None:
    """The truth is what the mirrored network draws: only mirroring can find it."""
    images, masks = drawings(8)
    ink = quiet_predict(images, masks, range(8), mirror=True)
    target = np.where(masks > 0, ink >= np.float32(0.55), images).astype(np.float32)

    batch = Batch(target=target, mask=masks)
    decoding, score = choose_decoding(quiet_predict, batch, 3, draws=2)
    assert (decoding, score) == (Decoding(0.55, mirror=True, draws=1), 1.0)
    # Blank drawings are as bad decoded in any way.
    blank, _ = choose_decoding(lambda i, m, s, *, mirror=False: 0 * m, batch, 3, draws=2)
    assert blank == Decoding(blank.threshold)


def test_evaluation_decodes_and_says_so(
    noisy: keras.Model, shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = resolve({"size": SIZE, "gen": "unet:depth=2,width=4,noise=middle", "disc": "none"})
    decoding = Decoding(0.45, mirror=True, draws=3)
    write_bundle(Path("mine"), noisy, config.gen, SIZE, 0, "", decoding)
    data = f"quickdraw:path={shared_data / 'quickdraw' / 'airplane.ndjson.gz'}"
    how = {"data": data, "split": "all", "count": 6}
    whole, raw = (zoo.evaluate("mine", **how), zoo.evaluate("mine", raw=True, **how))
    assert (whole.name, raw.name) == ("mine", "mine+raw")
    assert whole.summary["decoding"] == {"threshold": 0.45, "mirror": True, "draws": 3}
    assert raw.summary["decoding"] == {"threshold": 0.45, "mirror": False, "draws": 1}
    assert whole.mean("hole_l1") != raw.mean("hole_l1")
    # A bundle that says no more than the threshold scores what the other does raw.
    write_bundle(Path("plain"), noisy, config.gen, SIZE, 0, "", decoding.raw)
    plain = zoo.evaluate("plain", **how)
    assert [row.values for row in plain.rows] == [row.values for row in raw.rows]
    with pytest.raises(UsageError, match="holds results of mine "):
        zoo.evaluate("mine", raw=True, out=whole.path, **how)
    with pytest.raises(UsageError, match="telea is no model, which alone is decoded"):
        zoo.evaluate("telea", raw=True, size=SIZE, **how)
    told = json.loads((Path("mine") / "manifest.json").read_text())
    assert told["decoding"] == whole.summary["decoding"]
    assert replace(decoding, mirror=False, draws=1) == decoding.raw
