"""The example in the description of the atlas format reads an atlas over HTTP."""

import contextlib
import http.server
import re
import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from wunderkammer.atlas.cards import card_from_record, write_cards
from wunderkammer.atlas.containers import PMTilesWriter
from wunderkammer.atlas.dictionaries import coded_column, write_dictionary
from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.points import write_ids, write_points
from wunderkammer.atlas.schemas import Atlas, Tiles
from wunderkammer.core.identity import stable_id

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "atlas-format.md"


class Ranged(http.server.SimpleHTTPRequestHandler):
    """A static host that answers range requests."""

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if asked is None or not path.is_file():
            super().do_GET()
            return
        first, last = map(int, asked.groups())
        data = path.read_bytes()[first : last + 1]
        self.send_response(206)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Plain(http.server.SimpleHTTPRequestHandler):
    """A static host that does not."""

    def log_message(self, *_):
        pass


def write_atlas(folder, n=2000):
    """Write an atlas of n media of five genera, without pictures."""
    rng = np.random.default_rng(0)
    ids = [stable_id(str(number)) for number in range(n)]
    positions = rng.uniform(0, 60, (n, 2))
    geometry = geometry_of(ids, positions, np.ones((n, 2)), sprite_px=64, margin_px=8)
    genera = [f"Genus{row % 5}" for row in range(n)]
    coded = coded_column("genus", genera)
    with PMTilesWriter(folder / "tiles.pmtiles", "image/jpeg") as writer:
        writer.write(0, 0, 0, b"")
    records = (
        {"media_id": media_id, "scientificName": f"{genus} alba", "license": "CC0"}
        for media_id, genus in zip(geometry.media_ids, genera, strict=True)
    )
    atlas = Atlas(
        format=1,
        title="Test",
        description="",
        n_media=n,
        width=geometry.width,
        height=geometry.height,
        left=geometry.left,
        top=geometry.top,
        sprite_px=geometry.sprite_px,
        tiles=Tiles(
            container="pmtiles",
            path="tiles.pmtiles",
            retina_path=None,
            media_type="image/jpeg",
            tile_px=256,
            min_zoom=0,
            max_zoom=geometry.max_zoom,
            background="#ffffff",
        ),
        points=write_points(folder, geometry, {"genus": coded.codes}),
        ids=write_ids(folder, geometry.ids),
        dictionaries=[write_dictionary(folder, coded, "Genus")],
        cards=write_cards(folder, (card_from_record(record) for record in records)),
        licences=[],
        steps=[],
        generator="test",
    )
    (folder / "atlas.json").write_text(atlas.model_dump_json())
    return geometry


@contextlib.contextmanager
def served(folder, handler):
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(handler, directory=str(folder))
    ) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("handler", [Ranged, Plain])
def test_the_example_reads_what_was_written(tmp_path, capsys, handler):
    geometry = write_atlas(tmp_path)
    code = PAGE.read_text().split("```python")[-1].split("```")[0]
    names = {}
    with served(tmp_path, handler) as base:
        code, n_replaced = re.subn(r'^BASE = ".*"$', f'BASE = "{base}"', code, flags=re.MULTILINE)
        assert n_replaced == 1
        exec(compile(code, str(PAGE), "exec"), names)
        assert all(names["row_of"](geometry.media_ids[row]) == row for row in range(0, 2000, 97))
        assert names["row_of"](stable_id("not there")) is None
    first, inside = names["first"], names["inside"]
    edge = names["tile_edge"]
    tiles = geometry.centres // edge
    expected = (tiles == [names["x"], names["y"]]).all(axis=1).sum()
    assert inside.sum() == expected > 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith(f"{expected} media in tile")
    assert printed[1] == f"Genus: Genus{first % 5}"
    assert printed[2] == f"Genus{first % 5} alba  - CC0 1.0"


def test_the_page_names_every_block_and_file(tmp_path):
    geometry = write_atlas(tmp_path, n=10)
    page = PAGE.read_text()
    points = write_points(tmp_path, geometry, {})
    assert all(f"`{block.name}`" in page for block in points.blocks)
    for name in ("atlas.json", "points.bin", "ids.bin", "tiles.pmtiles", "cards/", "dictionaries/"):
        assert name in page
