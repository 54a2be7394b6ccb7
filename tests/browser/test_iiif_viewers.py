"""Exported IIIF, opened by the viewers of others in a real browser: OpenSeadragon, Mirador."""

import functools
import io
import json
import shutil
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image

import chromium
import hand_cut
import handed_over
from hand_cut import Told
from wunderkammer.exports.formats import registry
from wunderkammer.exports.selection import Chosen

pytestmark = pytest.mark.browser

OPENSEADRAGON = (
    Path(__file__).parents[2]
    / "frontend/node_modules/openseadragon/build/openseadragon/openseadragon.min.js"
)
MIRADOR = Path(sys.prefix) / "viewers" / "mirador.min.js"
SIDE = 600
PATIENCE_MS = 120_000  # Mirador is large, and a busy machine begins it slowly
ZOOM_PAGE = """<!doctype html><meta charset="utf-8"><title>One image</title>
<link rel="icon" href="data:,"><style>body {{ margin: 0 }} #map {{ width: {side}px;
height: {side}px; background: #000 }}</style><div id="map"></div>
<script src="openseadragon.min.js"></script><script>
window.viewer = OpenSeadragon({{ element: document.getElementById("map"), drawer: "canvas",
  tileSources: "{info}", showNavigationControl: false, animationTime: 0, blendTime: 0,
  minPixelRatio: 1 }});
window.settled = () => viewer.isOpen() && viewer.world.getItemAt(0).getFullyLoaded();
</script>"""
MIRADOR_PAGE = """<!doctype html><meta charset="utf-8"><title>Mirador</title>
<link rel="icon" href="data:,"><style>body {{ margin: 0 }} #viewer {{ position: relative;
width: 1200px; height: 760px }}</style><div id="viewer"></div>
<script src="mirador.min.js"></script><script>
window.viewer = Mirador.viewer({{ id: "viewer", windows: [{{ manifestId: "{manifest}",
  canvasId: "{canvas}" }}], workspaceControlPanel: {{ enabled: false }},
  window: {{ sideBarOpen: true, defaultSideBarPanel: "annotations", sideBarPanel: "annotations",
    highlightAllAnnotations: true, forceDrawAnnotations: true }} }});
</script>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


def colourful(width, height):
    """Return a picture whose every place has its own colour."""
    rows, columns = np.mgrid[0:height, 0:width]
    channels = [rows * 255 / height, columns * 255 / width, np.full((height, width), 90)]
    return np.dstack(channels).astype(np.uint8)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the address of a plain server, the folder it serves, and what was exported."""
    folder = tmp_path_factory.mktemp("site")
    handler = functools.partial(Quiet, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        made = hand_cut.make(
            tmp_path_factory.mktemp("cut") / "c",
            [Told("a", machine=handed_over.SHIFTED), Told("b", machine=handed_over.ROUND)],
        )
        ids = hand_cut.ids(made)
        made.annotate([{"media_id": ids["a"], "term": "scientificName",
                        "value": "Idea leuconoe", "who": "ada"}])  # fmt: skip
        handed_over.out(made, registry.get("iiif")(url=f"{address}/iiif"), folder / "iiif")
        for script in (OPENSEADRAGON, MIRADOR):
            assert script.is_file(), f"{script.name} is not here: run 'make test'"
            shutil.copy(script, folder)
        yield address, folder, made
        server.shutdown()


def shown(page, box=None):
    with Image.open(io.BytesIO(page.screenshot(clip=box))) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def test_openseadragon_opens_every_zoom_of_an_image_service(site, browser):
    from wunderkammer.exports.image_service import write_service

    address, folder, _ = site
    pixels = colourful(1500, 1100)
    write_service(pixels, folder / "large", f"{address}/large")
    (folder / "zoom.html").write_text(
        ZOOM_PAGE.format(side=SIDE, info=f"{address}/large/info.json")
    )
    with chromium.visiting(browser, urlsplit(address).netloc) as page:
        page.goto(f"{address}/zoom.html")
        page.wait_for_function("settled()")
        for x, y, side in ((0, 0, 1500), (0, 0, SIDE), (900, 500, SIDE)):
            page.evaluate(
                "([x, y, side]) => viewer.viewport.fitBounds(new OpenSeadragon.Rect("
                "x / 1500, y / 1500, side / 1500, side / 1500), true)",
                [x, y, side],
            )
            page.wait_for_function("settled()")
            page.wait_for_timeout(300)
            found = shown(page, {"x": 0, "y": 0, "width": SIDE, "height": SIDE})
            for row, column in ((50, 50), (SIDE // 2, SIDE // 2), (400, 550)):
                there = pixels[int(y + row * side / SIDE) % 1100, int(x + column * side / SIDE)]
                if y + row * side / SIDE < 1100:
                    assert np.abs(found[row, column] - there).max() < 12, (x, y, row, column)


def test_mirador_shows_the_specimen_its_name_and_its_annotations(site, browser):
    address, folder, made = site
    [medium] = [one for one in Chosen(made) if one.text("original_file") == "a.png"]
    manifest = f"{address}/iiif/manifests/{medium.specimen}.json"
    canvas = f"{address}/iiif/canvas/{medium.media_id}"
    (folder / "mirador.html").write_text(MIRADOR_PAGE.format(manifest=manifest, canvas=canvas))
    with chromium.visiting(browser, urlsplit(address).netloc, others_page=True) as page:
        page.goto(f"{address}/mirador.html")
        page.wait_for_selector(".mirador-osd-container canvas")
        page.get_by_text("Idea leuconoe", exact=False).first.wait_for()
        page.get_by_text("cut out by hand").first.wait_for()
        page.get_by_text("identified by a person, ada").first.wait_for()
        box = page.locator(".mirador-osd-container").first.bounding_box()
        page.wait_for_timeout(1500)
        found = shown(page, box)
        page.screenshot(path=folder / "mirador.png")
    for colour in (hand_cut.GROUND, hand_cut.BODY, hand_cut.HEAD):
        near = np.abs(found - np.array(colour)).max(axis=2) < 20
        assert near.mean() > 0.005, f"{colour} of the photograph is on the screen"
    window = json.loads((folder / "iiif" / "annotations" / f"{medium.media_id}.json").read_text())
    assert len(window["items"]) == 3


def test_mirador_leads_from_the_collection_to_a_specimen(site, browser):
    address, folder, _ = site
    text = MIRADOR_PAGE.format(manifest=f"{address}/iiif/collection.json", canvas="")
    (folder / "all.html").write_text(text.replace('canvasId: "" ', ""))
    with chromium.visiting(browser, urlsplit(address).netloc, others_page=True) as page:
        page.goto(f"{address}/all.html")
        page.get_by_role("button", name="Show collection").click(timeout=PATIENCE_MS)
        page.get_by_text("Idea leuconoe, M 0").first.wait_for()
        page.get_by_text("Danaus plexippus, M 1").first.click()
        page.wait_for_selector(".mirador-osd-container canvas")
        page.get_by_role("heading", name="Danaus plexippus, M 1").first.wait_for()
