"""Torch modules: no paths, no printing, no data."""
