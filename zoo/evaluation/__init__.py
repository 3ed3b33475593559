"""How well a hole was redrawn: metrics, floors, protocols and their results."""
