"""Starting a generator from a trained one: all of its weights, or those that fit."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.bundles import load_generator, read_manifest
from zoo.errors import UsageError

if TYPE_CHECKING:
    import keras


def start_from(bundle: Path, model: "keras.Model") -> None:
    """Give a generator the weights of a trained one, layer by layer.

    Layers correspond by the names that their author gave them; their weights must have the same
    shapes. Other layers, such as a stem and a head for another size, keep their own start, which a
    line on stderr says.

    Raises:
        UsageError: No layer corresponds, or the trained generator's plugin is missing.
        RunError: The bundle is damaged.
    """
    trained = load_generator(bundle, read_manifest(bundle))
    source, target = _layers(trained), _layers(model)
    if [_shapes(layer) for _, layer in source] == [_shapes(layer) for _, layer in target]:
        model.set_weights(trained.get_weights())
        return
    known, taken, fresh = dict(source), 0, []
    for name, layer in target:
        given = known.get(name)
        if given is None or _is_unnamed(layer) or _shapes(given) != _shapes(layer):
            fresh.append(name)
            continue
        layer.set_weights(given.get_weights())
        taken += layer.count_params()
    if not taken:
        raise UsageError(
            f"init {bundle}: no layer of {trained.name} fits {model.name}: "
            "start from the same generator, or without --init"
        )
    share = taken / model.count_params()
    print(
        f"zoo: {share:.0%} of the weights start from {bundle}; fresh: {', '.join(fresh)}",
        file=sys.stderr,
    )


def _layers(model: "keras.Model") -> list[tuple[str, Any]]:
    return [(layer.name, layer) for layer in model.layers if layer.weights]


def _shapes(layer: Any) -> list[tuple[int, ...]]:
    return [tuple(weight.shape) for weight in layer.weights]


def _is_unnamed(layer: Any) -> bool:
    """Whether Keras made the name up, from the layer's type and a running number."""
    words: str = layer.name.replace("_", "").rstrip("0123456789")
    return words == type(layer).__name__.lower().rstrip("0123456789")
