"""Packs: many small pieces of bytes in one file, each found by a digest and checked by a sum.

A pack is a cache. Pieces are appended, several at a time; what a killed process
left half written is not seen and is written over. Nothing in it is believed: a
piece whose bytes are not those that were added is as good as absent.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Hashable, Iterator, Mapping
from pathlib import Path
from typing import IO, NamedTuple, TypeVar

import numpy as np

from wunderkammer.core.files import TEMPORARY

DIGEST_BYTES = 16

_HEAD = struct.Struct("<8sIIQ")
"""Magic number, number of pieces, sum of the table, bytes of all pieces."""

_MAGIC = b"wkpack1\n"

_READ_AT_ONCE = 4 << 20
"""Bytes; pieces lie side by side, so most of what is read is looked at."""

_Name = TypeVar("_Name", bound=Hashable)

_TABLE = np.dtype([("digest", f"V{DIGEST_BYTES}"), ("length", "<u4"), ("crc", "<u4")])


class Place(NamedTuple):
    """Where a piece lies in a file, and the sum of its bytes."""

    place: int
    length: int
    crc: int


class Pack:
    """A file of pieces.

    Parameters
    ----------
    path : Path
        The file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._places: dict[bytes, Place] = {}
        self._end = 0
        if path.is_file():
            with path.open("rb") as file:
                self._read_tables(file, path.stat().st_size)

    def place(self, digest: bytes) -> Place | None:
        """Return where a piece lies, or None if it was never added; its bytes are not looked at."""
        return self._places.get(digest)

    def read(self, digest: bytes) -> bytes | None:
        """Return a piece, or None if it is not there or damaged."""
        place = self._places.get(digest)
        if place is None:
            return None
        with self.path.open("rb") as file:
            return read_piece(file, place)

    def intact(self, digests: Collection[bytes]) -> set[bytes]:
        """Return those of the digests whose pieces are there with the bytes that were added."""
        known = {one: self._places[one] for one in digests if one in self._places}
        return intact(self.path, known) if known else set()

    def add(self, pieces: Mapping[bytes, bytes]) -> None:
        """Append pieces in their order; a digest that is there already counts anew."""
        if not pieces:
            return
        table = np.empty(len(pieces), _TABLE)
        table["digest"] = [np.void(digest) for digest in pieces]
        table["length"] = [len(piece) for piece in pieces.values()]
        table["crc"] = [zlib.crc32(piece) for piece in pieces.values()]
        payload = b"".join(pieces.values())
        head = _HEAD.pack(_MAGIC, len(table), zlib.crc32(table.tobytes()), len(payload))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("r+b" if self.path.exists() else "w+b") as file:
            file.truncate(self._end)
            file.seek(self._end)
            file.write(head + table.tobytes() + payload)
        self._note(table, self._end + len(head) + table.nbytes)

    def tidy(self, wanted: Collection[bytes]) -> None:
        """Write the file anew with the wanted pieces alone, if most of it is something else."""
        live = sum(self._places[one].length for one in wanted if one in self._places)
        if not self._end or 2 * live >= self._end:
            return
        with self.path.open("rb") as file:
            found = (
                (one, read_piece(file, self._places[one])) for one in wanted if self.place(one)
            )
            kept = {one: piece for one, piece in found if piece is not None}
        new = Pack(self.path.with_name(TEMPORARY + self.path.name))
        new.path.unlink(missing_ok=True)
        new = Pack(new.path)
        new.add(kept)
        if kept:
            new.path.replace(self.path)
        else:
            self.path.unlink()
        self._places, self._end = new._places, new._end

    def _read_tables(self, file: IO[bytes], size: int) -> None:
        """Note where pieces lie, up to the first segment that is not whole."""
        while self._end + _HEAD.size <= size:
            file.seek(self._end)
            magic, n, crc, n_bytes = _HEAD.unpack(file.read(_HEAD.size))
            begin = self._end + _HEAD.size + n * _TABLE.itemsize
            if magic != _MAGIC or begin + n_bytes > size:
                return
            data = file.read(begin - file.tell())
            if zlib.crc32(data) != crc:
                return
            self._note(np.frombuffer(data, _TABLE), begin)

    def _note(self, table: np.ndarray, begin: int) -> None:
        lengths = table["length"].astype(np.int64)
        places = begin + np.cumsum(lengths) - lengths
        rows = zip(places.tolist(), lengths.tolist(), table["crc"].tolist(), strict=True)
        digests = table["digest"].tolist()
        self._places.update(zip(digests, map(Place._make, rows), strict=True))
        self._end = begin + int(lengths.sum())


def intact(path: Path, places: Mapping[_Name, Place]) -> set[_Name]:
    """Return the names of those pieces of a file whose bytes are those that were put there."""
    found = set()
    with path.open("rb", buffering=0) as file:
        for run in _runs(places):
            begin, end = places[run[0]].place, max(_end(places[one]) for one in run)
            file.seek(begin)
            content = memoryview(file.read(end - begin))
            for one in run:
                place, length, crc = places[one]
                piece = content[place - begin : place - begin + length]
                if len(piece) == length and zlib.crc32(piece) == crc:
                    found.add(one)
    return found


def _runs(places: Mapping[_Name, Place]) -> Iterator[list[_Name]]:
    """Yield the names of pieces that are read at once, in the order of the file."""
    run: list[_Name] = []
    for one in sorted(places, key=places.__getitem__):
        if run and _end(places[one]) - places[run[0]].place > _READ_AT_ONCE:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def _end(place: Place) -> int:
    return place.place + place.length


def read_piece(file: IO[bytes], place: Place) -> bytes | None:
    """Return the bytes at a place of a file, or None if they are not those that were put there."""
    file.seek(place.place)
    piece = file.read(place.length)
    return piece if len(piece) == place.length and zlib.crc32(piece) == place.crc else None
