"""Which loss terms go together, and with which models."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from zoo.config import RunConfig, resolve
from zoo.contracts.loss import LossTerm
from zoo.errors import UsageError
from zoo.options import LossKeys
from zoo.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402

from zoo import registry  # noqa: E402
from zoo.training.objective import WeightedTerm, check_models, make_terms  # noqa: E402


def term(name: str, side: str = "generator", **how: Any) -> LossTerm:
    return LossTerm(name=name, side=side, reads=("d_fake",), call=lambda c: c, **how)


def pair(name: str, **how: Any) -> tuple[LossTerm, ...]:
    return tuple(
        term(name, side, adversarial=True, **how) for side in ("generator", "discriminator")
    )


Runs = Callable[..., RunConfig]


@pytest.fixture
def run_with(monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Makes a configuration whose losses are these terms."""

    def make(*losses: tuple[LossTerm, ...], **flags: Any) -> RunConfig:
        built = iter(losses)
        names = ["bce", "l1", "ink_bce"][: len(losses)]
        config = resolve({"gen": "unet", "disc": "convdense", "loss": names, **flags})
        monkeypatch.setattr(registry, "build", lambda *_: next(built))
        return config

    return make


def refused(message: str, config: RunConfig) -> None:
    with pytest.raises(UsageError, match=re.escape(message)) as error:
        make_terms(config)
    assert "\n" not in str(error.value)


def test_two_pairs(run_with: Runs) -> None:
    config = run_with(pair("bce"), pair("hinge"))
    refused(
        "two adversarial pairs at once: sketch-zoo-losses/bce and sketch-zoo-losses/l1. "
        "Keep one --loss",
        config,
    )


def test_a_pair_that_requires_a_regulariser(run_with: Runs) -> None:
    wgan = pair("wgan", requires=("regulariser",))
    refused(
        "loss wgan needs a regulariser: add --loss gradient_penalty:weight=10 or --loss r1",
        run_with(wgan),
    )
    r1 = (term("r1", "discriminator", provides=("regulariser",)),)
    assert len(make_terms(run_with(wgan, r1))) == 3


def test_a_word_of_a_strangers_loss(run_with: Runs) -> None:
    needy = pair("bce"), (term("echo", requires=("voice",)),)
    refused("loss echo needs a voice: add a --loss that provides voice", run_with(*needy))
    make_terms(run_with(*needy, (term("sing", provides=("voice",)),)))


def test_steps_of_no_discriminator() -> None:
    config = resolve({"gen": "unet", "disc": "none", "loss": ["l1"], "n_critic": 5})
    refused("n_critic=5 counts steps of a discriminator: give --disc, or set n_critic=1", config)


def critic(*, features: bool) -> keras.Model:
    image = keras.Input((4, 4, 1), name="image")
    x = keras.layers.Conv2D(2, 3)(image)
    logits = keras.layers.Dense(1)(keras.layers.Flatten()(x))
    return keras.Model({"image": image}, {"logits": [logits], "features": [x] if features else []})


def matching(**how: Any) -> tuple[WeightedTerm, ...]:
    return (WeightedTerm("g/x", "test/x", term("matching", **how), LossKeys()),)


def test_features_are_of_the_discriminator() -> None:
    terms = matching(requires=("features",))
    check_models(terms, {}, critic(features=True))
    with pytest.raises(UsageError, match=r"loss matching compares .*features.* --disc patch"):
        check_models(terms, {}, critic(features=False))


@pytest.mark.parametrize("how", [{"requires": ("noise",)}, {"reads": ("second",)}], ids=str)
def test_noise_is_of_the_generator(how: dict[str, Any]) -> None:
    given = {"name": "two", "side": "generator", "reads": ("ink",), "call": lambda c: c, **how}
    terms = (WeightedTerm("g/two", "test/two", LossTerm(**given), LossKeys()),)
    check_models(terms, {"noise": (4, 4, 1)}, None)
    with pytest.raises(UsageError, match=r"loss two .*takes no noise: .*noise=middle"):
        check_models(terms, {"image": (4, 4, 1)}, None)
