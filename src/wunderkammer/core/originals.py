"""Originals: the bytes that were verified when a medium's image was read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wunderkammer.core.errors import ImageError, ImageMissingError


def read_original(root: Path, row: Mapping[str, Any]) -> bytes:
    """Return the original of a medium.

    Parameters
    ----------
    root : Path
        The collection's folder.
    row : mapping
        With ``original`` or ``content_path``, where it lies below the folder, and ``sha256``.

    Raises
    ------
    ImageMissingError
        If it cannot be read.
    ImageError
        If its bytes are not those that were verified.
    """
    where = str(row.get("original") or row["content_path"])
    try:
        content = (root / where).read_bytes()
    except OSError as error:
        raise ImageMissingError(
            f"{where} cannot be read: {error.strerror or error}.",
            hint="Look whether it was moved; then 'wk run --retry-failed'.",
        ) from None
    if hashlib.sha256(content).hexdigest() != row["sha256"]:
        raise ImageError(
            f"{where} has other bytes than when it was verified.", hint="Run 'wk run' again."
        )
    return content
