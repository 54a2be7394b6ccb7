"""Which stored files are the picture of which medium, among a million found in no time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from wunderkammer.atlas.paths import picture_path, picture_tiles_path, upright_path

_PLACES: dict[str, Callable[[str, str], str]] = {
    "thumbnail": lambda media_id, _: picture_path(media_id),
    "deepzoom": lambda media_id, _: picture_tiles_path(media_id),
    "shown": upright_path,
}
"""Where the file of a cell is published, by the column that holds the cell."""

_AT_ONCE = 8_192


class PictureTable:
    """The pictures of an atlas, and the tiles of single ones, by the ids of their media.

    Parameters
    ----------
    path : Path or None
        The file that the atlas keeps of them (``pictures.parquet``); None for no pictures.
    """

    def __init__(self, path: Path | None) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._ids = np.empty(0, "S20")
        self._cells: dict[str, Any] = {}
        if path is not None:
            rows = pq.read_table(path)
            ids = np.array(rows["media_id"].to_pylist(), "S20")
            order = np.argsort(ids)
            self._ids = ids[order]
            for column in _PLACES:
                if column in rows.column_names:
                    self._cells[column] = rows[column].take(pa.array(order)).combine_chunks()

    def __len__(self) -> int:
        """Return of how many media there are pictures."""
        return len(self._ids)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield the published path and the cell of each file, by column sorted by path."""
        for column, cells in self._cells.items():
            for first in range(0, len(self), _AT_ONCE):
                ids = self._ids[first : first + _AT_ONCE].tolist()
                found = cells.slice(first, _AT_ONCE).to_pylist()
                for media_id, cell in zip(ids, found, strict=True):
                    if cell:
                        yield _PLACES[column](media_id.decode(), cell), cell

    def cell(self, name: str) -> str | None:
        """Return the cell of the file that is published under a path, or None."""
        media_id = PurePosixPath(name).stem
        if not media_id.isascii():
            return None
        place = self._place(media_id.encode())
        if place is None:
            return None
        for column, cells in self._cells.items():
            found = cells[place].as_py()
            if found and _PLACES[column](media_id, found) == name:
                return str(found)
        return None

    def _place(self, wanted: bytes) -> int | None:
        place = int(np.searchsorted(self._ids, np.bytes_(wanted)))
        return place if place < len(self) and self._ids[place] == wanted else None
