"""Metrics: what was kept, what was lost."""
