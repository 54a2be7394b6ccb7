"""One ZIP file with a file a tile, for handing over."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from wunderkammer.core.files import written_whole

_DATE = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


class ZipWriter:
    """Writes one ZIP file that holds ``<zoom>/<x>/<y>.<extension>``, stored, not packed.

    The same tiles in the same order give the same bytes. The file appears when the
    ``with`` block ends without an error.

    Parameters
    ----------
    path : Path
        The file, replaced if it is there.
    extension : str
        Such as ``"jpg"``, without a dot.
    about : mapping, optional
        Files that are no tiles, by name; they come first.
    """

    def __init__(
        self, path: Path, extension: str, about: Mapping[str, bytes] | None = None
    ) -> None:
        self._path = path
        self._extension = extension
        self._about = dict(about or {})
        self._stack = ExitStack()
        self._archive: zipfile.ZipFile

    def __enter__(self) -> Self:
        """Open the temporary file."""
        temporary = self._stack.enter_context(written_whole(self._path))
        self._archive = self._stack.enter_context(zipfile.ZipFile(temporary, "w"))
        for name, data in self._about.items():
            self._add(name, data)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Move the file to its place, or leave nothing where an error ended the block."""
        self._stack.__exit__(kind, error, trace)

    def write(self, zoom: int, x: int, y: int, data: bytes) -> None:
        """Store the bytes of one tile; each address once."""
        self._add(f"{zoom}/{x}/{y}.{self._extension}", data)

    def _add(self, name: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(name, _DATE)
        entry.external_attr = _READABLE
        self._archive.writestr(entry, data)
