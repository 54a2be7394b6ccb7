"""Maps of further layouts: whose rows are whose, and marks in pixels."""

import json

import numpy as np
import pytest

from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.mark_schemas import Marks
from wunderkammer.atlas.planes import write_marks, write_plane
from wunderkammer.atlas.points import NOWHERE, read_block, rows_between, write_points
from wunderkammer.atlas.schemas import Atlas, Tiles
from wunderkammer.core.identity import stable_id

TILES = Tiles(
    container="directory",
    path="tiles/{z}/{x}/{y}.jpg",
    retina_path="tiles@2x/{z}/{x}/{y}.jpg",
    media_type="image/jpeg",
    tile_px=256,
    min_zoom=0,
    max_zoom=3,
    background="#ffffff",
)


def laid_out(names, side=4):
    """Return the geometry of media in rows of a wall."""
    n = len(names)
    places = np.stack([np.arange(n) % side, np.arange(n) // side], axis=1) * 1.5 + 7.3
    ids = [stable_id(name) for name in names]
    return geometry_of(ids, places, np.ones((n, 2)), sprite_px=40, margin_px=8), places


def test_a_medium_that_one_of_two_layouts_lacks_has_no_row_there():
    here, _ = laid_out("abcdefgh")
    there, _ = laid_out("hgxfedcb", side=3)
    row, at = rows_between(here.ids, there.ids)
    for mine, ids in enumerate(here.media_ids):
        theirs = row[mine]
        assert (theirs == NOWHERE) == (ids == stable_id("a"))
        assert theirs == NOWHERE or there.media_ids[theirs] == ids
    assert at[there.media_ids.index(stable_id("x"))] == NOWHERE
    assert sorted(at[at != NOWHERE].tolist()) == sorted(np.flatnonzero(row != NOWHERE).tolist())


def test_a_plane_says_where_its_files_are_published(tmp_path):
    first, _ = laid_out("abcdef")
    points = write_points(tmp_path / "first", first, {})
    atlas = Atlas.model_construct(points=points)
    other, _ = laid_out("fedcba", side=2)
    base = (tmp_path / "first", atlas)
    plane = write_plane(tmp_path, "wall", other, TILES, {}, base, [])
    assert plane.tiles.path == "layouts/wall/tiles/{z}/{x}/{y}.jpg"
    assert plane.tiles.retina_path == "layouts/wall/tiles@2x/{z}/{x}/{y}.jpg"
    row = read_block(tmp_path, plane.points, "row")
    assert [first.media_ids[one] for one in row] == other.media_ids
    assert {block.name for block in plane.points.blocks} == {
        *("index", "x", "y", "w", "h", "row", "at")
    }  # fmt: skip


def test_marks_lie_among_the_sprites_that_they_name(tmp_path):
    geometry, places = laid_out("abcdefgh")
    order = geometry.order
    box = {"x": 6.8, "y": 6.8, "width": 2.5, "height": 1.0}  # around the first two
    marks = [{"kind": "block", "text": "Aa", **box, "rank": "genus", "n_media": 2}]
    path = write_marks(tmp_path, "kinds", geometry, places[order[0]] - 0.5, marks)
    (mark,) = Marks.model_validate_json((tmp_path / path).read_bytes()).marks
    inside = [
        int(order[row])
        for row, (x, y) in enumerate(geometry.centres.tolist())
        if mark.x <= x <= mark.x + mark.width and mark.y <= y <= mark.y + mark.height
    ]
    assert sorted(inside) == [0, 1]
    left, top, _, height = geometry.boxes[np.flatnonzero(order == 0)[0]].tolist()
    assert (mark.x, mark.y) == pytest.approx((left, top), abs=1)
    assert mark.height == pytest.approx(height, abs=1)
    assert json.loads((tmp_path / path).read_text())["marks"][0]["n_media"] == 2


def test_a_layout_without_marks_has_no_file_of_them(tmp_path):
    geometry, places = laid_out("abc")
    assert write_marks(tmp_path, "wall", geometry, places[0] - 0.5, []) is None
    assert not list(tmp_path.iterdir())
