"""An exported Deep Zoom Image, opened by OpenSeadragon in a real browser."""

import functools
import io
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from wunderkammer.atlas.containers import PMTilesReader, PMTilesWriter
from wunderkammer.atlas.encoding import decode_tile
from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.pyramid import build_pyramid
from wunderkammer.atlas.representatives import drawn_representatives, write_representatives
from wunderkammer.atlas.schemas import Tiles
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.atlas.tile_export import export_tiles
from wunderkammer.core.identity import stable_id

pytestmark = pytest.mark.browser

FRONTEND = Path(__file__).parents[2] / "frontend"
SCRIPT = FRONTEND / "node_modules/openseadragon/build/openseadragon/openseadragon.min.js"
FLAGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SIDE = 512
GROUND = "#dfe3d8"
PAGE = f"""<!doctype html><meta charset="utf-8"><title>Deep zoom</title>
<link rel="icon" href="data:,"><style>body {{ margin: 0 }} #map {{ width: {SIDE}px;
height: {SIDE}px; background: {GROUND} }}</style><div id="map"></div>
<script src="openseadragon.min.js"></script><script>
window.viewer = OpenSeadragon({{
  element: document.getElementById("map"), tileSources: "moths.dzi", drawer: "canvas",
  showNavigationControl: false, animationTime: 0, blendTime: 0, minPixelRatio: 1,
  maxZoomPixelRatio: 4,
}});
window.settled = () => viewer.isOpen() && viewer.world.getItemAt(0).getFullyLoaded();
</script>"""


class Noise:
    """Photographs of noise, coarse enough to survive being moved by part of a pixel."""

    def load(self, media_id, width, height):
        rng = np.random.default_rng(int(media_id, 16) % 2**32)
        coarse = Image.fromarray(rng.integers(0, 256, (3, 3, 3), dtype=np.uint8))
        return np.asarray(coarse.resize((width, height), Image.Resampling.BILINEAR))


@pytest.fixture(scope="module")
def pyramid(tmp_path_factory):
    """Return a folder with a sparse pyramid of zooms 0 to 3, some sprites raised at zoom 1."""
    folder = tmp_path_factory.mktemp("pyramid")
    ids = [stable_id(str(number)) for number in range(14)]
    places = np.array([(n % 4 * 1.2, n // 4 * 1.2) for n in range(13)] + [(14.0, 13.0)])
    geometry = geometry_of(ids, places, np.ones((14, 2)), sprite_px=100, margin_px=9)
    style = TileStyle(format="png", retina=False, background=GROUND)
    raised = RepresentativeStyle(sprite_px=110)
    chosen = {1: np.array([0, 13])}
    with PMTilesWriter(folder / "tiles.pmtiles", "image/png") as writer:
        build_pyramid(
            Noise(), geometry, style=style, writer=writer,
            representatives=chosen, representative_style=raised,
        )  # fmt: skip
    drawn = drawn_representatives(geometry, raised, chosen)
    write_representatives(folder / "representatives.parquet", geometry, drawn)
    described = Tiles(
        container="pmtiles", path="tiles.pmtiles", retina_path=None, media_type="image/png",
        tile_px=256, min_zoom=0, max_zoom=geometry.max_zoom, background=GROUND,
    )  # fmt: skip
    (folder / "tiles.json").write_text(described.model_dump_json())
    return folder


@pytest.fixture(scope="module")
def address(pyramid, tmp_path_factory):
    """Return the address of a plain server of the exported image and a page with a viewer."""
    assert SCRIPT.is_file(), "OpenSeadragon is not installed: run 'make frontend'"
    folder = tmp_path_factory.mktemp("site")
    export_tiles(pyramid, folder / "moths.dzi", "dzi")
    shutil.copy(SCRIPT, folder)
    (folder / "index.html").write_text(PAGE)

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            """Say nothing."""

    handler = functools.partial(Quiet, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def page(address):
    """Return the opened page; what it missed or complained of fails the test."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is not installed: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport={"width": SIDE, "height": SIDE})
        complaints = []
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        yield page
        browser.close()
        assert complaints == []


def whole(pyramid, zoom):
    """Return the picture of a zoom, the background where there is no tile."""
    ground = tuple(bytes.fromhex(GROUND[1:]))
    side = 256 << zoom
    picture = np.full((side, side, 3), ground, np.uint8)
    with PMTilesReader(pyramid / "tiles.pmtiles") as tiles:
        for (of_zoom, x, y), data in tiles.items():
            if of_zoom == zoom:
                picture[256 * y : 256 * y + 256, 256 * x : 256 * x + 256] = decode_tile(data)
    return picture


def shown(page):
    page.wait_for_function("settled()")
    page.wait_for_timeout(250)
    with Image.open(io.BytesIO(page.screenshot())) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def apart(one, other):
    """Return how far colours differ at least from one at most a pixel away: viewers smooth."""
    moves = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    moved = [np.roll(other, move, axis=(0, 1)) for move in moves]
    return np.min([np.abs(one - there).max(axis=2) for there in moved], axis=0)


@pytest.mark.parametrize("zoom", [1, 2, 3])
def test_openseadragon_shows_the_pixels_of_the_pyramid(page, pyramid, zoom):
    expected = whole(pyramid, zoom)
    page.wait_for_function("viewer.isOpen()")
    for x, y in {(0, 0), (len(expected) - SIDE, len(expected) - SIDE)}:
        page.evaluate(
            """([x, y, side, whole]) => viewer.viewport.fitBounds(
                new OpenSeadragon.Rect(x / whole, y / whole, side / whole, side / whole), true)""",
            [x, y, SIDE, len(expected)],
        )
        part = expected[y : y + SIDE, x : x + SIDE].astype(int)
        assert np.abs(part - part[0, 0]).max() > 60, "something is there to be seen"
        assert apart(shown(page), part).mean() < 1
