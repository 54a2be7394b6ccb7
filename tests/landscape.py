"""A published site of a known land, made without a pipeline: four families, a quarter each."""

from __future__ import annotations

import contextlib
import functools
import io
import re
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image

from wunderkammer.atlas.card_schemas import Picture, PictureTiles
from wunderkammer.atlas.cards import card_from_record, write_cards
from wunderkammer.atlas.columns import ColumnChoice, write_columns
from wunderkammer.atlas.containers import DirectoryWriter, PMTilesWriter
from wunderkammer.atlas.geometry import Geometry, geometry_of
from wunderkammer.atlas.medium_tiles import medium_pyramid
from wunderkammer.atlas.paths import picture_path, picture_tiles_path
from wunderkammer.atlas.place_names import write_place_names
from wunderkammer.atlas.points import write_ids, write_points
from wunderkammer.atlas.pyramid import build_pyramid
from wunderkammer.atlas.schemas import Atlas, Tiles
from wunderkammer.atlas.style import TileStyle
from wunderkammer.core.identity import stable_id
from wunderkammer.stages.publish import PAGE

SIDE = 40
FAMILIES = ("Papilionidae", "Pieridae", "Nymphalidae", "Sphingidae")
COLOURS = ((188, 84, 52), (222, 190, 92), (74, 104, 132), (108, 132, 88))
OWN_WIDTH, OWN_HEIGHT, OWN_TILE_PX = 1300, 900, 512


class Wings:
    """Two wings in the colour of the family."""

    def __init__(self, colour_of: dict[str, tuple[int, int, int]]) -> None:
        self._colour_of = colour_of

    def load(self, media_id: str, width: int, height: int) -> np.ndarray:
        y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
        picture = np.full((height, width, 3), 255, np.uint8)
        picture[((np.abs(x) - 0.5) / 0.45) ** 2 + (y / 0.8) ** 2 < 1] = self._colour_of[media_id]
        return picture


def write_site(folder: Path, *, container: str = "pmtiles") -> Geometry:
    """Write page, tiles, atlas and pictures; the first row has tiles of its own."""
    ignored = shutil.ignore_patterns("curate", "sort")
    shutil.copytree(PAGE, folder, ignore=ignored, dirs_exist_ok=True)
    column, line = np.arange(SIDE**2) % SIDE, np.arange(SIDE**2) // SIDE
    ids = [stable_id(str(number)) for number in range(SIDE**2)]
    places = np.stack([column, line], axis=1) * 1.15
    geometry = geometry_of(ids, places, np.ones((SIDE**2, 2)), sprite_px=64, margin_px=8)
    quarter = 2 * (line >= SIDE // 2) + (column >= SIDE // 2)
    colour_of = {ids[n]: COLOURS[quarter[n]] for n in range(SIDE**2)}
    families = [FAMILIES[quarter[n]] for n in geometry.order]
    tiles = _write_tiles(folder, geometry, Wings(colour_of), container)
    cells = {"family": families, "title": [f"Specimen {n}" for n in geometry.order]}
    empty: list[str | None] = [None] * len(geometry)
    written = write_columns(
        folder,
        lambda name: pa.array(cells.get(name, empty), pa.string()),
        ColumnChoice(dictionaries=("family",), texts=("title",), names=("family",)),
    )
    own = geometry.media_ids[0]
    _write_pictures(folder, geometry, Wings(colour_of), own)
    atlas = Atlas(
        format=1, title="Four families", description="", generator="tests",
        n_media=len(geometry), width=geometry.width, height=geometry.height,
        left=geometry.left, top=geometry.top, sprite_px=geometry.sprite_px, tiles=tiles,
        points=write_points(folder, geometry, written.codes), ids=write_ids(folder, geometry.ids),
        dictionaries=written.dictionaries, search=written.search,
        names=write_place_names(folder, geometry, written.names),
        cards=write_cards(folder, _cards(geometry, families, own)), licences=[], steps=[],
    )  # fmt: skip
    (folder / "atlas.json").write_text(atlas.model_dump_json())
    return geometry


def _write_tiles(folder: Path, geometry: Geometry, wings: Wings, container: str) -> Tiles:
    style = TileStyle(format="png", retina=False, background="#ffffff")
    archive = container == "pmtiles"
    writer = (
        PMTilesWriter(folder / "tiles.pmtiles", "image/png")
        if archive
        else DirectoryWriter(folder / "tiles", "png")
    )
    with writer:
        build_pyramid(wings, geometry, style=style, writer=writer)
    return Tiles(
        container="pmtiles" if archive else "directory",
        path="tiles.pmtiles" if archive else "tiles/{z}/{x}/{y}.png",
        retina_path=None, media_type="image/png", tile_px=256, min_zoom=0,
        max_zoom=geometry.max_zoom, background="#ffffff",
    )  # fmt: skip


def _write_pictures(folder: Path, geometry: Geometry, wings: Wings, own: str) -> None:
    for media_id in geometry.media_ids[:3]:
        path = folder / picture_path(media_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        data = io.BytesIO()
        Image.fromarray(wings.load(media_id, 260, 180)).save(data, "JPEG")
        path.write_bytes(data.getvalue())
    style = TileStyle(format="jpeg")
    pyramid = medium_pyramid(wings.load(own, OWN_WIDTH, OWN_HEIGHT), style, OWN_TILE_PX)
    (folder / picture_tiles_path(own)).write_bytes(pyramid)


def _cards(geometry: Geometry, families: list[str], own: str) -> Iterator[object]:
    for media_id, family, number in zip(
        geometry.media_ids, families, geometry.order.tolist(), strict=True
    ):
        tiles = PictureTiles(path=picture_tiles_path(media_id), width=OWN_WIDTH,
                             height=OWN_HEIGHT, tile_px=OWN_TILE_PX)  # fmt: skip
        picture = Picture(path=picture_path(media_id), width=OWN_WIDTH, height=OWN_HEIGHT,
                          tiles=tiles if media_id == own else None)  # fmt: skip
        record = {"media_id": media_id, "title": f"Specimen {number}", "family": family,
                  "license": "CC0", "rightsHolder": "Museum of the four families"}  # fmt: skip
        yield card_from_record(record, picture)


class Plain(SimpleHTTPRequestHandler):
    """A host that sends every file whole."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Ranged(Plain):
    """A host that answers range requests, as most do."""

    def do_GET(self) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        path = Path(self.translate_path(self.path))
        if asked is None or not path.is_file():
            super().do_GET()
            return
        first, last = map(int, asked.groups())
        data = path.read_bytes()[first : last + 1]
        self.send_response(206 if data else 416)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # a page that is closed needs no more
            self.wfile.write(data)


@contextlib.contextmanager
def hosted(folder: Path, handler: type[Plain] = Ranged) -> Iterator[str]:
    """Serve a folder while a block runs; return its address."""
    answer = functools.partial(handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
