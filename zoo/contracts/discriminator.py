"""The contract of a discriminator.

The spec's target is a function ``build(options, image_shape) -> keras.Model``:

    def build(options: TinyOptions, image_shape: tuple[int, int, int]) -> keras.Model:
        image = keras.Input(image_shape, name="image")
        mask = keras.Input(image_shape, name="mask")
        x = keras.layers.Concatenate()([image, mask])
        x = keras.layers.Conv2D(options.width, 4, 2, padding="same", activation="leaky_relu")(x)
        logits = keras.layers.Conv2D(1, 4, padding="same")(x)
        return keras.Model({"image": image, "mask": mask}, {"logits": [logits], "features": [x]})

Inputs: a dict of ``image`` (B, H, W, 1), ink in [0, 1], and optionally ``mask`` (1 = hole).

Output: a dict of ``logits``, a list of ``(B, 1)`` or ``(B, h, w, 1)`` maps, > 0 for real and never
squashed, and ``features``, a list of activations for feature matching, which may be empty.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from zoo.errors import PluginError

if TYPE_CHECKING:
    import keras

INPUTS = ("image", "mask")


class DiscriminatorBuilder(Protocol):
    """What the target of a ``DiscriminatorSpec`` must be."""

    def __call__(self, options: Any, image_shape: tuple[int, int, int]) -> "keras.Model":
        """Build the model for images of ``(height, width, 1)``."""
        ...


def check_model(name: str, model: "keras.Model") -> None:
    """Refuse a model whose inputs or outputs break the contract.

    Raises:
        PluginError: Inputs or outputs are not the dicts that the contract asks for.
    """
    inputs, output = model.input, model.output
    if not isinstance(inputs, Mapping) or "image" not in inputs or not set(inputs) <= set(INPUTS):
        raise PluginError(f"discriminator {name}: its inputs must be a dict of image and mask")
    if not isinstance(output, Mapping) or not output.get("logits") or "features" not in output:
        raise PluginError(
            f"discriminator {name}: its output must be a dict of logits and features, both lists"
        )
