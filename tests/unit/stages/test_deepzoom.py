"""Pictures at their full size, as pyramids of their own."""

import hashlib
import io
import json
import re
import shutil

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

import wunderkammer
from conftest import SMALL
from wunderkammer.atlas.card_schemas import Card
from wunderkammer.atlas.containers import PMTilesReader, verify_pmtiles
from wunderkammer.atlas.encoding import decode_tile
from wunderkammer.atlas.schemas import Atlas
from wunderkammer.core.stage import Context
from wunderkammer.imaging.cutout_files import encode_cutout
from wunderkammer.stages.deepzoom import DeepzoomStage
from wunderkammer.testing import SpecimenGenerator

UNKNOWN = pa.schema({"width": pa.int64(), "height": pa.int64()})

TURNED_RIGHT = 6


def photograph(width=700, height=400):
    y, x = np.mgrid[:height, :width]
    return np.dstack([x * 255 // width, y * 255 // height, (x // 8 + y // 8) % 2 * 60]).astype(
        np.uint8
    )


def stored(root, name, pixels, **how):
    """Store a photograph as an original and return its row."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", **how)
    (root / "media").mkdir(exist_ok=True)
    (root / "media" / f"{name}.png").write_bytes(buffer.getvalue())
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    path = f"media/{name}.png"
    return {"media_id": name, "sha256": digest, "original": path, "content_path": path}


def whole(root, cell, tile_px, width, height, depth=3):
    """Return the picture of the highest zoom."""
    assert verify_pmtiles(root / cell) == []
    picture = np.zeros((height, width, depth), np.uint8)
    with PMTilesReader(root / cell) as reader:
        highest = max(zoom for zoom, _, _ in reader.tiles())
        for (zoom, x, y), data in reader.items():
            if zoom == highest:
                tile = decode_tile(data)
                place = np.s_[y * tile_px :, x * tile_px :]
                picture[place][: tile.shape[0], : tile.shape[1]] = tile
    return picture


def test_a_photograph_comes_back_as_the_camera_was_held(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = TURNED_RIGHT
    row = stored(tmp_path, "a", photograph(), exif=exif)
    stage = DeepzoomStage(picture="image", min_px=100, tile_px=256, format="png")
    (done,) = stage.process([row], Context(tmp_path))
    assert set(done.values) < {column.name for column in stage.writes()}
    assert (done.values["deepzoom_width"], done.values["deepzoom_height"]) == (400, 700)
    shown = whole(tmp_path, done.values["deepzoom"], 256, 400, 700)
    assert (shown == np.rot90(photograph(), -1)).all()


def test_a_small_one_and_a_lost_one_say_so_and_are_no_failures(tmp_path):
    rows = [stored(tmp_path, name, photograph()) for name in "abc"]
    rows[2]["original"] = rows[2]["content_path"] = "media/gone.png"
    rows[0] |= stored(tmp_path, "a", photograph(90, 50))
    small, good, lost = DeepzoomStage(picture="image", min_px=100).process(rows, Context(tmp_path))
    assert small.values == {"deepzoom_reason": "small"}
    assert "cannot be read" in lost.values["deepzoom_reason"]
    assert "deepzoom_reason" not in good.values
    (alone,) = DeepzoomStage(picture="image", min_px=100).process(rows[1:2], Context(tmp_path))
    assert alone == good, "the others of a batch leave no trace"


@pytest.mark.parametrize(("form", "depth"), [("", 4), ("png", 4), ("jpeg", 3)])
def test_a_cut_out_keeps_its_alpha_or_lies_on_white(tmp_path, form, depth):
    context = Context(tmp_path)
    rgba = np.dstack([photograph(600, 300), np.zeros((300, 600), np.uint8)])
    rgba[50:250, 100:500, 3] = 255
    cell = context.write_blob("cutout", encode_cutout(rgba, "png", 90)[0], ".png")
    row = {**stored(tmp_path, "a", photograph()), "cutout": cell}
    stage = DeepzoomStage(picture="cutout", min_px=100, format=form)
    (done,) = stage.process([row], context)
    shown = whole(tmp_path, done.values["deepzoom"], 512, 600, 300, depth).astype(int)
    assert np.abs(shown[60:240, 110:490, :3] - rgba[60:240, 110:490, :3]).mean() < 8
    assert (np.abs(shown[:40, :, 3:] if depth == 4 else 255 - shown[:40]) <= 2).all()


def test_an_upright_picture_is_the_whole_cut_out_turned(tmp_path):
    context = Context(tmp_path)
    rgba = np.dstack([photograph(600, 300), np.full((300, 600), 255, np.uint8)])
    cell = context.write_blob("cutout", encode_cutout(rgba, "png", 90)[0], ".png")
    row = {**stored(tmp_path, "a", photograph()), "cutout": cell, "turned_deg": 90.0}
    stage = DeepzoomStage(picture="upright", min_px=100, format="png")
    (done,) = stage.process([row], context)
    assert (done.values["deepzoom_width"], done.values["deepzoom_height"]) == (300, 600)
    shown = whole(tmp_path, done.values["deepzoom"], 512, 300, 600, depth=4)
    assert (shown[:, :, :3] == np.rot90(photograph(600, 300), -1)).all()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, "tiles of 2 pictures, 25 megapixels, take some 2.5 MB to 6.2 MB"),
        ({"format": "png"}, "take some 25.0 MB to 42.5 MB"),
        ({"quality": 95}, "; quality 95 makes another size"),
    ],
)
def test_the_room_that_tiles_take_is_told_beforehand(more, told):
    cells = pa.table({"width": [4000, 500, 3000, None], "height": [4000, 300, 3000, None]})
    said = DeepzoomStage(picture="image", **more).foreseen(cells)
    assert told in said
    assert "and those of 1 whose size is not known yet" in said


def test_of_small_and_unknown_pictures_no_room_is_told():
    cells = pa.table({"width": [500, None], "height": [300, None]}, UNKNOWN)
    assert DeepzoomStage(picture="image").foreseen(cells) == ""
    empty = pa.table({"width": [None], "height": [None]}, UNKNOWN)
    assert DeepzoomStage(picture="image").foreseen(empty) == ""


def test_a_cut_out_counts_as_large_as_it_is_and_none_as_its_photograph():
    sides = {"cutout_width": [1000, None], "cutout_height": [2000, None]}
    cells = pa.table({**sides, "width": [9000, 3000], "height": [9000, 1000]})
    assert "2 pictures, 5 megapixels" in DeepzoomStage(picture="upright").foreseen(cells)


def test_a_photograph_takes_as_much_room_as_is_told(tmp_path):
    drawn = SpecimenGenerator(seed=1, size_px=1100).specimen(0)
    row, stage = stored(tmp_path, "a", np.asarray(drawn.image)), DeepzoomStage(picture="image")
    (done,) = stage.process([row], Context(tmp_path))
    sides = {side: [done.values[f"deepzoom_{side}"]] for side in ("width", "height")}
    least, most = map(float, re.findall("([0-9.]+) kB", stage.foreseen(pa.table(sides))))
    taken = (tmp_path / done.values["deepzoom"]).stat().st_size / 1000
    assert least / 2 <= taken <= most * 2


@pytest.fixture(scope="module")
def zoomed(tmp_path_factory, archive):
    """Return a finished collection whose pictures have tiles, but for one that was lost."""
    root = tmp_path_factory.mktemp("zoomed") / "cabinet"
    shutil.copytree(archive, root / "source")
    made = wunderkammer.create(root, {**SMALL, "deepzoom.min_px": "200"})
    made.run(["ingest", "fetch", "image"], n_workers=0)
    lost = made.query("SELECT media_id, original FROM media ORDER BY media_id").to_pylist()[3]
    (root / lost["original"]).unlink()
    made.run(n_workers=0)
    return made, lost["media_id"]


def test_a_plan_tells_the_room_once_sizes_are_known(zoomed):
    collection, _ = zoomed
    table = collection.root / "collection.toml"
    before = table.read_text("utf-8")
    head, name, rest = before.partition("[deepzoom]")
    other = re.sub(r"\nmin_px = .*", "\nmin_px = 250", rest, count=1)
    table.write_text(f"{head}{name}{other}", "utf-8")
    try:
        note = wunderkammer.open(collection.root).plan()["deepzoom"].note
    finally:
        table.write_text(before, "utf-8")
    sizes = collection.query("SELECT width, height FROM media").to_pylist()
    n_large = sum(max(one["width"], one["height"]) >= 250 for one in sizes)
    assert f"tiles of {n_large} pictures" in note
    assert collection.plan()["deepzoom"].note == ""


def test_cards_name_the_tiles_and_the_site_has_them(zoomed, tmp_path):
    collection, lost = zoomed
    n_files = collection.publish(tmp_path)
    atlas = Atlas.model_validate_json((tmp_path / "atlas.json").read_bytes())
    chunk = json.loads((tmp_path / atlas.cards.path.format(chunk=0)).read_text())
    cards = [Card.model_validate(card) for card in chunk]
    assert len(cards) == atlas.n_media == 24, "one without tiles is still on the map"
    rows = collection.query("SELECT media_id, deepzoom, deepzoom_reason FROM media").to_pylist()
    cells = {row["media_id"]: row["deepzoom"] for row in rows}
    assert {name for name, cell in cells.items() if cell is None} == {lost}
    reason = next(row["deepzoom_reason"] for row in rows if row["media_id"] == lost)
    assert "cannot be read" in reason
    published = sorted(tmp_path.rglob("pictures/*/*.pmtiles"))
    assert len(published) == 23
    assert n_files > 46
    for card in cards:
        if card.id == lost:
            assert card.picture.tiles is None
            continue
        tiles = card.picture.tiles
        assert (tmp_path / tiles.path).read_bytes() == (
            collection.root / cells[card.id]
        ).read_bytes()
        assert (tiles.width, tiles.height) == (card.picture.width, card.picture.height)
        with PMTilesReader(tmp_path / tiles.path) as reader:
            assert reader.metadata["tile_size"] == tiles.tile_px == 512
