"""PMTiles: a whole pyramid in one file, which a browser reads by HTTP range requests."""

from __future__ import annotations

import contextlib
import functools
import gzip
import json
import mmap
import os
import tempfile
from array import array
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.containers._whole import WrittenWhole
from wunderkammer.atlas.schemas import TILE_PX
from wunderkammer.core.files import written_whole

HEADER_BYTES = 127
"""Length of a PMTiles header."""

FIRST_FETCH_BYTES = 16384
"""Header and root directory must fit into what a reader fetches first (PMTiles 3)."""

MOST_LEVELS = 4
"""Directories on the way from the root to a tile, at most (PMTiles 3)."""

TILE_TYPES = {"image/png": 2, "image/jpeg": 3, "image/webp": 4, "image/avif": 5}
"""What the header says of each media type."""

_MOST_OPEN = 64
_MOST_AT_ONCE = 8 << 20
_LONG_RUN = 1 << 20
_LEAF_ENTRIES = 4096
_LEAVES_HELD = 64
_UNKNOWN_TILE_TYPE = 0
_MOST_VARINT_BYTES = 10
"""Of 64 bits."""

Numbers = npt.NDArray[np.uint64]
Address = tuple[int, int, int]


class PMTilesWriter(WrittenWhole):
    """Writes one PMTiles file.

    Tiles may come in any order. They wait in a temporary file, or in files where
    they lie already, and are copied in Hilbert order at the end, so neighbours lie
    together; 28 bytes a tile are in memory. The file appears when the ``with`` block
    ends without an error.

    Parameters
    ----------
    path : Path
        The file, replaced if it is there.
    media_type : str
        ``image/jpeg``, ``image/webp``, ``image/png`` or ``image/avif``.
    title, attribution : str, optional
        Kept in the file's metadata.
    tile_px : int, optional
        Edge of its tiles, kept in the metadata.

    References
    ----------
    .. [1] Protomaps, PMTiles version 3 specification.
    """

    def __init__(
        self,
        path: Path,
        media_type: str,
        *,
        title: str = "",
        attribution: str = "",
        tile_px: int = TILE_PX,
    ) -> None:
        self._path = path
        self._media_type = media_type
        self._metadata = {
            "name": title,
            "attribution": attribution,
            "type": "baselayer",
            "tile_size": tile_px,
        }
        self._tile_ids = array("Q")
        self._lengths = array("Q")
        self._places = array("Q")
        self._sources = array("I")
        self._numbers: dict[Path, int] = {}
        self._n_waiting = 0
        self._target: Path
        self._waiting: IO[bytes]

    def _begin(self, stack: ExitStack) -> None:
        self._target = stack.enter_context(written_whole(self._path))
        spill = tempfile.TemporaryFile(dir=self._path.parent)  # noqa: SIM115 - the stack closes it
        self._waiting = stack.enter_context(spill)

    def write(self, zoom: int, x: int, y: int, data: bytes) -> None:
        """Take the bytes of one tile; each address once."""
        from pmtiles.tile import zxy_to_tileid

        self._tile_ids.append(zxy_to_tileid(zoom, x, y))
        self._lengths.append(len(data))
        self._places.append(self._n_waiting)
        self._sources.append(0)
        self._n_waiting += self._waiting.write(data)

    def write_stored(self, path: Path, ids: Numbers, places: Numbers, lengths: Numbers) -> None:
        """Take tiles that lie in a file, which is read when the block ends.

        Parameters
        ----------
        path : Path
            The file.
        ids : ndarray of uint64, shape (n,)
            The tiles, from :func:`wunderkammer.atlas.hilbert.tile_ids`.
        places, lengths : ndarray of uint64, shape (n,)
            First byte and number of bytes of each.
        """
        number = self._numbers.setdefault(path, len(self._numbers) + 1)
        for column, values in (
            (self._tile_ids, ids),
            (self._places, places),
            (self._lengths, lengths),
            (self._sources, np.full(len(ids), number)),
        ):
            column.frombytes(np.asarray(values).astype(column.typecode).tobytes())

    def _finish(self) -> None:
        """Write header, directories, metadata and the tiles in the order of their ids."""
        columns = (self._tile_ids, self._lengths, self._places, self._sources)
        tile_ids, lengths, places, sources = (np.array(column) for column in columns)
        order = np.argsort(tile_ids, kind="stable")
        tile_ids, lengths = tile_ids[order], lengths[order]
        if (np.diff(tile_ids) == 0).any():
            raise ValueError("a tile was written twice")
        root, leaves = _directories(tile_ids, lengths)
        metadata = gzip.compress(json.dumps(self._metadata, sort_keys=True).encode(), mtime=0)
        with self._target.open("wb") as file:
            file.write(self._header(tile_ids, lengths, len(root), len(metadata), len(leaves)))
            file.write(root + metadata + leaves)
            self._copy(file, sources[order], places[order], lengths)

    def _copy(self, target: IO[bytes], sources: Numbers, places: Numbers, lengths: Numbers) -> None:
        """Copy the tiles in their order; what lies together in one file is read together."""
        if not len(places):
            return
        breaks = (np.diff(sources) != 0) | (places[1:] != (places + lengths)[:-1])
        firsts = np.flatnonzero(np.append([True], breaks))
        ends = (places + lengths)[np.append(firsts[1:], len(places)) - 1]
        runs = zip(sources[firsts].tolist(), places[firsts].tolist(), ends.tolist(), strict=True)
        paths = list(self._numbers)
        files: dict[int, IO[bytes]] = {}
        with ExitStack() as stack:
            for number, place, end in runs:
                if number and number not in files:
                    if len(files) >= _MOST_OPEN:
                        files.pop(next(iter(files))).close()
                    file = paths[number - 1].open("rb", buffering=0)
                    files[number] = stack.enter_context(file)
                _copy_run(files[number] if number else self._waiting, target, place, end)

    def _header(
        self,
        tile_ids: npt.NDArray[np.uint64],
        lengths: npt.NDArray[np.uint64],
        root_bytes: int,
        metadata_bytes: int,
        leaf_bytes: int,
    ) -> bytes:
        from pmtiles.tile import Compression, TileType, tileid_to_zxy

        ends = tile_ids[[0, -1]].tolist() if len(tile_ids) else [0, 0]
        min_zoom, max_zoom = (tileid_to_zxy(tile_id)[0] for tile_id in ends)
        after_root = HEADER_BYTES + root_bytes
        header: bytes = _library().serialize_header(
            {
                "root_offset": HEADER_BYTES,
                "root_length": root_bytes,
                "metadata_offset": after_root,
                "metadata_length": metadata_bytes,
                "leaf_directory_offset": after_root + metadata_bytes,
                "leaf_directory_length": leaf_bytes,
                "tile_data_offset": after_root + metadata_bytes + leaf_bytes,
                "tile_data_length": int(lengths.sum()),
                "addressed_tiles_count": len(tile_ids),
                "tile_entries_count": len(tile_ids),
                "tile_contents_count": len(tile_ids),
                "clustered": True,
                "internal_compression": Compression.GZIP,
                "tile_compression": Compression.NONE,
                "tile_type": TileType(TILE_TYPES.get(self._media_type, _UNKNOWN_TILE_TYPE)),
                "min_zoom": min_zoom,
                "max_zoom": max_zoom,
            }
        )
        return header


def _copy_run(source: IO[bytes], target: IO[bytes], place: int, end: int) -> None:
    """Copy the bytes from one place of a file up to another."""
    if end - place >= _LONG_RUN:
        place = _copied_by_the_system(source, target, place, end)
    source.seek(place)
    while place < end:
        piece = source.read(min(end - place, _MOST_AT_ONCE))
        if not piece:
            raise OSError(f"the file {source.name} ends within a tile")
        place += target.write(piece)


def _copied_by_the_system(source: IO[bytes], target: IO[bytes], place: int, end: int) -> int:
    """Copy bytes without reading them, as far as the system can; return where it stopped."""
    copy = getattr(os, "copy_file_range", None)
    if copy is None:
        return place
    source.flush()
    target.flush()
    with contextlib.suppress(OSError):  # another file system: they are read and written
        while place < end:
            n_bytes = copy(source.fileno(), target.fileno(), end - place, place)
            if not n_bytes:
                break
            place += n_bytes
    return place


def _library() -> Any:
    """Return the PMTiles library's module of formats, whose types are stricter than its code."""
    from pmtiles import tile

    return tile


def _directories(tile_ids: Numbers, lengths: Numbers) -> tuple[bytes, bytes]:
    """Return the root directory and the leaves below it, none where the root holds all."""
    offsets = np.cumsum(lengths) - lengths
    runs = np.ones(len(tile_ids), np.uint64)
    room = FIRST_FETCH_BYTES - HEADER_BYTES
    if len(tile_ids) <= room:
        root = directory(tile_ids, runs, lengths, offsets)
        if len(root) <= room:
            return root, b""
    leaf_entries = _LEAF_ENTRIES
    while True:
        firsts = np.arange(0, len(tile_ids), leaf_entries)
        pieces = [slice(first, first + leaf_entries) for first in firsts.tolist()]
        leaves = [directory(tile_ids[p], runs[p], lengths[p], offsets[p]) for p in pieces]
        sizes = np.array([len(leaf) for leaf in leaves], np.uint64)
        root = directory(tile_ids[firsts], 0 * sizes, sizes, np.cumsum(sizes) - sizes)
        if len(root) <= room:
            return root, b"".join(leaves)
        leaf_entries *= 2


def directory(tile_ids: Numbers, runs: Numbers, lengths: Numbers, offsets: Numbers) -> bytes:
    """Return a directory of PMTiles 3, packed.

    Parameters
    ----------
    tile_ids, runs, lengths, offsets : ndarray of uint64, shape (n,)
        Of each entry its first tile, how many tiles it stands for (0: it is a leaf), and the
        bytes of what it leads to; ascending by tile.
    """
    place = offsets + np.uint64(1)
    place[1:][offsets[1:] == (offsets + lengths)[:-1]] = 0
    columns = (np.diff(tile_ids, prepend=np.uint64(0)), runs, lengths, place)
    numbers = np.concatenate([np.array([len(tile_ids)], np.uint64), *columns])
    return gzip.compress(_varints(numbers), mtime=0)


def _varints(numbers: Numbers) -> bytes:
    """Return numbers as bytes of seven bits each, lowest first; all but the last say there is more.

    That is little-endian base 128, as Protocol Buffers have it.
    """
    shifts = 7 * np.arange(_MOST_VARINT_BYTES, dtype=np.uint64)
    rest = numbers[:, None] >> shifts
    is_there = rest > 0
    is_there[:, 0] = True
    more = np.zeros_like(is_there)
    more[:, :-1] = is_there[:, 1:]
    found = (rest & np.uint64(127)).astype(np.uint8) | (more.astype(np.uint8) << 7)
    content: bytes = found[is_there].tobytes()
    return content


class PMTilesReader:
    """Reads tiles from a PMTiles file; few of its directories are in memory at a time.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.header: Mapping[str, Any] = _library().deserialize_header(self._bytes[:HEADER_BYTES])
        self._leaf = functools.lru_cache(maxsize=_LEAVES_HELD)(self._directory)
        self._root = self._directory(self.header["root_offset"], self.header["root_length"])

    def __enter__(self) -> Self:
        """Return the reader."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._bytes.close()

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The JSON metadata of the file."""
        first = self.header["metadata_offset"]
        packed = self._bytes[first : first + self.header["metadata_length"]]
        metadata: Mapping[str, Any] = json.loads(gzip.decompress(packed))
        return metadata

    def read_tile(self, zoom: int, x: int, y: int) -> bytes | None:
        """Return the bytes of a tile, or None if it is empty."""
        library = _library()
        tile_id = library.zxy_to_tileid(zoom, x, y)
        directory = self._root
        for _ in range(MOST_LEVELS):
            entry = library.find_tile(directory, tile_id)
            if entry is None:
                return None
            if entry.run_length:
                return self._data(entry)
            first = self.header["leaf_directory_offset"] + entry.offset
            directory = self._leaf(first, entry.length)
        return None

    def tiles(self) -> Iterator[Address]:
        """Yield the zoom, x and y of every tile, in the order of the file."""
        for address, _ in self._entries(self._root):
            yield address

    def items(self) -> Iterator[tuple[Address, bytes]]:
        """Yield the address and the bytes of every tile, in the order of the file."""
        for address, entry in self._entries(self._root):
            yield address, self._data(entry)

    def _entries(self, directory: list[Any]) -> Iterator[tuple[Address, Any]]:
        """Yield each tile with the entry that holds it, directory after directory."""
        for entry in directory:
            if not entry.run_length:
                first = self.header["leaf_directory_offset"] + entry.offset
                yield from self._entries(self._directory(first, entry.length))
            for tile_id in range(entry.tile_id, entry.tile_id + entry.run_length):
                yield _library().tileid_to_zxy(tile_id), entry

    def _directory(self, offset: int, length: int) -> list[Any]:
        entries: list[Any] = _library().deserialize_directory(self._bytes[offset : offset + length])
        return entries

    def _data(self, entry: Any) -> bytes:
        first = self.header["tile_data_offset"] + entry.offset
        return self._bytes[first : first + entry.length]
