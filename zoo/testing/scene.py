"""What losses are checked on: drawings, a tiny generator and a tiny critic."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from zoo.contracts.loss import Drawing, LossTerm, Side
from zoo.training.context import Context, judge, make_drawing, still, still_judgement

BATCH, HEIGHT, WIDTH = 3, 16, 24
NOISE = (4,)


@dataclass(frozen=True)
class Scene:
    """Drawings, holes and two generator's passes: what a context is made of.

    Attributes:
        target: (B, H, W, 1) the true drawings.
        mask: (B, H, W, 1), 1 = hole.
        logits: (B, H, W, 1) of the first pass.
        second: (B, H, W, 1) logits of the second.
        noise: (B, 4) of the first.
        noise_b: (B, 4) of the second.
        mix: (B, 1, 1, 1) in [0, 1].
    """

    target: Any
    mask: Any
    logits: Any
    second: Any
    noise: Any
    noise_b: Any
    mix: Any

    def map(self, change: Callable[[Any], Any]) -> "Scene":
        """The scene with every tensor changed."""
        return Scene(**{name: change(tensor) for name, tensor in vars(self).items()})

    def at_truth(self) -> "Scene":
        """The scene whose passes both draw the truth, as far as logits can."""
        logits = tf.math.log(self.target) - tf.math.log1p(-self.target)
        return replace(self, logits=logits, second=logits)


def scene(seed: int = 0) -> Scene:
    """Random grey lines (never quite paper or ink), boxes as holes, and random passes."""
    rng = np.random.default_rng(seed)
    shape = (BATCH, HEIGHT, WIDTH, 1)
    target = np.full(shape, 0.02)
    mask = np.zeros(shape)
    for drawing, hole in zip(target, mask, strict=True):
        drawing[rng.integers(HEIGHT, size=3)] = 0.9
        drawing[:, rng.integers(WIDTH, size=3)] = 0.7
        top, left = rng.integers(HEIGHT // 2), rng.integers(WIDTH // 2)
        hole[top : top + HEIGHT // 2, left : left + WIDTH // 2] = 1
    values = {
        "target": target,
        "mask": mask,
        "logits": rng.standard_normal(shape),
        "second": rng.standard_normal(shape),
        "noise": rng.standard_normal((BATCH, *NOISE)),
        "noise_b": rng.standard_normal((BATCH, *NOISE)),
        "mix": rng.random((BATCH, 1, 1, 1)),
    }
    return Scene(**{name: tf.constant(value, tf.float32) for name, value in values.items()})


def context(scene: Scene, side: Side) -> Context:
    """A side's context, as core makes it: the other side's part gets no gradient."""
    image = scene.target * (1 - scene.mask)
    first = make_drawing(scene.logits, scene.noise, image, scene.mask)
    second = make_drawing(scene.second, scene.noise_b, image, scene.mask)
    generator_side = side == "generator"

    def look(drawing: Any) -> Any:
        return judge(critic(), drawing, scene.mask, moves=False)

    def look_real(drawing: Any) -> Any:
        return still_judgement(look(drawing)) if generator_side else look(drawing)

    def own(drawing: Drawing) -> Drawing:
        return drawing if generator_side else still(drawing)

    return Context(
        {"target": scene.target, "mask": scene.mask, "mix": scene.mix},
        own(first),
        tf.constant(0.5),
        judge_real=look_real,
        judge_fake=look,
        judge_again=look,
        draw_second=lambda: own(second),
        critic_sees="composite",
    )


def value(term: LossTerm, scene: Scene) -> Any:
    """A term's values, flat, without asking whether it declared what it reads."""
    return tf.reshape(term.call(context(scene, term.side)), (-1,))


@cache
def critic() -> keras.Model:
    """Two maps of logits and features; examples are judged one by one."""
    keras.utils.set_random_seed(1)
    image, mask = (keras.Input((HEIGHT, WIDTH, 1), name=name) for name in ("image", "mask"))
    x = keras.layers.Concatenate()([image, mask])
    x = keras.layers.LeakyReLU()(keras.layers.Conv2D(6, 3, 2, padding="same")(x))
    whole = keras.layers.Dense(1)(keras.layers.Flatten()(x))
    logits = [whole, keras.layers.Conv2D(1, 1)(x)]
    return keras.Model({"image": image, "mask": mask}, {"logits": logits, "features": [x]})


def generator() -> keras.Model:
    """Two convolutions, noise as a vector, an early stage."""
    keras.utils.set_random_seed(0)
    image, mask = (keras.Input((HEIGHT, WIDTH, 1), name=name) for name in ("image", "mask"))
    noise = keras.Input(NOISE, name="noise")
    x = keras.layers.Conv2D(4, 3, padding="same")(keras.layers.Concatenate()([image, mask]))
    x = keras.layers.LeakyReLU()(x + keras.layers.Reshape((1, 1, 4))(keras.layers.Dense(4)(noise)))
    early, logits = (keras.layers.Conv2D(1, 3, padding="same")(x) for _ in range(2))
    inputs = {"image": image, "mask": mask, "noise": noise}
    return keras.Model(inputs, {"logits": logits, "stages": [early]})
