"""A folder with a file a tile, for hosts without range requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from wunderkammer.atlas.containers._whole import WrittenWhole
from wunderkammer.core.files import folder_written_whole


class DirectoryWriter(WrittenWhole):
    """Writes a file a tile, ``<zoom>/<x>/<y>.<extension>``.

    The folder appears whole when the ``with`` block ends without an error.

    Parameters
    ----------
    folder : Path
        The folder, replaced if it is there.
    extension : str
        Such as ``"jpg"``, without a dot.
    about : mapping, optional
        Files that are no tiles, by name.
    """

    def __init__(
        self, folder: Path, extension: str, about: Mapping[str, bytes] | None = None
    ) -> None:
        self._folder = folder
        self._extension = extension
        self._about = dict(about or {})
        self._target: Path

    def _begin(self, stack: ExitStack) -> None:
        self._target = stack.enter_context(folder_written_whole(self._folder))
        for name, data in self._about.items():
            (self._target / name).write_bytes(data)

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

    def __enter__(self) -> Self:
        """Return the reader."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def tiles(self) -> Iterator[tuple[int, int, int]]:
        """Yield the zoom, x and y of every tile, in the order of a PMTiles file."""
        from pmtiles.tile import tileid_to_zxy, zxy_to_tileid

        paths = self._folder.glob(f"*/*/*.{self._extension}")
        addresses = ((int(path.parts[-3]), int(path.parts[-2]), int(path.stem)) for path in paths)
        for tile_id in sorted(zxy_to_tileid(*address) for address in addresses):
            yield tileid_to_zxy(tile_id)

    def items(self) -> Iterator[tuple[tuple[int, int, int], bytes]]:
        """Yield the address and the bytes of every tile, in the order of a PMTiles file."""
        for address in self.tiles():
            data = self.read_tile(*address)
            if data is not None:
                yield address, data
