"""The card of a model that a run leaves behind."""

from zoo.config import RunConfig


def run_card(config: RunConfig, step: int, bce: float, f1: float, threshold: float) -> str:
    """Markdown: what the model is, what it was trained on, how it scored.

    Args:
        config: The run's configuration.
        step: Steps done.
        bce: In-hole cross-entropy in nats on the fixed validation drawings.
        f1: Their ``ink_f1``.
        threshold: From where on ink counts as a line, chosen on them.
    """
    disc = config.disc.id if config.disc else "none"
    losses = ", ".join(f"{part.id} x {part.keys.weight:g}" for part in config.loss)
    masks = ", ".join(part.id for part in config.mask)
    return f"""# {config.gen.name} at {config.settings.size}x{config.settings.size}

| | |
|---|---|
| generator | `{config.gen.id}` |
| discriminator | `{disc}` |
| losses | {losses} |
| holes | {masks} |
| drawings | `{config.data.id}` |
| steps | {step} of batch {config.settings.batch_size} |
| cross-entropy in the hole, validation | {bce:.4f} nats |
| ink_f1, validation | {f1:.3f} at threshold {threshold:g}, which was chosen there |

The licence of the weights follows that of the drawings it was trained on.

Use it: `zoo complete sketch.png --mask hole.png --model THIS_FOLDER`
"""
