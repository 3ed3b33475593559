"""Packages to start from: a plugin for each kind of component, and a trained model."""
