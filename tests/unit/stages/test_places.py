"""Several layouts of one collection beside each other."""

import json
import shutil

import numpy as np
import pytest

import wunderkammer
from wunderkammer.atlas.mark_schemas import Marks
from wunderkammer.atlas.points import NOWHERE, read_block, rows_in_tile
from wunderkammer.atlas.schemas import Atlas
from wunderkammer.core.configuration import configure
from wunderkammer.stages import STAGES

TOML = """

[[layout]]

[[layout]]
called = "kinds"
title = "Classification"
method = { name = "taxonomy", ranks = ["order", "family", "genus"] }

[[layout]]
method = "grid"
"""


def two_layouts(collection, root):
    """Return a copy of a finished collection whose media are laid out in three ways."""
    shutil.copytree(collection.root, root, copy_function=shutil.copy)
    path = root / "collection.toml"
    text = path.read_text("utf-8")
    before, _, after = text.partition("\n[layout]\n")
    _, mark, rest = after.partition("\n[tile]\n")
    path.write_text(before + mark + rest + TOML, "utf-8")
    made = wunderkammer.open(root)
    made.run(n_workers=0)
    return made


@pytest.fixture(scope="module")
def several(collection, tmp_path_factory):
    return two_layouts(collection, tmp_path_factory.mktemp("several") / "cabinet")


@pytest.fixture(scope="module")
def published(several, tmp_path_factory):
    target = tmp_path_factory.mktemp("site")
    several.publish(target)
    return target, Atlas.model_validate_json((target / "atlas.json").read_bytes())


def test_what_was_made_with_one_layout_stays_when_others_come(collection, several):
    for group in ("tile/relax", "atlas/relax", "places/relax"):
        assert several.artifacts(group).name == collection.artifacts(group).name
    assert several.plan().nothing_to_do


def test_the_files_of_the_first_are_those_of_a_site_with_it_alone(
    collection, several, published, tmp_path
):
    collection.publish(tmp_path)
    target, _ = published
    names = json.loads((tmp_path / ".published.json").read_text())
    assert len(names) > 24
    for name in names:
        if name != "atlas.json":
            assert (target / name).read_bytes() == (tmp_path / name).read_bytes(), name
    one, both = (json.loads((at / "atlas.json").read_text()) for at in (tmp_path, target))
    assert [layout["name"] for layout in one.pop("layouts")] == ["relax"]
    assert [layout["name"] for layout in both.pop("layouts")] == ["relax", "kinds", "grid"]
    assert one == both
    new = set(json.loads((target / ".published.json").read_text())) - set(names)
    assert new == {
        *(f"layouts/{name}/{file}" for name in ("kinds", "grid") for file in FILES),
        "layouts/kinds/marks.json",
    }
    for name in new:
        assert several.site().file(name).read_bytes() == (target / name).read_bytes()


FILES = ("points.bin", "tiles.pmtiles", "tiles@2x.pmtiles")


def test_rows_of_a_plane_are_the_media_of_the_atlas(several, published):
    target, atlas = published
    ids = read_block(target, atlas.points, "id")
    for layout in atlas.layouts[1:]:
        plane = layout.plane
        row, at = (read_block(target, plane.points, name) for name in ("row", "at"))
        assert plane.n_media == len(row) == len(ids)
        assert at[row].tolist() == list(range(len(row)))
        places = several.query(
            f'SELECT media_id, "layout/{layout.name}/x" AS x, "layout/{layout.name}/y" AS y, '
            f'"tile/{layout.name}/row" AS row FROM media'
        ).to_pylist()
        x, y = (read_block(target, plane.points, axis) for axis in "xy")
        for medium in places:
            assert ids[row[medium["row"]]].tobytes().hex() == medium["media_id"]
        lie = np.array([[medium["x"], medium["y"]] for medium in places])
        drawn = np.array([[x[m["row"]], y[m["row"]]] for m in places]) / plane.sprite_px
        assert np.abs((lie - lie[0]) - (drawn - drawn[0])).max() < 3 / plane.sprite_px


def test_rows_of_a_plane_lie_in_its_own_z_order(published):
    target, atlas = published
    plane = atlas.layouts[1].plane
    index, x, y = (read_block(target, plane.points, name) for name in ("index", "x", "y"))
    zoom = plane.points.index_zoom
    edge = plane.tiles.tile_px << (plane.tiles.max_zoom - zoom)
    for tile_x in range(1 << zoom):
        for tile_y in range(1 << zoom):
            code = sum(
                (tile_x >> b & 1) << 2 * b | (tile_y >> b & 1) << 2 * b + 1 for b in range(8)
            )
            first, end = rows_in_tile(index, zoom, zoom, code)
            assert set((x[first:end] // edge).tolist()) <= {tile_x}
            assert set((y[first:end] // edge).tolist()) <= {tile_y}


def test_blocks_are_marked_where_their_media_lie(several, published):
    target, atlas = published
    layout = atlas.layouts[1]
    assert (layout.title, layout.method) == ("Classification", "taxonomy")
    marks = Marks.model_validate_json((target / layout.marks).read_bytes()).marks
    families = {mark.text: mark for mark in marks if mark.rank == "family"}
    points = layout.plane.points
    x, y, at = (read_block(target, points, name) for name in ("x", "y", "at"))
    media = several.query(
        'SELECT family, "tile/relax/row" AS row FROM media WHERE family IS NOT NULL'
    ).to_pylist()
    assert {medium["family"] for medium in media} == set(families)
    for medium in media:
        mark, place = families[medium["family"]], at[medium["row"]]
        assert place != NOWHERE
        assert mark.x < x[place] < mark.x + mark.width
        assert mark.y < y[place] < mark.y + mark.height


def test_a_layout_that_was_made_of_another_atlas_is_not_shown(several, tmp_path):
    root = tmp_path / "changed"
    shutil.copytree(several.root, root, copy_function=shutil.copy)
    path = root / "collection.toml"
    text = path.read_text("utf-8").replace("\n[atlas]\n", "\n[atlas]\nn_neighbours = 3\n")
    path.write_text(text, "utf-8")
    changed = wunderkammer.open(root)
    changed.run(["atlas"], n_workers=0)
    shown = json.loads(changed.site().atlas_json())["layouts"]
    assert [layout["name"] for layout in shown] == ["relax"]
    assert changed.site().file("layouts/grid/points.bin") is None
    changed.run(n_workers=0)
    assert len(json.loads(changed.site().atlas_json())["layouts"]) == 3


def test_one_pyramid_is_drawn_of_each_layout_unless_one_is_named():
    layouts = [{"method": "relax"}, {"called": "years", "method": "timeline"}, {"method": "grid"}]
    found = configure({"layout": layouts}, STAGES)
    assert [one.group for one in found.called("tile")] == ["tile/relax", "tile/years", "tile/grid"]
    assert [one.group for one in found.called("places")] == [
        "places/relax", "places/years", "places/grid",
    ]  # fmt: skip
    assert [one.group for one in found.called("atlas")] == ["atlas/relax"]
    found = configure({"layout": layouts, "tile": {"layout": "grid"}}, STAGES)
    assert [one.group for one in found.called("tile")] == ["tile/grid"]
    tiles = [{"layout": "years", "sprite_px": 64}, {"sprite_px": 32}]
    found = configure({"layout": layouts, "tile": tiles}, STAGES)
    drawn = {one.layout: one.sprite_px for one in found.called("tile")}
    assert drawn == {"relax": 32, "years": 64, "grid": 32}


def test_what_a_layout_is_called_is_in_no_key():
    plain, called = (
        configure({"layout": {"method": "grid", **more}}, STAGES).stage("layout")
        for more in ({}, {"called": "wall", "title": "The wall"})
    )
    assert called.group == "layout/wall"
    assert plain.digest() == called.digest()
