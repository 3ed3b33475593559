"""What every generator must do."""

from zoo.testing.checks.generator import outputs, training, purity, saving  # noqa: F401, I001
