"""Which loss terms a run has, and with what weight each counts at a step."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zoo import registry
from zoo.config import RunConfig
from zoo.contracts.loss import LossTerm
from zoo.errors import PluginError, UsageError
from zoo.options import LossKeys

if TYPE_CHECKING:
    import keras


# Words of a term's ``requires`` that the models provide, which are built later.
_OF_MODELS = ("features", "noise")


@dataclass(frozen=True)
class WeightedTerm:
    """A term of a run.

    Attributes:
        label: Unique within the run: ``g/ink_bce``, ``d/bce``.
        loss: Canonical id of the loss that it comes from.
        term: The term.
        keys: Weight, start, ramp and every, as the user gave them.
    """

    label: str
    loss: str
    term: LossTerm
    keys: LossKeys

    def weight_at(self, step: int) -> float:
        """The factor at a step; 0 means that the term is not computed."""
        if self.term.adversarial and self.term.side == "discriminator":
            return self.keys.d_weight if step >= self.keys.d_start else 0.0
        if step < self.keys.start or step % self.keys.every:
            return 0.0
        grown = (step - self.keys.start + 1) / self.keys.ramp if self.keys.ramp else 1.0
        return self.keys.weight * self.keys.every * min(1.0, grown)


def make_terms(config: RunConfig) -> tuple[WeightedTerm, ...]:
    """Build the terms of a run.

    Raises:
        UsageError: Two adversarial pairs, or one without a discriminator, a term whose
            requirement no other term provides, or ``n_critic`` without a discriminator.
        PluginError: A loss does not return a tuple of terms.
    """
    terms: list[WeightedTerm] = []
    for part in config.loss:
        built = registry.build("loss", part.id, part.options)
        if not isinstance(built, tuple) or not all(isinstance(t, LossTerm) for t in built):
            raise PluginError(f"loss {part.id}: build() must return a tuple of LossTerm")
        for term in built:
            label = f"{term.side[0]}/{term.name}"
            if label in {t.label for t in terms}:
                label = f"{label}@{part.id}"
            terms.append(WeightedTerm(label, part.id, term, part.keys))
    _check(config, terms)
    return tuple(terms)


def weights_at(terms: Iterable[WeightedTerm], step: int) -> dict[str, float]:
    """Label -> factor of the terms that count at a step."""
    weights = {t.label: t.weight_at(step) for t in terms}
    return {label: weight for label, weight in weights.items() if weight > 0}


def reads(terms: Iterable[WeightedTerm], field: str) -> bool:
    """Whether any term reads that field of the context."""
    return any(field in t.term.reads for t in terms)


def check_models(
    terms: Iterable[WeightedTerm], inputs: Mapping[str, Any], critic: "keras.Model | None"
) -> None:
    """Refuse terms that cannot work with these models.

    Args:
        terms: The run's terms.
        inputs: The generator's inputs.
        critic: The discriminator, or None.

    Raises:
        UsageError: A term needs a noise input, features of the discriminator, or the gradient of
            one that couples examples.
    """
    import keras

    for t in terms:
        needed = set(t.term.reads) | set(t.term.requires)
        if "noise" not in inputs and needed & {"noise", "second"}:
            raise UsageError(
                f"loss {t.term.name} compares noise draws, but the generator takes no noise: "
                "choose one that does, or its option noise=middle"
            )
        if "features" in needed and not (critic and critic.output["features"]):
            raise UsageError(
                f"loss {t.term.name} compares the discriminator's features, but there are none: "
                "choose one that gives them, such as --disc patch"
            )
        if critic is not None and "d_gradient" in t.term.reads:
            coupled = [
                layer
                for layer in critic._flatten_layers()
                if isinstance(layer, keras.layers.BatchNormalization)
            ]
            if coupled:
                raise UsageError(
                    f"loss {t.term.name} needs each example's own gradient, but the discriminator "
                    f"couples examples in {coupled[0].name}: choose norm=none"
                )


def _check(config: RunConfig, terms: list[WeightedTerm]) -> None:
    pairs = list(dict.fromkeys(t.loss for t in terms if t.term.adversarial))
    if len(pairs) > 1:
        raise UsageError(f"two adversarial pairs at once: {' and '.join(pairs)}. Keep one --loss")
    judged = [t.term.name for t in terms if _needs_critic(t.term)]
    if config.disc is None and judged:
        raise UsageError(f"loss {judged[0]} needs a discriminator: give --disc, or leave it out")
    if config.disc is not None and not pairs:
        raise UsageError(
            f"discriminator {config.disc.name} would learn nothing: add an adversarial loss "
            "such as --loss bce:weight=0.01, or say --disc none"
        )
    if config.disc is None and config.settings.n_critic > 1:
        raise UsageError(
            f"n_critic={config.settings.n_critic} counts steps of a discriminator: "
            "give --disc, or set n_critic=1"
        )
    provided = {*_OF_MODELS, *(word for t in terms for word in t.term.provides)}
    for t in terms:
        for word in sorted(set(t.term.requires) - provided):
            raise UsageError(f"loss {t.term.name} needs a {word}: add {_providers(word)}")


def _providers(word: str) -> str:
    """What to add for a word that no term provides."""
    if word == "regulariser":
        return "--loss gradient_penalty:weight=10 or --loss r1"
    return f"a --loss that provides {word}"


def _needs_critic(term: LossTerm) -> bool:
    return term.side == "discriminator" or bool(
        {"d_real", "d_fake", "d_gradient"} & set(term.reads)
    )
