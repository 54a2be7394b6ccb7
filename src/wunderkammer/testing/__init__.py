"""Synthetic specimens with known truth, public and seeded."""
