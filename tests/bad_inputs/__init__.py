"""Inputs that are wrong, by the hundred: each with what must become of it."""

from bad_inputs import archives, collections, folders, portals, stored, tables
from bad_inputs.case import BadInput

__all__ = ["CASES", "BadInput"]

CASES: list[BadInput] = [
    *tables.CASES,
    *archives.CASES,
    *portals.CASES,
    *folders.CASES,
    *collections.CASES,
    *stored.CASES,
]
