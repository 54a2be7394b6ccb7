"""Where tiles are kept: one PMTiles file, or a directory with a file a tile."""

from __future__ import annotations

import gzip
import json
import tempfile
from array import array
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from wunderkammer.atlas.schemas import TILE_PX
from wunderkammer.core.files import folder_written_whole, written_whole

HEADER_BYTES = 127
"""Length of a PMTiles header."""

FIRST_FETCH_BYTES = 16384
"""Header and root directory must fit into what a reader fetches first (PMTiles 3)."""

_LEAF_ENTRIES = 4096
_UNKNOWN_TILE_TYPE = 0
_TILE_TYPES = {"image/png": 2, "image/jpeg": 3, "image/webp": 4}


class TileReader(Protocol):
    """Whatever gives tiles back."""

    def read_tile(self, zoom: int, x: int, y: int) -> bytes | None:
        """Return the bytes of a tile, or None if it is empty."""
        ...


class PMTilesWriter:
    """Writes one PMTiles file, which a browser reads by HTTP range requests.

    Tiles may come in any order. They wait in a temporary file and are copied in
    Hilbert order at the end, so neighbours lie together; 20 bytes a tile are in
    memory. The file appears when the ``with`` block ends without an error.

    Parameters
    ----------
    path : Path
        The file, replaced if it is there.
    media_type : str
        ``image/jpeg``, ``image/webp`` or ``image/png``.
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
        self._lengths = array("I")
        self._stack = ExitStack()
        self._target: Path
        self._waiting: IO[bytes]

    def __enter__(self) -> Self:
        """Open the temporary files."""
        self._target = self._stack.enter_context(written_whole(self._path))
        spill = tempfile.TemporaryFile(dir=self._path.parent)
        self._waiting = self._stack.enter_context(spill)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the file whole, or leave nothing where an error ended the block."""
        if error is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            self._assemble()

    def write(self, zoom: int, x: int, y: int, data: bytes) -> None:
        """Take the bytes of one tile; each address once."""
        from pmtiles.tile import zxy_to_tileid

        self._tile_ids.append(zxy_to_tileid(zoom, x, y))
        self._lengths.append(len(data))
        self._waiting.write(data)

    def _assemble(self) -> None:
        """Write header, directories, metadata and the tiles in the order of their ids."""
        tile_ids = np.frombuffer(self._tile_ids, np.uint64)
        lengths = np.frombuffer(self._lengths, np.uint32).astype(np.uint64)
        places = np.cumsum(lengths) - lengths
        order = np.argsort(tile_ids, kind="stable")
        tile_ids, lengths, places = tile_ids[order], lengths[order], places[order]
        if (np.diff(tile_ids) == 0).any():
            raise ValueError("a tile was written twice")
        root, leaves = _directories(tile_ids, lengths)
        metadata = gzip.compress(json.dumps(self._metadata, sort_keys=True).encode(), mtime=0)
        with self._target.open("wb") as file:
            file.write(self._header(tile_ids, lengths, len(root), len(metadata), len(leaves)))
            file.write(root + metadata + leaves)
            for place, length in zip(places.tolist(), lengths.tolist(), strict=True):
                self._waiting.seek(place)
                file.write(self._waiting.read(length))

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
                "tile_type": TileType(_TILE_TYPES.get(self._media_type, _UNKNOWN_TILE_TYPE)),
                "min_zoom": min_zoom,
                "max_zoom": max_zoom,
            }
        )
        return header


def _library() -> Any:
    """Return the PMTiles library's module of formats, whose types are stricter than its code."""
    from pmtiles import tile

    return tile


def _directories(
    tile_ids: npt.NDArray[np.uint64], lengths: npt.NDArray[np.uint64]
) -> tuple[bytes, bytes]:
    """Return the root directory and the leaves below it, none where the root holds all."""
    entry, serialize_directory = _library().Entry, _library().serialize_directory
    offsets = np.cumsum(lengths) - lengths

    def directory(first: int, last: int) -> bytes:
        columns = (column[first:last].tolist() for column in (tile_ids, offsets, lengths))
        part: bytes = serialize_directory([entry(*row, 1) for row in zip(*columns, strict=True)])
        return part

    room = FIRST_FETCH_BYTES - HEADER_BYTES
    if len(tile_ids) <= room and len(root := directory(0, len(tile_ids))) <= room:
        return root, b""
    leaf_entries = _LEAF_ENTRIES
    while True:
        leaves, pointers = bytearray(), []
        for first in range(0, len(tile_ids), leaf_entries):
            leaf = directory(first, first + leaf_entries)
            pointers.append(entry(int(tile_ids[first]), len(leaves), len(leaf), 0))
            leaves += leaf
        root = serialize_directory(pointers)
        if len(root) <= room:
            return root, bytes(leaves)
        leaf_entries *= 2


class PMTilesReader:
    """Reads tiles from a PMTiles file.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        from pmtiles import reader

        library: Any = reader
        self._file = path.open("rb")
        self._all_tiles = library.all_tiles
        self._reader: Any = library.Reader(library.MmapSource(self._file))

    def __enter__(self) -> Self:
        """Return the reader."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The JSON metadata of the file."""
        metadata: Mapping[str, Any] = self._reader.metadata()
        return metadata

    def read_tile(self, zoom: int, x: int, y: int) -> bytes | None:
        """Return the bytes of a tile, or None if it is empty."""
        data: bytes | None = self._reader.get(zoom, x, y)
        return data

    def tiles(self) -> Iterator[tuple[int, int, int]]:
        """Yield the zoom, x and y of every tile, in the order of the file."""
        for address, _ in self._all_tiles(self._reader.get_bytes):
            yield address


class DirectoryWriter:
    """Writes a file a tile, ``<zoom>/<x>/<y>.<extension>``, for hosts without ranges.

    The folder appears whole when the ``with`` block ends without an error.

    Parameters
    ----------
    folder : Path
        The folder, replaced if it is there.
    extension : str
        Such as ``"jpg"``, without a dot.
    """

    def __init__(self, folder: Path, extension: str) -> None:
        self._folder = folder
        self._extension = extension
        self._stack = ExitStack()
        self._target: Path

    def __enter__(self) -> Self:
        """Open the temporary folder."""
        self._target = self._stack.enter_context(folder_written_whole(self._folder))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Move the folder to its place, or leave nothing where an error ended the block."""
        self._stack.__exit__(kind, error, trace)

    def write(self, zoom: int, x: int, y: int, data: bytes) -> None:
        """Store the bytes of one tile."""
        path = self._target / str(zoom) / str(x) / f"{y}.{self._extension}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


class DirectoryReader:
    """Reads tiles from a directory.

    Parameters
    ----------
    folder : Path
        The folder.
    extension : str
        Such as ``"jpg"``, without a dot.
    """

    def __init__(self, folder: Path, extension: str) -> None:
        self._folder = folder
        self._extension = extension

    def read_tile(self, zoom: int, x: int, y: int) -> bytes | None:
        """Return the bytes of a tile, or None if it is empty."""
        try:
            return (self._folder / str(zoom) / str(x) / f"{y}.{self._extension}").read_bytes()
        except FileNotFoundError:
            return None

    def tiles(self) -> Iterator[tuple[int, int, int]]:
        """Yield the zoom, x and y of every tile."""
        for path in sorted(self._folder.glob(f"*/*/*.{self._extension}")):
            yield int(path.parts[-3]), int(path.parts[-2]), int(path.stem)
