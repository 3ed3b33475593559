"""What every discriminator must do."""

from zoo.testing.checks.discriminator import outputs, training, purity  # noqa: F401, I001
