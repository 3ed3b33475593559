"""What every generator must do."""

# In this order: a fresh process starts while the others run, and saving needs it last.
from zoo.testing.checks import network  # noqa: F401, I001
from zoo.testing.checks.generator import outputs, training, saving  # noqa: F401
