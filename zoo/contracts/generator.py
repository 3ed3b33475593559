"""The contract of a generator.

The spec's target is a function ``build(options, image_shape) -> keras.Model``:

    def build(options: TinyOptions, image_shape: tuple[int, int, int]) -> keras.Model:
        image = keras.Input(image_shape, name="image")
        mask = keras.Input(image_shape, name="mask")
        x = keras.layers.Concatenate()([image, mask])
        x = keras.layers.Conv2D(options.width, 3, padding="same", activation="relu")(x)
        logits = keras.layers.Conv2D(1, 3, padding="same")(x)
        return keras.Model({"image": image, "mask": mask}, logits)

Inputs: a dict of any of
    ``image`` (B, H, W, 1): the drawing, already emptied in the hole (paper = 0 there);
    ``mask`` (B, H, W, 1): 1 = hole;
    ``noise`` (B, …): standard normal, of whatever shape the model's input declares.
Core passes just those that the model has.

Output: ``(B, H, W, 1)`` logits of ink, or a dict with ``logits`` and ``stages`` (a list of the
logits of earlier stages, of the same shape). Core applies the sigmoid and composites the result
with the visible part, so no generator can alter what was visible.

``options.size_multiple`` says of what number H and W must be multiples.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from zoo.errors import PluginError, UsageError
from zoo.options import Options

if TYPE_CHECKING:
    import keras

INPUTS = ("image", "mask", "noise")


class GeneratorBuilder(Protocol):
    """What the target of a ``GeneratorSpec`` must be."""

    def __call__(self, options: Any, image_shape: tuple[int, int, int]) -> "keras.Model":
        """Build the model for images of ``(height, width, 1)``."""
        ...


def check_size(name: str, options: Options, height: int, width: int) -> None:
    """Refuse a size that the generator does not claim.

    Raises:
        UsageError: Height or width is not a multiple of ``options.size_multiple``.
    """
    multiple = options.size_multiple
    if height % multiple or width % multiple:
        near = sorted({max(multiple, side // multiple * multiple) for side in (height, width)})
        fits = ", ".join(str(n) for side in near for n in (side, side + multiple))
        raise UsageError(
            f"generator {name}: size {height}x{width} is not a multiple of {multiple}. "
            f"Sizes that are: {fits}"
        )


def input_shapes(name: str, model: "keras.Model") -> dict[str, tuple[int, ...]]:
    """Shapes without the batch axis of the inputs that the model declares.

    Raises:
        PluginError: The inputs are not a dict, or one is not ``image``, ``mask`` or ``noise``.
    """
    inputs = model.input
    if not isinstance(inputs, Mapping) or not set(inputs) <= set(INPUTS):
        raise PluginError(f"generator {name}: its inputs must be a dict of {', '.join(INPUTS)}")
    return {key: tuple(tensor.shape[1:]) for key, tensor in inputs.items()}


def split_output(output: Any) -> tuple[Any, tuple[Any, ...]]:
    """Logits, and the logits of earlier stages (empty for a model of one stage)."""
    if isinstance(output, Mapping):
        return output["logits"], tuple(output.get("stages", ()))
    return output, ()
