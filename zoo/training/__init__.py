"""Training: one step, the loop around it, checkpoints and samples."""
