"""Which stored image is the picture of which medium, among a million found in no time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from wunderkammer.atlas.paths import picture_path


class PictureTable:
    """The pictures of an atlas by the ids of their media.

    Parameters
    ----------
    path : Path or None
        The file that the atlas keeps of them (``pictures.parquet``); None for no pictures.
    """

    def __init__(self, path: Path | None) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._ids = np.empty(0, "S20")
        self._cells: Any = pa.array([], pa.string())
        if path is not None:
            rows = pq.read_table(path)
            ids = np.array(rows["media_id"].to_pylist(), "S20")
            order = np.argsort(ids)
            self._ids = ids[order]
            self._cells = rows["thumbnail"].take(pa.array(order)).combine_chunks()

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._ids)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield the published path and the cell of each picture, sorted by path."""
        for first in range(0, len(self), 8_192):
            ids = self._ids[first : first + 8_192].tolist()
            cells = self._cells.slice(first, 8_192).to_pylist()
            for media_id, cell in zip(ids, cells, strict=True):
                yield picture_path(media_id.decode()), cell

    def cell(self, name: str) -> str | None:
        """Return the cell of the picture that is published under a path, or None."""
        media_id = PurePosixPath(name).stem
        if not media_id.isascii() or picture_path(media_id) != name:
            return None
        wanted = media_id.encode()
        place = int(np.searchsorted(self._ids, np.bytes_(wanted)))
        if place == len(self) or self._ids[place] != wanted:
            return None
        return str(self._cells[place].as_py())
