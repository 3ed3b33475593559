"""``zoo train --dry-run``: what would be trained, and what it would take."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zoo.quiet import import_tensorflow
from zoo.training.run import drawings, prepare

if TYPE_CHECKING:
    import keras

_MIB = 2**20


def plan(
    flags: dict[str, Any], *, preset: str | None, file: Path | None, edits: Iterable[str]
) -> str:
    """Resolve and build everything, and describe it. Writes nothing.

    Raises:
        UsageError: What training would refuse.
    """
    config, source = prepare(flags, preset=preset, file=file, edits=edits)
    import_tensorflow()
    from zoo.model_size import activation_bytes, parameter_count
    from zoo.training.setup import make_trainer

    trainer = make_trainer(config, source)
    state, batch = trainer.state, config.settings.batch_size
    models: dict[str, keras.Model] = {"generator": state.generator}
    if state.critic is not None:
        models["discriminator"] = state.critic
    lines = [trainer.config.to_toml(), f"# {drawings(source)}"]
    lines += [f"# {len(trainer.train.indices)} of them for training"]
    weights = activations = 0
    for name, model in models.items():
        count = parameter_count(model)
        lines.append(f"# {name}: {count:,} parameters")
        # Weights, gradients and Adam's two moments, float32; the generator's average beside them.
        weights += count * 4 * (5 if name == "generator" else 4)
        # The discriminator judges real and generated drawings on its side, and once more.
        passes = 1 if name == "generator" else 3
        activations += passes * activation_bytes(model, batch)
    lines.append(
        f"# memory, roughly: {(weights + 2 * activations) / _MIB:,.0f} MiB "
        f"(weights and optimizer {weights / _MIB:,.0f}, activations {2 * activations / _MIB:,.0f})"
    )
    return "\n".join(lines)
