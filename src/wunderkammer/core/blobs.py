"""Blobs: images that stages make, and originals; a file proves its own content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from wunderkammer.core.errors import ImageMissingError
from wunderkammer.core.files import HOW_TO_MEND, write_bytes
from wunderkammer.core.together import Together

ORIGINALS = "media"
"""Folder of the originals below the collection."""

_together: ContextVar[Together | None] = ContextVar("together", default=None)


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
        store(path, content)
    return cell


def store(path: Path, content: bytes) -> None:
    """Write an image whole; within :func:`stored_together` with all others at its end."""
    together = _together.get()
    if together is None:
        write_bytes(path, content)
    else:
        together.begin(path).write_bytes(content)


@contextmanager
def stored_together() -> Iterator[None]:
    """Flush the images that are stored while a block runs together, at its end.

    They are there after the block, or as soon as one of them is read by
    :func:`read_blob`. Flushing each alone costs more than making a thumbnail.
    """
    with Together() as together:
        token = _together.set(together)
        try:
            yield
        finally:
            _together.reset(token)


def read_blob(root: Path, cell: str) -> bytes:
    """Return the bytes of a blob.

    Raises
    ------
    ImageMissingError
        If the file is gone or its bytes are not those that were stored.
    """
    path = root / cell
    together = _together.get()
    if together is not None and not path.exists():
        together.settle()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ImageMissingError(
            f"{cell} was made and is no longer there.", hint=HOW_TO_MEND
        ) from None
    if hashlib.sha256(content).hexdigest() != path.stem:
        raise ImageMissingError(f"{cell} has other bytes than were stored.", hint=HOW_TO_MEND)
    return content


def original_path(media_id: str, suffix: str) -> str:
    """Return where the original of a medium lies, relative to the collection.

    Examples
    --------
    >>> original_path("db3d448e228f599435d6", ".jpg")
    'media/db/db3d448e228f599435d6.jpg'
    """
    return f"{ORIGINALS}/{media_id[:2]}/{media_id}{suffix}"
