"""An export as one ZIP file: unpacked beside it while it is worked on."""

from __future__ import annotations

import zipfile
from pathlib import Path

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.files import written_whole

_DATE = (1980, 1, 1, 0, 0, 0)
_PACKED = {".csv", ".txt", ".jsonl"}


def unpacked(target: Path) -> Path:
    """Return the folder that an export is worked on in; what the ZIP holds lies in it.

    A folder that a stopped export left is taken up as it is.

    Raises
    ------
    ConfigurationError
        If the file is no ZIP.
    """
    folder = target.with_name(f"{target.name}.unfinished")
    if folder.exists() or not target.exists():
        return folder
    try:
        with zipfile.ZipFile(target) as archive:
            archive.extractall(folder)
    except zipfile.BadZipFile:
        raise ConfigurationError(
            f"{target} is no ZIP file.", hint="Name a new file, or one of an earlier export."
        ) from None
    return folder


def packed(folder: Path, target: Path) -> None:
    """Pack a folder whole, the same bytes for the same files."""
    with written_whole(target) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _DATE)
            how = zipfile.ZIP_DEFLATED if path.suffix in _PACKED else zipfile.ZIP_STORED
            entry.compress_type = how
            entry.external_attr = 0o644 << 16
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as goal:
                while piece := source.read(1 << 20):
                    goal.write(piece)
