"""Digests of a source's files, remembered so that unchanged files are not read again."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.core.files import file_sha256, written_whole
from wunderkammer.core.settings import digest_of
from wunderkammer.core.stage import RecordStage

MEMO = "cache/file-digests.parquet"
"""May be deleted at any time; then every file is read again."""

_SCHEMA = pa.schema([("path", pa.string()), ("stamp", pa.string()), ("sha256", pa.string())])


class SourceDigest:
    """SHA-256 of files, by content.

    A file's size, times and inode are only a reason to look: when they differ
    from what is remembered the bytes are read, and the bytes alone decide.

    Parameters
    ----------
    root : Path
        The collection's folder, where the memory lies.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._memo: dict[str, tuple[str, str]] | None = None

    def of(self, stage: RecordStage) -> str:
        """Return one digest over all files that a record stage reads, wherever they lie.

        Raises
        ------
        SourceError
            If they are not there.
        """
        files = stage.input_files(self.root)
        digests = self.of_files(files.values())
        return digest_of({name: digests[path] for name, path in files.items()})

    def of_files(self, paths: Iterable[Path]) -> dict[Path, str]:
        """Return the SHA-256 (hex) of each file."""
        memo = self._remembered()
        stamps = {path: _stamp(path) for path in paths}
        known = {
            path: memo[str(path)][1]
            for path, stamp in stamps.items()
            if str(path) in memo and memo[str(path)][0] == stamp
        }
        missing = [path for path in stamps if path not in known]
        if missing:
            with ThreadPoolExecutor(4) as pool:
                known.update(zip(missing, pool.map(file_sha256, missing), strict=True))
            self._remember(stamps, known)
        return {path: known[path] for path in stamps}

    def _remembered(self) -> dict[str, tuple[str, str]]:
        if self._memo is None:
            self._memo = {}
            path = self.root / MEMO
            if path.exists():
                rows = pq.read_table(path).to_pydict()
                pairs = zip(rows["stamp"], rows["sha256"], strict=True)
                self._memo = dict(zip(rows["path"], pairs, strict=True))
        return self._memo

    def _remember(self, stamps: dict[Path, str], digests: dict[Path, str]) -> None:
        rows = [
            {"path": str(path), "stamp": stamp, "sha256": digests[path]}
            for path, stamp in stamps.items()
        ]
        self._memo = {row["path"]: (row["stamp"], row["sha256"]) for row in rows}
        with written_whole(self.root / MEMO) as temporary:
            pq.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA), temporary)


def _stamp(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"
