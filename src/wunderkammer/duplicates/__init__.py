"""Duplicates: which fingerprints are near each other, and which medium of a group is kept."""
