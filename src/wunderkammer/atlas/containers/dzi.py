"""Deep Zoom Images, which OpenSeadragon and many museum viewers open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

from wunderkammer.atlas.containers._whole import WrittenWhole
from wunderkammer.atlas.encoding import decode_tile, encode_tile
from wunderkammer.atlas.style import EXTENSIONS, TileStyle
from wunderkammer.core.files import folder_written_whole, remove_left_of, write_bytes
from wunderkammer.imaging.compositing import halve

_NAMESPACE = "http://schemas.microsoft.com/deepzoom/2008"
_LAST_RECTANGLE_ZOOM = 4


class _Run(NamedTuple):
    """Tiles side by side that hold something."""

    x: int
    y: int
    n: int


class DziWriter(WrittenWhole):
    """Writes a Deep Zoom Image: ``<name>.dzi`` and ``<name>_files/<level>/<x>_<y>.<extension>``.

    The image is the square of the pyramid. Zoom z is level z + log2(tile_px), and the
    levels below zoom 0 are its only tile, halved until one pixel is left. Where no
    tile holds anything none is written; the rectangles in the ``.dzi`` file say so to
    viewers, zoom by zoom up to 4, which stands for those above. Both appear when the
    ``with`` block ends without an error.

    Parameters
    ----------
    path : Path
        The ``.dzi`` file; its tiles lie beside it. Replaced if it is there.
    style : TileStyle
        Format of the tiles; it also encodes the levels below zoom 0.
    tile_px : int
        Edge of a tile, a power of two.
    max_zoom : int
        Highest zoom.
    about : mapping, optional
        Files that are no tiles, by name; they lie in the folder of the tiles.

    References
    ----------
    .. [1] Microsoft, Deep Zoom File Format Overview (2011).
    """

    def __init__(
        self,
        path: Path,
        style: TileStyle,
        *,
        tile_px: int,
        max_zoom: int,
        about: Mapping[str, bytes] | None = None,
    ) -> None:
        self._path = path
        self._about = dict(about or {})
        self._style = style
        self._tile_px = tile_px
        self._max_zoom = max_zoom
        self._shown: dict[int, list[tuple[int, int]]] = {
            zoom: [] for zoom in range(1, min(_LAST_RECTANGLE_ZOOM, max_zoom) + 1)
        }
        self._top: bytes | None = None
        self._target: Path

    @property
    def _lowest_level(self) -> int:
        """The level of zoom 0."""
        return self._tile_px.bit_length() - 1

    def _begin(self, stack: ExitStack) -> None:
        tiles = self._path.with_name(f"{self._path.stem}_files")
        remove_left_of(self._path)
        self._target = stack.enter_context(folder_written_whole(tiles))
        for name, data in self._about.items():
            (self._target / name).write_bytes(data)

    def _settle(self) -> None:
        write_bytes(self._path, self._description())

    def write(self, zoom: int, x: int, y: int, data: bytes) -> None:
        """Store the bytes of one tile; each address once."""
        if zoom == 0:
            self._top = data
        if zoom in self._shown:
            self._shown[zoom].append((y, x))
        self._store(self._lowest_level + zoom, x, y, data)

    def _store(self, level: int, x: int, y: int, data: bytes) -> None:
        folder = self._target / str(level)
        folder.mkdir(exist_ok=True)
        (folder / f"{x}_{y}.{EXTENSIONS[self._style.format]}").write_bytes(data)

    def _finish(self) -> None:
        """Write the levels that are smaller than a tile; who reads meanwhile finds no image.

        An earlier description would speak of tiles that are being replaced.
        """
        self._path.unlink(missing_ok=True)
        if self._top is None:
            return
        pixels = decode_tile(self._top)
        for level in range(self._lowest_level - 1, -1, -1):
            pixels = halve(pixels)
            self._store(level, 0, 0, encode_tile(pixels, self._style))

    def _description(self) -> bytes:
        """Return the ``.dzi`` file."""
        side = self._tile_px << self._max_zoom
        image = ET.Element("Image", xmlns=_NAMESPACE, TileSize=str(self._tile_px), Overlap="0")
        image.set("Format", EXTENSIONS[self._style.format])
        ET.SubElement(image, "Size", Width=str(side), Height=str(side))
        rectangles = ET.SubElement(image, "DisplayRects")
        for zoom, places in self._shown.items():
            last = self._max_zoom if zoom == max(self._shown) else zoom
            levels = {"MinLevel": self._lowest_level + zoom, "MaxLevel": self._lowest_level + last}
            edge = self._tile_px << (self._max_zoom - zoom)
            for run in _runs(sorted(places)):
                shown = ET.SubElement(rectangles, "DisplayRect", _texts(levels))
                box = {"X": run.x, "Y": run.y, "Width": run.n, "Height": 1}
                ET.SubElement(shown, "Rect", _texts({name: n * edge for name, n in box.items()}))
        text: bytes = ET.tostring(image, encoding="utf-8", xml_declaration=True)
        return text + b"\n"


def _texts(numbers: Mapping[str, int]) -> dict[str, str]:
    return {name: str(number) for name, number in numbers.items()}


def _runs(places: list[tuple[int, int]]) -> Iterator[_Run]:
    """Join places of a row that lie side by side; each is (y, x), and they are sorted."""
    run: _Run | None = None
    for y, x in places:
        if run is not None and (run.y, run.x + run.n) == (y, x):
            run = run._replace(n=run.n + 1)
            continue
        if run is not None:
            yield run
        run = _Run(x, y, 1)
    if run is not None:
        yield run
