"""What loss terms read: lazy, cached within a side, and only what they declared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import tensorflow as tf

from zoo.contracts.loss import Drawing, Judgement, LossTerm
from zoo.errors import PluginError

if TYPE_CHECKING:
    import keras

Tensor = Any
Critic = Callable[[Tensor], Judgement]


@dataclass(frozen=True)
class View:
    """A term's sight of the context: reading an undeclared field is an error."""

    context: "Context"
    term: LossTerm

    def __getattr__(self, field: str) -> Any:
        """The field.

        Raises:
            PluginError: The term's ``reads`` does not declare it.
        """
        if field not in self.term.reads:
            raise PluginError(
                f'loss term {self.term.name} reads "{field}" without declaring it: '
                f'add "{field}" to its reads'
            )
        return getattr(self.context, field)


class Context:
    """The fields of ``zoo.contracts.loss.LossContext`` for one side of one step."""

    def __init__(
        self,
        batch: dict[str, Tensor],
        drawing: Drawing,
        progress: Tensor,
        judge_real: Critic,
        judge_fake: Critic,
        judge_again: Critic,
        draw_second: Callable[[], Drawing],
        critic_sees: Literal["composite", "raw"],
    ) -> None:
        """Prepare a side.

        Args:
            batch: ``target`` and ``mask``, and ``mix`` if a gradient is read.
            drawing: The generator's pass, a stop-gradient on the discriminator's side.
            progress: Scalar from 0 to 1.
            judge_real: The discriminator on true drawings.
            judge_fake: The discriminator on generated ones.
            judge_again: The discriminator, moving no statistics.
            draw_second: The generator under the second noise draw.
            critic_sees: What of a drawing the discriminator judges.
        """
        self.target, self.mask = batch["target"], batch["mask"]
        self.image = self.target * (1 - self.mask)
        self.noise, self.logits = drawing.noise, drawing.logits
        self.ink, self.composite = drawing.ink, drawing.composite
        self.progress = progress
        self._batch, self._critic_sees = batch, critic_sees
        self._judge_real, self._judge_fake = judge_real, judge_fake
        self._judge_again, self._draw_second = judge_again, draw_second
        self._cache: dict[str, Any] = {}

    @property
    def _seen(self) -> Tensor:
        return self.composite if self._critic_sees == "composite" else self.ink

    @property
    def d_real(self) -> Judgement:
        """The discriminator on true drawings."""
        return self._once("d_real", lambda: self._judge_real(self.target))

    @property
    def d_fake(self) -> Judgement:
        """The discriminator on generated drawings."""
        return self._once("d_fake", lambda: self._judge_fake(self._seen))

    @property
    def second(self) -> Drawing:
        """Another completion, from another noise draw."""
        return self._once("second", self._draw_second)

    def _once(self, field: str, make: Callable[[], Any]) -> Any:
        # functools.cached_property holds a lock that all replicas' threads share (Python 3.11):
        # one that waits for the others in a reduction would wait for ever.
        if field not in self._cache:
            self._cache[field] = make()
        return self._cache[field]

    def d_gradient(self, at: Literal["real", "fake", "mix"]) -> Tensor:
        """The critic's gradient with respect to the drawing."""
        if at == "mix":
            mix = self._batch["mix"]
            point = mix * self.target + (1 - mix) * self._seen
        else:
            point = self.target if at == "real" else self._seen
        with tf.GradientTape() as tape:
            tape.watch(point)
            maps = self._judge_again(point).logits
            # The sum over the batch: each example's mean logit depends on that example alone.
            scores = [tf.reduce_sum(m) / (m.shape.num_elements() / m.shape[0]) for m in maps]
            total = tf.add_n(scores)
        return tape.gradient(total, point)

    def at_stage(self, logits: Tensor) -> "Context":
        """The same context with an earlier stage's drawing."""
        stage = object.__new__(Context)
        stage.__dict__ = {**self.__dict__, "_cache": {}}
        drawing = make_drawing(logits, self.noise, self.image, self.mask)
        stage.logits, stage.ink, stage.composite = drawing.logits, drawing.ink, drawing.composite
        return stage


def make_drawing(logits: Tensor, noise: Tensor, image: Tensor, mask: Tensor) -> Drawing:
    """Sigmoid and composite, the only place where training does so."""
    ink = tf.sigmoid(logits)
    return Drawing(noise, logits, ink, image * (1 - mask) + ink * mask)


def still(drawing: Drawing) -> Drawing:
    """The drawing without its gradient."""
    fields = (drawing.logits, drawing.ink, drawing.composite)
    return Drawing(drawing.noise, *(tf.stop_gradient(f) for f in fields))


def still_judgement(judgement: Judgement) -> Judgement:
    """The judgement without its gradient."""
    return Judgement(
        tuple(tf.stop_gradient(t) for t in judgement.logits),
        tuple(tf.stop_gradient(t) for t in judgement.features),
    )


def judge(critic: "keras.Model", image: Tensor, mask: Tensor, *, moves: bool) -> Judgement:
    """Run the discriminator in training mode.

    Args:
        critic: The discriminator.
        image: (B, H, W, 1) ink.
        mask: (B, H, W, 1), passed if the model has that input.
        moves: Whether batch normalisation's moving statistics follow.
    """
    inputs = {"image": image, "mask": mask}
    inputs = {key: inputs[key] for key in critic.input}
    if moves:
        output = critic(inputs, training=True)
    else:
        trainable = [tf.convert_to_tensor(v.value) for v in critic.trainable_variables]
        fixed = [tf.convert_to_tensor(v.value) for v in critic.non_trainable_variables]
        output, _ = critic.stateless_call(trainable, fixed, inputs, training=True)
    return Judgement(tuple(output["logits"]), tuple(output["features"]))
