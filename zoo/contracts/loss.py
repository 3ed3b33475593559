"""The contract of a loss.

The spec's target is a function ``build(options) -> tuple[LossTerm, ...]``:

    def build(options: zoo.Options) -> tuple[LossTerm, ...]:
        def l1(c: LossContext) -> tf.Tensor:
            return tf.reduce_sum(tf.abs(c.ink - c.target) * c.mask, (1, 2, 3))

        return (LossTerm(name="l1", side="generator", reads=("ink", "target", "mask"), call=l1),)

A term returns one value per example, shape (B,), unreduced. Core multiplies by weight, start, ramp
and ``every``, takes the mean over the global batch and logs it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    import tensorflow as tf

Side = Literal["generator", "discriminator"]

FIELDS = (
    "target",
    "image",
    "mask",
    "noise",
    "logits",
    "ink",
    "composite",
    "progress",
    "d_real",
    "d_fake",
    "d_gradient",
    "second",
)


@dataclass(frozen=True)
class Judgement:
    """What the discriminator says of a batch.

    Attributes:
        logits: Maps of shape (B, 1) or (B, h, w, 1), > 0 for real.
        features: Activations for feature matching; may be empty.
    """

    logits: tuple[Any, ...]
    features: tuple[Any, ...]


@dataclass(frozen=True)
class Drawing:
    """One pass of the generator: the ``noise`` it was given and what it drew."""

    noise: Any
    logits: Any
    ink: Any
    composite: Any


class LossContext(Protocol):
    """What a term may read, if its ``reads`` declares it. Lazy, cached within a side.

    Images are (B, H, W, 1) float32, ink = 1; ``mask`` is 1 in the hole.
    """

    @property
    def target(self) -> "tf.Tensor":
        """The true drawing."""
        ...

    @property
    def image(self) -> "tf.Tensor":
        """The drawing with an emptied hole."""
        ...

    @property
    def mask(self) -> "tf.Tensor":
        """1 = hole."""
        ...

    @property
    def noise(self) -> "tf.Tensor":
        """The generator's noise input, in the shape that it declares."""
        ...

    @property
    def logits(self) -> "tf.Tensor":
        """The generator's output."""
        ...

    @property
    def ink(self) -> "tf.Tensor":
        """Sigmoid of the logits: the generator's drawing before compositing."""
        ...

    @property
    def composite(self) -> "tf.Tensor":
        """``image * (1 - mask) + ink * mask``."""
        ...

    @property
    def progress(self) -> "tf.Tensor":
        """Scalar, 0 at the first step and 1 at the end of training."""
        ...

    @property
    def d_real(self) -> Judgement:
        """The discriminator on true drawings; a stop-gradient on the generator's side."""
        ...

    @property
    def d_fake(self) -> Judgement:
        """The discriminator on generated drawings."""
        ...

    def d_gradient(self, at: Literal["real", "fake", "mix"]) -> "tf.Tensor":
        """The critic's gradient with respect to the drawing, (B, H, W, 1).

        Of the sum over maps of each example's mean logit. ``mix`` is a uniform interpolation
        between the real and the generated drawing.
        """
        ...

    @property
    def second(self) -> Drawing:
        """Another completion of the same drawing, from another noise draw."""
        ...


@dataclass(frozen=True, kw_only=True)
class LossTerm:
    """One term of one side.

    Attributes:
        name: Shown in logs and messages.
        side: Whose weights it teaches.
        reads: Fields of the context that it uses; reading another one is an error.
        call: From the context to one value per example, shape (B,).
        adversarial: Part of an adversarial pair; there is one pair at most.
        zero_at_truth: 0 when the generator draws the truth.
        per_stage: Also called for each earlier stage, with ``logits``, ``ink`` and ``composite``
            rebound.
        requires: Words that another term of the run must provide (``"regulariser"``), or a model:
            ``"features"`` the discriminator, ``"noise"`` (an input) the generator.
        provides: Words that satisfy another term's ``requires``.
    """

    name: str
    side: Side
    reads: Iterable[str]
    call: Callable[[Any], Any]
    adversarial: bool = False
    zero_at_truth: bool = False
    per_stage: bool = False
    requires: Iterable[str] = ()
    provides: Iterable[str] = ()

    def __post_init__(self) -> None:
        """Raise ``ValueError`` if ``side`` or ``reads`` is not of the contract."""
        if self.side not in ("generator", "discriminator"):
            raise ValueError(f"loss term {self.name}: side {self.side!r} is neither of the two")
        unknown = sorted(set(self.reads) - set(FIELDS))
        if unknown:
            raise ValueError(f"loss term {self.name}: the context has no field {unknown[0]!r}")


class LossBuilder(Protocol):
    """What the target of a ``LossSpec`` must be."""

    def __call__(self, options: Any) -> tuple[LossTerm, ...]:
        """Make the terms."""
        ...


def over_maps(function: Callable[..., Any], *maps: Sequence[Any]) -> Any:
    """Average a term per map, then over maps.

    Args:
        function: Elementwise, from one tensor of each sequence to one of the same shape.
        maps: Sequences of (B, …) tensors, of equal length.

    Returns:
        One value per example, shape (B,).
    """
    import tensorflow as tf

    values = [function(*tensors) for tensors in zip(*maps, strict=True)]
    means = [tf.reduce_mean(tf.reshape(v, (tf.shape(v)[0], -1)), axis=1) for v in values]
    return tf.add_n(means) / tf.cast(len(means), means[0].dtype)
