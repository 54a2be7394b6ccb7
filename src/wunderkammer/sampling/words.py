"""Lists of names, as people type them on a command line."""

from __future__ import annotations

from typing import Any


def words(value: Any) -> Any:
    """Return text that lists names as these names; anything else as it is.

    Examples
    --------
    >>> words("Nymphalidae, Pieris rapae")
    ('Nymphalidae', 'Pieris rapae')
    """
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    return value
