"""Digests of files, remembered so that unchanged ones are not read again."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.core.files import file_sha256, written_whole
from wunderkammer.core.settings import digest_of
from wunderkammer.core.stage import RecordStage, Stage

MEMO = "cache/file-digests.parquet"
"""What is known of a source's files. May be deleted at any time; then every file is read again."""

STAGE_MEMO = "cache/stage-file-digests.parquet"
"""The same for the files that stages use, such as weights."""

_SCHEMA = pa.schema([("path", pa.string()), ("stamp", pa.string()), ("sha256", pa.string())])


class SourceDigest:
    """SHA-256 of files, by content.

    A file's size, times and inode are only a reason to look: when they differ
    from what is remembered the bytes are read, and the bytes alone decide.

    Parameters
    ----------
    root : Path
        The collection's folder, where the memory lies.
    memo : str
        The file that remembers, relative to ``root``.
    """

    def __init__(self, root: Path, memo: str = MEMO) -> None:
        self.root = root
        self._path = root / memo
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
        """Return the SHA-256 (hex) of each file; empty where there is none that can be read.

        A pipe or device is never opened: who reads the file says what is wrong.
        """
        memo = self._remembered()
        every = list(paths)
        stamps = {path: stamp for path in every if (stamp := _stamp(path))}
        known = {
            path: memo[str(path)][1]
            for path, stamp in stamps.items()
            if str(path) in memo and memo[str(path)][0] == stamp
        }
        missing = [path for path in stamps if path not in known]
        if missing:
            with ThreadPoolExecutor(4) as pool:
                known.update(zip(missing, pool.map(_sha256, missing), strict=True))
            self._remember(stamps, known)
        return {path: known.get(path, "") for path in every}

    def _remembered(self) -> dict[str, tuple[str, str]]:
        if self._memo is None:
            self._memo = {}
            if self._path.exists():
                rows = pq.ParquetFile(self._path).read().to_pydict()
                pairs = zip(rows["stamp"], rows["sha256"], strict=True)
                self._memo = dict(zip(rows["path"], pairs, strict=True))
        return self._memo

    def _remember(self, stamps: dict[Path, str], digests: dict[Path, str]) -> None:
        rows = [
            {"path": str(path), "stamp": stamp, "sha256": digests[path]}
            for path, stamp in stamps.items()
            if digests[path] and _is_text(str(path))
        ]
        self._memo = {row["path"]: (row["stamp"], row["sha256"]) for row in rows}
        # Where nothing may be written, a collection can still be looked at.
        with contextlib.suppress(OSError), written_whole(self._path) as temporary:
            pq.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA), temporary)


def with_file_digests(stages: Sequence[Stage], root: Path) -> list[Stage]:
    """Return stages that know the content of the files they use, such as weights.

    Parameters
    ----------
    stages : sequence of Stage
    root : Path
        The collection's folder.
    """
    files = [stage.files(root) for stage in stages]
    present = {path for named in files for path in named.values() if path.is_file()}
    digests = SourceDigest(root, STAGE_MEMO).of_files(sorted(present)) if present else {}
    return [
        stage.with_file_digests({name: digests.get(path, "") for name, path in named.items()})
        if named
        else stage
        for stage, named in zip(stages, files, strict=True)
    ]


def _is_text(name: str) -> bool:
    """Return whether a path can be written down: on Linux it may be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sha256(path: Path) -> str:
    """Return the digest of a file; empty if it may not be read."""
    try:
        return file_sha256(path)
    except OSError:
        return ""


def _stamp(path: Path) -> str:
    """Return by what a file is known again; empty if it is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return ""
    if not stat.S_ISREG(found.st_mode):
        return ""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"
