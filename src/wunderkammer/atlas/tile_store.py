"""What was drawn before: packs of tiles and of their pixels, and the pyramids of last time.

A cache below the collection, which may be deleted at any time. For each subtree
there is a pack with its tiles at half their size, losslessly: what parents are
made of. While a pyramid is being drawn there is also one with its encoded tiles
for each density; once all lie in PMTiles files, those are linked here, and
these packs go. Everything is found by the digest of what a tile shows.
"""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.hilbert import tile_ids
from wunderkammer.atlas.layers import Pictures
from wunderkammer.atlas.packs import DIGEST_BYTES, Pack, Place
from wunderkammer.core.files import folder_written_whole
from wunderkammer.core.morton import from_morton

RECORD = np.dtype(
    [
        ("id", "<u8"),
        ("digest", f"V{DIGEST_BYTES}"),
        ("place", "<u8"),
        ("length", "<u4"),
        ("crc", "<u4"),
    ]
)
"""Where the bytes of a tile lie in a file; the id is that of :func:`tile_ids`."""

Records = npt.NDArray[np.void]

DENSITIES = ("1x", "2x")

_KEPT = "pyramid"
_LISTED = "tiles"
_PIXELS = "pixels"
_SUBTREES = "subtrees"
_SUBTREE = np.dtype([("code", "<u8"), ("digest", f"V{DIGEST_BYTES}")])
_DATA_PLACE = struct.Struct("<56xQQ")
"""Offset and length of the tiles in the header of a PMTiles file."""


class StoredTiles(NamedTuple):
    """Tiles that lie in one file: the file, and a :data:`RECORD` each, sorted by id."""

    path: Path
    records: Records


class SubtreePacks(NamedTuple):
    """The packs of one subtree: its tiles halved, and its encoded tiles of each density."""

    pixels: Pack
    tiles: tuple[Pack, ...]


def subtree_packs(folder: Path, zoom: int, code: int, n_densities: int) -> SubtreePacks:
    """Return the packs of the subtree below a tile."""
    x, y = (int(part[0]) for part in from_morton([code]))
    stem = f"{zoom}-{x}-{y}"
    tiles = (Pack(folder / f"{stem}.{density}") for density in DENSITIES[:n_densities])
    return SubtreePacks(Pack(folder / f"{stem}.{_PIXELS}"), tuple(tiles))


def record_table(rows: Mapping[int, tuple[bytes, Place]]) -> Records:
    """Return digests and places by tile id as records, sorted by id."""
    table = np.empty(len(rows), RECORD)
    order = sorted(rows)
    table["id"] = order
    table["digest"] = [np.void(rows[one][0]) for one in order]
    for number, name in enumerate(Place._fields):
        table[name] = [rows[one][1][number] for one in order]
    return table


def sorted_records(table: Records) -> Records:
    """Return a copy of the records, sorted by id."""
    return table[np.argsort(table["id"], kind="stable")]


class TileStore:
    """The store of one pyramid.

    Parameters
    ----------
    folder : Path
        Its folder, made when there is something to keep.
    pictures : ndarray of uint8, shape (n, length)
        A digest of the picture of each row of the geometry, by which a changed one is told.
    """

    def __init__(self, folder: Path, pictures: Pictures) -> None:
        self.folder = folder
        self.pictures = pictures

    def pyramids(self, n_densities: int) -> tuple[StoredTiles, ...]:
        """Return the tiles of the pyramids of last time, one of each density, or nothing."""
        kept = self.folder / _KEPT
        listed = Pack(kept / _LISTED)
        found = []
        for density in DENSITIES[:n_densities]:
            path, table = kept / f"{density}.pmtiles", listed.read(_key(density))
            if table is None or not path.is_file():
                return ()
            found.append(StoredTiles(path, np.frombuffer(table, RECORD)))
        return tuple(found)

    def subtrees(self) -> Mapping[int, bytes]:
        """Return what the subtrees of last time were drawn from, by code, if that is known."""
        table = Pack(self.folder / _KEPT / _SUBTREES).read(_key(_SUBTREES))
        return {} if table is None else dict(np.frombuffer(table, _SUBTREE).tolist())

    def keep(
        self, paths: Sequence[Path], tables: Sequence[Records], subtrees: Mapping[int, bytes]
    ) -> None:
        """Keep finished PMTiles files for the next time, as further names of the same files.

        Where the file system has no such names, the packs of encoded tiles stay.

        Parameters
        ----------
        paths : sequence of Path
            One file of each density.
        tables : sequence of ndarray of RECORD
            All their tiles; places are of no account.
        subtrees : mapping of int to bytes
            By code, a digest of what each subtree was drawn from; those with failures left out.
        """
        with contextlib.suppress(OSError):
            with folder_written_whole(self.folder / _KEPT) as kept:
                for density, path, table in zip(DENSITIES, paths, tables, strict=False):
                    os.link(path, kept / f"{density}.pmtiles")
                    listed = _in_file(path, table).tobytes()
                    Pack(kept / _LISTED).add({_key(density): listed})
                drawn_from = np.array(list(subtrees.items()), _SUBTREE).tobytes()
                Pack(kept / _SUBTREES).add({_key(_SUBTREES): drawn_from})
            for density in DENSITIES:
                for pack in self.folder.glob(f"*.{density}"):
                    pack.unlink(missing_ok=True)

    def forget_others(self, subtrees: Sequence[tuple[int, int]]) -> None:
        """Remove the packs of subtrees that are none any more."""
        zooms = {zoom for zoom, _ in subtrees}
        stems = set()
        for zoom in zooms:
            x, y = from_morton([code for of_zoom, code in subtrees if of_zoom == zoom])
            stems |= {f"{zoom}-{i}-{j}" for i, j in zip(x.tolist(), y.tolist(), strict=True)}
        for path in self.folder.glob("*-*-*.*"):
            if path.stem not in stems and path.is_file():
                path.unlink(missing_ok=True)


def below(stored: StoredTiles, zoom: int, code: int, bottom: int) -> StoredTiles:
    """Return the tiles of a subtree: a range of ids at each of its zooms."""
    ids = stored.records["id"]
    x, y = from_morton([code])
    first = int(tile_ids(zoom, x, y)[0]) - (4**zoom - 1) // 3
    parts = []
    for depth in range(bottom - zoom + 1):
        begin = (4 ** (zoom + depth) - 1) // 3 + (first << 2 * depth)
        ends = np.searchsorted(ids, np.array([begin, begin + 4**depth], np.uint64))
        parts.append(stored.records[ends[0] : ends[1]])
    return StoredTiles(stored.path, np.concatenate(parts))


def _key(name: str) -> bytes:
    return name.encode().ljust(DIGEST_BYTES)


def _in_file(path: Path, table: Records) -> Records:
    """Return the records with the places that the tiles have in a PMTiles file."""
    with path.open("rb") as file:
        begin, n_bytes = _DATA_PLACE.unpack(file.read(_DATA_PLACE.size))
    table = sorted_records(table)
    lengths = table["length"].astype(np.uint64)
    if int(lengths.sum()) != n_bytes:
        raise OSError(f"{path} does not hold the tiles that were written to it")
    table["place"] = begin + np.cumsum(lengths) - lengths
    return table
