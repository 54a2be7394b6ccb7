"""Pictures at their full size, as pyramids of their own."""

import hashlib
import io
import json
import shutil

import numpy as np
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
