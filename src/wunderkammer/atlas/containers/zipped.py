"""One ZIP file with a file a tile, for handing over."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from wunderkammer.atlas.containers._whole import WrittenWhole
from wunderkammer.core.files import written_whole

_DATE = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


class ZipWriter(WrittenWhole):
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
        self._archive: zipfile.ZipFile

    def _begin(self, stack: ExitStack) -> None:
        temporary = stack.enter_context(written_whole(self._path))
        self._archive = stack.enter_context(zipfile.ZipFile(temporary, "w"))
        for name, data in self._about.items():
            self._add(name, data)

    def write(self, zoom: int, x: int, y: int, data: bytes) -> None:
        """Store the bytes of one tile; each address once."""
        self._add(f"{zoom}/{x}/{y}.{self._extension}", data)

    def _add(self, name: str, data: bytes) -> None:
        entry = zipfile.ZipInfo(name, _DATE)
        entry.external_attr = _READABLE
        self._archive.writestr(entry, data)
