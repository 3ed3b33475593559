"""What every discriminator must do."""

from zoo.testing.checks import network  # noqa: F401
from zoo.testing.checks.discriminator import outputs, training  # noqa: F401
