"""The checks, one module per kind, and those that every component must pass."""
