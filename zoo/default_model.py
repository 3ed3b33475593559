"""Which installed model completes a picture when the user names none."""

from collections.abc import Callable

from zoo.errors import UsageError
from zoo.registry import list_components
from zoo.specs import ModelSpec

DEFAULT = "default"
"""The tag of models that may be taken for any picture."""


def default_models() -> list[tuple[int, str]]:
    """Size and id of each installed model that may be taken, from the smallest to the largest.

    Raises:
        UsageError: There is none.
    """
    installed = list_components("model")
    models = [
        (component.spec.size, component.id)
        for component in installed
        if isinstance(component.spec, ModelSpec) and DEFAULT in component.spec.tags
    ]
    if not models:
        others = f"; installed: {', '.join(c.spec.name for c in installed)}" if installed else ""
        raise UsageError(
            "no model that completes any picture is installed: pip install sketch-zoo-models, "
            f"or name one with --model{others}"
        )
    return sorted(models)


def choose_model(models: list[tuple[int, str]], side: Callable[[int], int]) -> str:
    """The id of the smallest model that need not shrink what it works on, else of the largest.

    Args:
        models: As of ``default_models``.
        side: From a model's size to the pixels that the widest square has that it would work on.
    """
    return next((name for size, name in models if side(size) <= size), models[-1][1])
