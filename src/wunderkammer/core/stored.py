"""Images that rows name: originals by the digest in their row, made images by their name."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from wunderkammer.core.blobs import ORIGINALS
from wunderkammer.core.files import TEMPORARY
from wunderkammer.core.findings import Fault, Finding, Wanted
from wunderkammer.core.groups import group_parts
from wunderkammer.core.parts import groups_of
from wunderkammer.core.stage import RowStage
from wunderkammer.core.sums import Sum

if TYPE_CHECKING:
    from wunderkammer.core.verification import Verifier

BLOBS = "blobs"

_RANGES = [f"{n:02x}" for n in range(256)]
_FEW = 65_536


@dataclass(slots=True)
class _Owner:
    """The first stage whose rows name a file, and the media."""

    group: str
    media: set[str] = field(default_factory=set)


class StoredImages:
    """Looks at the images of a collection, a 256th of the media at a time.

    Parameters
    ----------
    verifier : Verifier
        Is told what is found.
    broken : collection of str
        Files that are known to be damaged: their rows are not asked.
    """

    def __init__(self, verifier: Verifier, broken: Collection[str]) -> None:
        self._verifier = verifier
        self._root = verifier.root
        self._stages = [
            stage for stage in verifier.configuration.stages if isinstance(stage, RowStage)
        ]
        self._files = {stage.group: self._parts_of(stage, broken) for stage in self._stages}

    def look(self) -> None:
        """Look at every original and every made image."""
        damaged = set(self._damaged_blobs())
        owners: dict[str, _Owner] = {}
        for low, high in self._ranges():
            self._look_at_originals(low, high)
            for stage, cell, media_id in self._cells(low, high):
                if cell in damaged or not (self._root / cell).exists():
                    owners.setdefault(cell, _Owner(stage.group)).media.add(media_id)
        for cell in damaged | owners.keys():
            fault = Fault.OTHER_BYTES if cell in damaged else Fault.MISSING
            self._tell(cell, fault, owners.get(cell, _Owner("")))

    def _tell(self, path: str, fault: Fault, owner: _Owner) -> None:
        media = tuple(sorted(owner.media))
        self._verifier.found(Finding(path, fault, group=owner.group, media=media))

    def _damaged_blobs(self) -> Iterator[str]:
        """Yield the made images whose bytes do not give their name."""
        wanted = (
            Wanted(path.relative_to(self._root).as_posix(), (Sum(path.stem, -1),))
            for path in _files_below(self._root / BLOBS)
        )
        for one, found in self._verifier.actual(wanted):
            if not one.is_met_by(found):
                yield one.path

    def _look_at_originals(self, low: str, high: str) -> None:
        """Look at the originals of some media; of two digests one must be that of the file."""
        claims: dict[str, set[str]] = defaultdict(set)
        owners: dict[str, _Owner] = {}
        kept: set[str] = set()
        for stage in self._stages:
            for where, digest in stage.stores().items():
                for row in self._rows(stage, (where, digest), low, high):
                    path, media_id = row[where], row["media_id"]
                    if path and row[digest]:
                        claims[path].add(row[digest])
                        owners.setdefault(path, _Owner(stage.group)).media.add(media_id)
                        if is_ours(path):
                            kept.add(media_id)
        wanted = (
            Wanted(path, tuple(Sum(one, -1) for one in sorted(digests)))
            for path, digests in sorted(claims.items())
        )
        for one, found in self._verifier.actual(wanted):
            owner = owners[one.path]
            if found is None:
                if is_ours(one.path) or not owner.media <= kept:
                    self._tell(one.path, Fault.MISSING, owner)
            elif not one.is_met_by(found):
                self._tell(one.path, Fault.OTHER_BYTES, owner)

    def _cells(self, low: str, high: str) -> Iterator[tuple[RowStage, str, str]]:
        """Yield each made image that rows of some media name, with the stage and the medium."""
        for stage in self._stages:
            names = [column.name for column in stage.writes() if column.kind == "blob"]
            for row in self._rows(stage, names, low, high) if names else ():
                yield from ((stage, row[name], row["media_id"]) for name in names if row[name])

    def _rows(
        self, stage: RowStage, columns: Collection[str], low: str, high: str
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows of some media as they count: the newest first, each medium once."""
        full = group_parts(self._root, stage).schema
        schema = pa.schema([full.field(name) for name in ("media_id", *columns)])
        newest, finished = self._files[stage.group]
        seen: set[str] = set()
        for path in (*newest, *finished):
            for rows in groups_of(path, schema, (low, high)):
                for row in rows.to_pylist():
                    if row["media_id"] not in seen:
                        yield row
                    if newest:
                        seen.add(row["media_id"])

    def _parts_of(self, stage: RowStage, broken: Collection[str]) -> tuple[list[Path], list[Path]]:
        """Return the sound parts of a stage: the new ones, the newest first, and the finished."""
        parts = group_parts(self._root, stage)

        def sound(paths: list[Path]) -> list[Path]:
            return [one for one in paths if one.relative_to(self._root).as_posix() not in broken]

        return sound(parts.fresh()[::-1]), sound(parts.finished())

    def _ranges(self) -> list[tuple[str, str]]:
        """Return ranges of ids, each of a few ten thousand media at most."""
        sizes = [
            sum(pq.read_metadata(path).num_rows for path in (*newest, *finished))
            for newest, finished in self._files.values()
        ]
        if max(sizes, default=0) <= _FEW:
            return [("", "g")]
        return list(zip(["", *_RANGES[1:]], [*_RANGES[1:], "g"], strict=True))


def is_ours(path: str) -> bool:
    """Tell whether an original is the collection's own copy, not the source's file."""
    return path.startswith(f"{ORIGINALS}/")


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, one folder listed at a time."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        listed = sorted(entries, key=lambda entry: entry.name)
    for entry in listed:
        if entry.name.startswith(TEMPORARY):
            continue
        if entry.is_dir():
            yield from _files_below(Path(entry.path))
        else:
            yield Path(entry.path)
