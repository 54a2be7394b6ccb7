"""Blobs: images that stages make, and originals; a file proves its own content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from wunderkammer.core.errors import ImageMissingError
from wunderkammer.core.files import write_bytes

ORIGINALS = "media"
"""Folder of the originals below the collection."""


def write_blob(root: Path, column: str, content: bytes, suffix: str) -> str:
    """Store an image that a stage made and return its cell.

    Parameters
    ----------
    root : Path
        The collection's folder.
    column : str
        The column it belongs to.
    content : bytes
        The encoded image.
    suffix : str
        With its dot, such as ``".jpg"``.

    Returns
    -------
    str
        ``blobs/<column>/<ab>/<sha256><suffix>``, relative to ``root``. The name
        is the SHA-256 of the bytes, so equal images are stored once, nothing is
        ever overwritten, and the cell's value changes when the image does.
    """
    digest = hashlib.sha256(content).hexdigest()
    cell = f"blobs/{column}/{digest[:2]}/{digest}{suffix}"
    path = root / cell
    if not path.exists():
        write_bytes(path, content)
    return cell


def read_blob(root: Path, cell: str) -> bytes:
    """Return the bytes of a blob.

    Raises
    ------
    ImageMissingError
        If the file is gone or its bytes are not those that were stored.
    """
    path = root / cell
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ImageMissingError(
            f"{cell} was made and is no longer there.", hint="Run the stage that makes it again."
        ) from None
    if hashlib.sha256(content).hexdigest() != path.stem:
        raise ImageMissingError(
            f"{cell} has other bytes than were stored.", hint="Delete it and run its stage again."
        )
    return content


def original_path(media_id: str, suffix: str) -> str:
    """Return where the original of a medium lies, relative to the collection.

    Examples
    --------
    >>> original_path("db3d448e228f599435d6", ".jpg")
    'media/db/db3d448e228f599435d6.jpg'
    """
    return f"{ORIGINALS}/{media_id[:2]}/{media_id}{suffix}"
