"""What every loss must do."""

import itertools
from dataclasses import dataclass, field, replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from zoo.contracts.loss import Judgement, LossTerm
from zoo.errors import PluginError
from zoo.options import LossKeys
from zoo.settings import Settings
from zoo.testing.check import ConformanceError, Subject, check, require
from zoo.testing.scene import BATCH, Scene, context, critic, generator, scene, value
from zoo.testing.state import changed_since, snapshot
from zoo.training.context import View
from zoo.training.objective import WeightedTerm, weights_at
from zoo.training.state import TrainState
from zoo.training.step import make_step

_EQUAL = 1e-4
# What a term of an earlier stage sees of that stage.
_OF_STAGE = {"logits", "ink", "composite", "d_fake"}


def _terms(subject: Subject) -> tuple[LossTerm, ...]:
    terms = subject.build()
    require(
        isinstance(terms, tuple) and terms and all(isinstance(t, LossTerm) for t in terms),
        f"build returned {terms!r}: return a tuple of zoo.LossTerm",
    )
    return terms


def _differ(a: Any, b: Any) -> bool:
    a, b = np.asarray(a, float), np.asarray(b, float)
    return a.shape != b.shape or not np.allclose(a, b, rtol=_EQUAL, atol=_EQUAL)


@check("loss")
def terms_have_names_of_their_own(subject: Subject) -> None:
    """``build`` returns a tuple of terms, no two of a side with the same name."""
    names = [(term.side, term.name) for term in _terms(subject)]
    twice = sorted({name for side, name in names if names.count((side, name)) > 1})
    require(not twice, f"two terms of a side are called {', '.join(twice)}")


@check("loss")
def gives_one_value_per_example(subject: Subject) -> None:
    """Each term returns shape (B,) in the drawings' dtype."""
    given = scene()
    for term in subject.once(_terms):
        result = term.call(context(given, term.side))
        require(
            tuple(result.shape) == (BATCH,) and result.dtype == given.target.dtype,
            f"term {term.name} returned {result.dtype.name} {tuple(result.shape)} for {BATCH} "
            f"drawings of {given.target.dtype.name}: return one value per example, unreduced",
        )


@check("loss")
def survives_extremes(subject: Subject) -> None:
    """Values and gradients are finite for sure logits, blank and full drawings, all and no hole."""
    for logit, ink, hole in itertools.product((-1e4, 0.0, 1e4), (0.0, 1.0), (0.0, 1.0)):
        ones = tf.ones_like(scene().target)
        given = replace(
            scene(), target=ink * ones, mask=hole * ones, logits=logit * ones, second=logit * ones
        )
        when = f"for logits {logit:g}, {'full' if ink else 'blank'} drawings, hole {hole:g}"
        _require_finite(subject, given, when)


@check("loss")
def survives_any_critic(subject: Subject) -> None:
    """Values and gradients are finite for a critic without a slope, and for a steep one."""
    before = critic().get_weights()
    try:
        for factor, when in ((0.0, "without a slope"), (100.0, "with large weights")):
            critic().set_weights([factor * weight for weight in before])
            _require_finite(subject, scene(), f"for a critic {when}")
    finally:
        critic().set_weights(before)


def _require_finite(subject: Subject, given: Scene, when: str) -> None:
    for term in subject.once(_terms):
        values, gradients = _own_gradient(term, given)
        finite = all(np.isfinite(x).all() for x in (values, *gradients))
        require(
            finite,
            f"term {term.name} or its gradient is not finite {when}: bound roots and logarithms",
        )


@check("loss")
def teaches_its_side(subject: Subject) -> None:
    """A gradient reaches the side that the term is of."""
    for term in subject.once(_terms):
        _, gradients = _own_gradient(term, scene())
        taught = any(np.any(gradient) for gradient in gradients)
        require(
            taught, f"no gradient of term {term.name} reaches the {term.side}: it teaches nothing"
        )


def _own_gradient(term: LossTerm, given: Scene) -> tuple[np.ndarray, list[np.ndarray]]:
    """Values, and what of their gradient reaches the term's own side."""
    own = (
        [given.logits, given.second]
        if term.side == "generator"
        else [weight.value for weight in critic().trainable_weights]
    )
    with tf.GradientTape() as tape:
        tape.watch(own)
        values = value(term, given)
    gradients = tape.gradient(values, own)
    return values.numpy(), [np.asarray(g) for g in gradients if g is not None]


def _promises_no_zero(subject: Subject) -> str:
    promised = any(term.zero_at_truth for term in subject.once(_terms))
    return "" if promised else "no term declares zero_at_truth"


@check("loss", unless=_promises_no_zero)
def is_zero_at_the_truth(subject: Subject) -> None:
    """A term that declares ``zero_at_truth`` is 0 for the true drawing."""
    for term in subject.once(_terms):
        if term.zero_at_truth:
            worst = float(np.abs(value(term, scene().at_truth())).max())
            require(
                worst <= _EQUAL, f"term {term.name} is {worst:.3g} at the truth, and declares 0"
            )


@check("loss")
def duplicates_change_nothing(subject: Subject) -> None:
    """A batch that has every example twice gives every value twice."""
    given = scene()
    twice = given.map(lambda x: tf.concat([x, x], 0))
    for term in subject.once(_terms):
        once, doubled = value(term, given), value(term, twice)
        require(
            not _differ(np.tile(once, 2), doubled),
            f"term {term.name} gives other values for a batch with every example twice: do not "
            "divide or sum over the batch",
        )


@check("loss")
def examples_are_independent(subject: Subject) -> None:
    """An example's value does not depend on the others of the batch."""
    given, other = scene(0), scene(1)
    for i in range(BATCH):
        mixed = Scene(
            **{
                name: tf.concat([theirs[:i], getattr(given, name)[i : i + 1], theirs[i + 1 :]], 0)
                for name, theirs in vars(other).items()
            }
        )
        for term in subject.once(_terms):
            require(
                not _differ(value(term, given)[i : i + 1], value(term, mixed)[i : i + 1]),
                f"term {term.name} of one example changes with the others of its batch",
            )


@check("loss")
def same_value_every_time(subject: Subject) -> None:
    """The same drawings give the same values."""
    for term in subject.once(_terms):
        first, second = (value(term, scene()).numpy() for _ in range(2))
        require(
            np.array_equal(first, second),
            f"term {term.name} is {first} and then {second}: draw no random numbers",
        )


@dataclass(frozen=True)
class _Recorder:
    """Says which fields of a context were read."""

    context: Any
    read: set[str] = field(default_factory=set)

    def __getattr__(self, name: str) -> Any:
        self.read.add(name)
        return getattr(self.context, name)


@check("loss")
def declares_what_it_reads(subject: Subject) -> None:
    """Terms read no field of the context that their ``reads`` leaves out."""
    for term in subject.once(_terms):
        try:
            term.call(View(context(scene(), term.side), term))
        except PluginError as error:
            raise ConformanceError(str(error)) from error


@check("loss")
def reads_what_it_declares(subject: Subject) -> None:
    """Terms read every field that their ``reads`` names: some cost a pass of a network."""
    for term in subject.once(_terms):
        recorder = _Recorder(context(scene(), term.side))
        term.call(recorder)
        unread = sorted(set(term.reads) - recorder.read)
        require(not unread, f"term {term.name} declares {', '.join(unread)} and does not read it")


def _has_no_stages(subject: Subject) -> str:
    return "" if any(t.per_stage for t in subject.once(_terms)) else "no term is per_stage"


@check("loss", unless=_has_no_stages)
def stages_are_judged_by_what_they_draw(subject: Subject) -> None:
    """A term that declares ``per_stage`` has another value for another stage."""
    given = scene()
    for term in subject.once(_terms):
        if term.per_stage:
            of_stage = term.call(context(given, term.side).at_stage(given.second))
            require(
                _differ(of_stage, value(term, given)),
                f"term {term.name} is per_stage, but the same for another stage: it must read one "
                f"of {', '.join(sorted(_OF_STAGE))}",
            )


def _is_no_adversary(subject: Subject) -> str:
    return "" if any(t.adversarial for t in subject.once(_terms)) else "it is not adversarial"


@check("loss", unless=_is_no_adversary)
def adversaries_pull_apart(subject: Subject) -> None:
    """The generator's side raises logits of fakes; the discriminator's, real ones against them."""
    pair = {term.side: term for term in subject.once(_terms) if term.adversarial}
    require(len(pair) == 2, f"it has an adversarial term for the {', '.join(pair)} only")
    # A critic that is wrong about both.
    real, fake = (tf.fill((BATCH, 1), logit) for logit in (-0.5, 0.5))
    slopes = {}
    for side, term in pair.items():
        with tf.GradientTape() as tape:
            tape.watch((real, fake))
            whole = context(scene(), side)
            whole._cache |= {
                "d_real": Judgement((tf.stop_gradient(real) if side == "generator" else real,), ()),
                "d_fake": Judgement((fake,), ()),
            }
            values = term.call(whole)
        gradients = tape.gradient(values, (real, fake))
        slopes[side] = [0.0 if g is None else float(tf.reduce_sum(g)) for g in gradients]
    require(
        slopes["generator"][1] < 0,
        "the generator's term does not fall as the logits of its drawings rise",
    )
    require(
        slopes["discriminator"][0] < 0 < slopes["discriminator"][1],
        "the discriminator's term does not fall as real logits rise against those of fakes",
    )


@check("loss")
def trains_in_a_step(subject: Subject) -> None:
    """In a compiled step its values are finite, and the weights of its side move."""
    models = generator(), generator(), keras.models.clone_model(critic())
    optimizers = []
    for model in (models[0], models[2]):
        optimizer = keras.optimizers.SGD(0.1)
        optimizer.build(model.trainable_variables)
        optimizers.append(optimizer)
    state = TrainState(*models, *optimizers)
    terms = [
        WeightedTerm(f"{t.side[0]}/{t.name}", subject.component.id, t, LossKeys())
        for t in subject.once(_terms)
    ]
    given = scene()
    names = ("target", "mask", "noise", "noise_b", "mix")
    batch = {name: getattr(given, name).numpy() for name in names}
    strategy = tf.distribute.OneDeviceStrategy("/CPU:0")
    before = {side: _weights(model) for side, model in zip("gd", models[::2], strict=True)}
    step = make_step(state, terms, Settings(), strategy, jit=False)
    values = step(batch, weights_at(terms, 0), 0.5, 0.5)
    for label, result in values.items():
        require(np.isfinite(float(result)), f"term {label} is {float(result)} in a step")
    for side in {term.label[0] for term in terms}:
        model = state.generator if side == "g" else state.critic
        assert model is not None
        require(
            not np.array_equal(before[side], _weights(model)),
            f"a step does not move the weights of side {side}",
        )


def _weights(model: keras.Model) -> np.ndarray:
    return np.concatenate([weight.numpy().ravel() for weight in model.trainable_weights])


@check("loss")
def leaves_global_state_alone(subject: Subject) -> None:
    """Seeds, Keras' and NumPy's settings and the environment stay what they are."""
    given = scene()
    critic()
    before = snapshot()
    for term in subject.build():
        value(term, given)
    changed = changed_since(before)
    require(not changed, f"it changes {', '.join(changed)}: leave global state alone")
