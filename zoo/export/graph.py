"""The graph that is exported: from a drawing with a hole to the finished composite."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from zoo.contracts.generator import input_shapes, split_output

if TYPE_CHECKING:
    import keras

OUTPUT = "completed"


@dataclass(frozen=True)
class Graph:
    """What is exported.

    Attributes:
        module: Holds the weights and the function.
        function: The concrete function from ``signature`` to a dict with ``completed``.
        signature: Its inputs by name, float32 with a free batch size.
        float16: Its weights are float16.
    """

    module: tf.Module
    function: Any
    signature: dict[str, tf.TensorSpec]
    float16: bool


def make_graph(generator: "keras.Model", size: int, *, float16: bool = False) -> Graph:
    """Put a generator between masking and compositing.

    Its inputs are ``image`` (B, H, W, 1) in [0, 1] with ink = 1, ``mask`` (B, H, W, 1) with
    1 = hole, and ``noise`` (B, …), standard normal, if the generator takes it. What ``image`` has
    in the hole is not seen. ``completed`` (B, H, W, 1) is in [0, 1].

    Args:
        generator: A trained generator.
        size: Height and width that it was built for.
        float16: Keep the weights as float16; what is computed with them is float32.
    """
    shapes = input_shapes(generator.name, generator)
    sides: dict[str, tuple[int, ...]] = {"image": (size, size, 1), "mask": (size, size, 1)}
    if "noise" in shapes:
        sides["noise"] = shapes["noise"]
    signature = {
        name: tf.TensorSpec((None, *shape), tf.float32, name) for name, shape in sides.items()
    }
    module = tf.Module()
    module.weights = [_stored(variable.value, float16) for variable in generator.weights]
    split = len(generator.trainable_variables)
    order = {id(v): i for i, v in enumerate(generator.weights)}
    places = [
        order[id(v)] for v in (*generator.trainable_variables, *generator.non_trainable_variables)
    ]

    def complete(**inputs: tf.Tensor) -> dict[str, tf.Tensor]:
        hole = tf.cast(inputs["mask"] > 0, tf.float32)
        visible = inputs["image"] * (1 - hole)
        given = inputs | {"image": visible, "mask": hole}
        weights = [tf.cast(module.weights[place], tf.float32) for place in places]
        output, _ = generator.stateless_call(
            weights[:split], weights[split:], {name: given[name] for name in shapes}, training=False
        )
        logits, _ = split_output(output)
        return {OUTPUT: visible + tf.sigmoid(logits) * hole}

    module.complete = tf.function(complete)
    return Graph(module, module.complete.get_concrete_function(**signature), signature, float16)


def _stored(value: Any, float16: bool) -> tf.Variable:
    return tf.Variable(tf.cast(value, tf.float16) if float16 else value, trainable=False)
