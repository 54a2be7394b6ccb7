"""Storage: collections that live in a bucket, and atlases published to one.

A bucket holds a collection as objects that never change and a chain of numbered
manifests; a machine works on a copy of it in a folder. See
``docs/how-to/bucket.md`` and the decision "A bucket holds, a working copy works".
"""

from __future__ import annotations

import re
from pathlib import Path

_SCHEME = re.compile(r"^([a-z][a-z0-9+]*)://")

KNOWN = ("s3", "s3a", "gs", "az", "azure", "abfs", "abfss", "file", "memory")
"""What the address of a bucket may begin with."""

MARK = ".bucket"
"""Folder in a working copy of what belongs to the copy, not to the collection."""


def is_address(text: str | Path) -> bool:
    """Tell whether this names a place in a bucket, not a folder.

    Examples
    --------
    >>> is_address("s3://museum/moths"), is_address("moths"), is_address(Path("a/b"))
    (True, False, False)
    """
    return isinstance(text, str) and _SCHEME.match(text) is not None


def is_copy(root: Path) -> bool:
    """Tell whether a folder is the working copy of a collection in a bucket."""
    return (root / MARK / "address").exists()
