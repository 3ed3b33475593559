"""Keras layers that several plugins share."""
