"""Whether a PMTiles file keeps its specification: sections, directories, counts, contents."""

from __future__ import annotations

import gzip
import json
import mmap
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wunderkammer.atlas.containers.pmtiles import (
    FIRST_FETCH_BYTES,
    HEADER_BYTES,
    MOST_LEVELS,
    TILE_TYPES,
)

_SIGNATURES: Mapping[int, tuple[tuple[int, bytes], ...]] = {
    TILE_TYPES["image/png"]: ((0, b"\x89PNG\r\n\x1a\n"),),
    TILE_TYPES["image/jpeg"]: ((0, b"\xff\xd8\xff"),),
    TILE_TYPES["image/webp"]: ((0, b"RIFF"), (8, b"WEBP")),
    TILE_TYPES["image/avif"]: ((4, b"ftypavif"),),
}
_SECTIONS = ("root", "metadata", "leaf_directory", "tile_data")
_MOST_FAULTS = 20


def verify_pmtiles(path: Path) -> list[str]:
    """Return what is wrong with a PMTiles file, nothing if it keeps the specification.

    Every directory is parsed and every tile looked at: sections follow each other
    and end with the file, the root comes with the first fetch, ids ascend, contents
    lie within their section and, as the file says it is clustered, in the order of
    their ids, the header's counts and zooms are those of the directories, and each
    tile begins as its type does.

    Parameters
    ----------
    path : Path
        The file. One that is not there is an OSError.

    Notes
    -----
    It asks for at least what ``pmtiles verify`` of the reference implementation
    asks for [1]_, and reads directories with the reference library.

    References
    ----------
    .. [1] Protomaps, PMTiles version 3 specification, and go-pmtiles.
    """
    from pmtiles.tile import MagicNumberNotFound, SpecVersionUnsupported

    size = path.stat().st_size
    if size < HEADER_BYTES:
        return [f"its {size} bytes are no header, which has {HEADER_BYTES}"]
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        try:
            check = _Check(content)
            check.sections()
            if not check.faults:
                check.metadata()
                check.entries()
        except (MagicNumberNotFound, SpecVersionUnsupported):
            return ["it does not begin as a PMTiles file of version 3"]
        return check.faults[:_MOST_FAULTS]


class _Check:
    """One look at a file, and the faults found."""

    def __init__(self, content: mmap.mmap) -> None:
        from pmtiles import tile

        self.faults: list[str] = []
        self._library: Any = tile
        self._content = content
        self._header = self._library.deserialize_header(content[:HEADER_BYTES])

    def _must(self, holds: bool, fault: str) -> None:
        if not holds:
            self.faults.append(fault)

    def sections(self) -> None:
        """Look at where the parts of the file lie."""
        end = HEADER_BYTES
        for name in _SECTIONS:
            offset, length = self._header[f"{name}_offset"], self._header[f"{name}_length"]
            self._must(offset == end, f"{name} begins at byte {offset}, and {end} is expected")
            end = offset + length
        size = len(self._content)
        self._must(end == size, f"the header tells of {end} bytes, and the file has {size}")
        root_end = self._header["root_offset"] + self._header["root_length"]
        self._must(
            root_end <= FIRST_FETCH_BYTES, f"the root ends at byte {root_end}, past the first fetch"
        )

    def metadata(self) -> None:
        """Look at the metadata, which are a JSON object."""
        first = self._header["metadata_offset"]
        packed = self._content[first : first + self._header["metadata_length"]]
        try:
            found = json.loads(gzip.decompress(packed))
        except (OSError, EOFError, ValueError, zlib.error) as error:
            self.faults.append(f"the metadata cannot be read: {error}")
            return
        self._must(isinstance(found, dict), "the metadata are no JSON object")

    def entries(self) -> None:
        """Look at every tile, and at what the header says of all of them."""
        offsets: set[int] = set()
        n_addressed = n_entries = expected = next_id = 0
        first_id = None
        for entry in self._walk(self._header["root_offset"], self._header["root_length"], 1):
            self._must(entry.tile_id >= next_id, f"tile id {entry.tile_id} comes after {next_id}")
            first_id = entry.tile_id if first_id is None else first_id
            next_id = entry.tile_id + entry.run_length
            n_addressed += entry.run_length
            n_entries += 1
            if entry.offset not in offsets:
                self._content_of(entry, expected)
                expected = entry.offset + entry.length
                offsets.add(entry.offset)
            if len(self.faults) >= _MOST_FAULTS:
                return
        counts = {"addressed_tiles": n_addressed, "tile_entries": n_entries}
        for name, found in {**counts, "tile_contents": len(offsets)}.items():
            said = self._header[f"{name}_count"]
            self._must(said == found, f"the header counts {said} {name}, and {found} are there")
        if first_id is not None:
            self._must_span(first_id, next_id - 1)

    def _content_of(self, entry: Any, expected: int) -> None:
        """Look at the bytes of one tile."""
        tile_id, end = entry.tile_id, entry.offset + entry.length
        self._must(entry.length > 0, f"tile id {tile_id} has no bytes")
        if end > self._header["tile_data_length"]:
            self.faults.append(f"tile id {tile_id} ends at byte {end}, outside of the tiles")
            return
        if self._header["clustered"]:
            fault = f"tile id {tile_id} lies at byte {entry.offset}, and {expected} is expected"
            self._must(entry.offset == expected, fault)
        first = self._header["tile_data_offset"] + entry.offset
        for place, mark in _SIGNATURES.get(self._header["tile_type"].value, ()):
            begins = self._content[first + place : first + place + len(mark)] == mark
            self._must(begins, f"tile id {tile_id} is not of the type the header names")

    def _must_span(self, first_id: int, last_id: int) -> None:
        """Hold the header's zooms and bounds against the lowest and the highest tile."""
        low, high = (self._library.tileid_to_zxy(tile_id)[0] for tile_id in (first_id, last_id))
        said = self._header["min_zoom"], self._header["max_zoom"]
        self._must(said == (low, high), f"the header tells of zooms {said}, and {low, high} exist")
        self._must(low <= self._header["center_zoom"] <= high, "its centre has a zoom of its own")
        wide = self._header["min_lon_e7"] < self._header["max_lon_e7"]
        high_enough = self._header["min_lat_e7"] < self._header["max_lat_e7"]
        self._must(wide and high_enough, "its bounds hold no area")

    def _walk(self, offset: int, length: int, level: int) -> Iterator[Any]:
        """Yield the entries of tiles in a directory and below it."""
        if level > MOST_LEVELS:
            self.faults.append(f"directories lie more than {MOST_LEVELS} deep")
            return
        packed = self._content[offset : offset + length]
        try:
            directory = self._library.deserialize_directory(packed)
        except (OSError, EOFError, ValueError, IndexError, zlib.error) as error:
            self.faults.append(f"the directory at byte {offset} cannot be read: {error}")
            return
        for entry in directory:
            if entry.run_length:
                yield entry
            elif entry.offset + entry.length > self._header["leaf_directory_length"]:
                self.faults.append(
                    f"the leaf of tile id {entry.tile_id} lies outside of the leaves"
                )
            else:
                below = self._header["leaf_directory_offset"] + entry.offset
                yield from self._leaf(entry, below, level)

    def _leaf(self, pointer: Any, offset: int, level: int) -> Iterator[Any]:
        """Yield the entries of a leaf, which begins with the id its pointer names."""
        for place, entry in enumerate(self._walk(offset, pointer.length, level + 1)):
            if place == 0:
                fault = f"the leaf of tile id {pointer.tile_id} begins with {entry.tile_id}"
                self._must(entry.tile_id == pointer.tile_id, fault)
            yield entry
