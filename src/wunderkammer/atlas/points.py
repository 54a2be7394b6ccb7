"""``points.bin`` and ``ids.bin``: every medium as a row, in typed blocks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from wunderkammer.atlas.blocks import Array, BlockFile, write_blocks
from wunderkammer.atlas.geometry import ID_BYTES, Geometry, Ids
from wunderkammer.atlas.representatives import Raised
from wunderkammer.atlas.schemas import IdTable, Points, Representatives
from wunderkammer.core.errors import StageError
from wunderkammer.core.files import written_whole

ROW_BYTES = 4
"""Bytes of a row number in ``ids.bin``."""

CODE_PREFIX = "code:"
"""Begins the name of a block of dictionary codes; the column follows."""

NUMBER_PREFIX = "num:"
"""Begins the name of a block of numbers; the column follows."""

REPRESENTATIVE_PREFIX = "rep:"
"""Begins the name of a block of representatives' rows; the zoom follows."""

REPRESENTATIVE_BOX_PREFIX = "repbox:"
"""Begins the name of the block of their boxes; the zoom follows."""

NOWHERE = 2**32 - 1
"""Stands for the row of a medium that is not there."""

_GUESSES = 3
"""Windows that are guessed before the search goes on by halves."""


def write_points(
    folder: Path,
    geometry: Geometry,
    codes: Mapping[str, Array],
    representatives: Mapping[int, Raised] | None = None,
    path: str = "points.bin",
    *,
    numbers: Mapping[str, Array] | None = None,
) -> Points:
    """Write positions, sizes, ids, codes, numbers and representatives; return where each lies.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    geometry : Geometry
        The rows.
    codes : mapping
        Column to its codes, uint16 or uint32, shape (n,), in the order of the rows.
    representatives : mapping, optional
        Zoom to who is drawn larger there, and where.
    path : str, optional
        Name of the file in the folder.
    numbers : mapping, optional
        Column to its numbers, uint16 or float32, shape (n,), in the order of the rows.

    Raises
    ------
    StageError
        If a column has not one code or number for each row.
    """
    n = len(geometry)
    arrays = {
        **_place_arrays(geometry),
        "id": geometry.ids,
        **_column_arrays(CODE_PREFIX, "codes", codes, n),
        **_column_arrays(NUMBER_PREFIX, "numbers", numbers or {}, n),
    }
    return _written(folder, geometry, arrays, representatives or {}, path)


def write_plane_points(
    folder: Path, geometry: Geometry, ids: Ids, representatives: Mapping[int, Raised], path: str
) -> Points:
    """Write positions, sizes and representatives of a further layout, and whose they are.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    geometry : Geometry
        The rows of the layout.
    ids : ndarray of uint8, shape (n, 10)
        The media_id of each row of the atlas.
    representatives : mapping
        Zoom to who is drawn larger there, and where.
    path : str
        Name of the file in the folder.
    """
    row, at = rows_between(geometry.ids, ids)
    arrays = {**_place_arrays(geometry), "row": row, "at": at}
    return _written(folder, geometry, arrays, representatives, path)


def rows_between(here: Ids, there: Ids) -> tuple[Array, Array]:
    """Return the row there of each medium here, and the row here of each medium there.

    Parameters
    ----------
    here, there : ndarray of uint8, shape (n, 10)
        The media_id of each row.

    Returns
    -------
    tuple of ndarray of uint32
        ``NOWHERE`` for those that are not among the others.
    """
    one, other = (np.ascontiguousarray(ids).view(f"S{ID_BYTES}").ravel() for ids in (here, there))
    _, mine, theirs = np.intersect1d(one, other, assume_unique=True, return_indices=True)
    row = np.full(len(here), NOWHERE, np.uint32)
    at = np.full(len(there), NOWHERE, np.uint32)
    row[mine], at[theirs] = theirs, mine
    return row, at


def _written(
    folder: Path,
    geometry: Geometry,
    arrays: dict[str, Array],
    representatives: Mapping[int, Raised],
    path: str,
) -> Points:
    """Write blocks, and those of the representatives after them."""
    drawn = dict(sorted(representatives.items()))
    for zoom, raised in drawn.items():
        arrays[f"{REPRESENTATIVE_PREFIX}{zoom}"] = raised.rows.astype(np.uint32)
        arrays[f"{REPRESENTATIVE_BOX_PREFIX}{zoom}"] = raised.boxes.astype(np.float32)
    return Points(
        path=path,
        n=len(geometry),
        index_zoom=geometry.index_zoom,
        blocks=write_blocks(folder / path, arrays),
        representatives=[
            Representatives(zoom=zoom, reach=raised.reach(geometry))
            for zoom, raised in drawn.items()
        ],
    )


def _place_arrays(geometry: Geometry) -> dict[str, Array]:
    """Return where each medium lies."""
    centres = geometry.centres
    return {
        "index": geometry.index,
        "x": centres[:, 0],
        "y": centres[:, 1],
        "w": geometry.boxes[:, 2].astype(np.uint16),
        "h": geometry.boxes[:, 3].astype(np.uint16),
    }


def _column_arrays(
    prefix: str, told: str, columns: Mapping[str, Array], n: int
) -> dict[str, Array]:
    """Return columns by the names of their blocks."""
    for column, cells in columns.items():
        if cells.shape != (n,):
            raise StageError(
                f"The column {column} has {len(cells):,} {told} for "
                f"{n:,} media on the map; it must have one for each."
            )
    return {prefix + column: cells for column, cells in columns.items()}


def read_block(folder: Path, points: Points, name: str) -> Array:
    """Return one block as an array.

    Raises
    ------
    KeyError
        If there is no block of that name.
    """
    return BlockFile(folder / points.path, points.blocks).read(name)


def rows_in_tile(index: Array, index_zoom: int, zoom: int, code: int) -> tuple[int, int]:
    """Return the first row and the end of the rows that may lie in a tile.

    Parameters
    ----------
    index : ndarray of uint32
        Block ``index``.
    index_zoom : int
        Its zoom.
    zoom : int
        Zoom of the tile. Up to ``index_zoom`` the range is exact; beyond, it is
        that of the tile above at ``index_zoom``.
    code : int
        Morton code of the tile's x and y.
    """
    if zoom > index_zoom:
        code >>= 2 * (zoom - index_zoom)
        zoom = index_zoom
    depth = 2 * (index_zoom - zoom)
    return int(index[code << depth]), int(index[(code + 1) << depth])


def write_ids(folder: Path, ids: Ids, path: str = "ids.bin") -> IdTable:
    """Write the table that finds a row by its media_id.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    ids : ndarray of uint8, shape (n, 10)
        The media_id of each row.
    path : str, optional
        Name of the file in the folder.
    """
    names = np.ascontiguousarray(ids).view(f"S{ID_BYTES}").ravel()
    order = np.argsort(names, kind="stable")
    entries = np.empty((len(ids), ID_BYTES + ROW_BYTES), np.uint8)
    entries[:, :ID_BYTES] = ids[order]
    entries[:, ID_BYTES:] = order.astype("<u4").view(np.uint8).reshape(-1, ROW_BYTES)
    with written_whole(folder / path) as temporary:
        temporary.write_bytes(entries.tobytes())
    return IdTable(path=path, n=len(ids), entry_bytes=ID_BYTES + ROW_BYTES, id_bytes=ID_BYTES)


def find_row(folder: Path, table: IdTable, media_id: str, window: int = 512) -> int | None:
    """Return the row of a medium, or None if the atlas does not have it.

    Parameters
    ----------
    folder : Path
        The folder of ``atlas.json``.
    table : IdTable
        Where the table lies.
    media_id : str
        20 hexadecimal digits.
    window : int, optional
        Entries that are read at once, around the expected place.

    Notes
    -----
    Ids are evenly spread, so the place of one among n is nearly its value times
    n; from the edge of a window that misses it, the rest of the way is guessed
    the same. Two windows suffice, also among a million; ids that are not evenly
    spread are found by halves after the third.
    """
    wanted = int(media_id, 16)
    low, high, tries = 0, table.n, 0
    guess = _expected(wanted, table)
    while low < high:
        first = max(low, min(guess - window // 2, high - window))
        last = min(high, first + window)
        values, rows = _window(folder, table, first, last)
        if values[0] <= wanted <= values[-1]:
            return dict(zip(values, rows, strict=True)).get(wanted)
        if wanted < values[0]:
            high, guess = first, first - _expected(values[0] - wanted, table)
        else:
            low, guess = last, last + _expected(wanted - values[-1], table)
        tries += 1
        guess = guess if tries < _GUESSES else (low + high) // 2
    return None


def _expected(distance: int, table: IdTable) -> int:
    """Return how many entries lie within a distance of values, on average."""
    return distance * table.n >> 8 * table.id_bytes


def _window(folder: Path, table: IdTable, first: int, last: int) -> tuple[list[int], list[int]]:
    """Return the ids as numbers and the rows of some entries."""
    count = (last - first) * table.entry_bytes
    data = np.fromfile(folder / table.path, np.uint8, count, offset=first * table.entry_bytes)
    entries = data.reshape(-1, table.entry_bytes)
    values = [int.from_bytes(entry[: table.id_bytes].tobytes(), "big") for entry in entries]
    rows = np.ascontiguousarray(entries[:, table.id_bytes :]).view("<u4").ravel().tolist()
    return values, rows
