"""Photographs of specimens, cut out and upright, all the way to the atlas."""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys

import cv2
import numpy as np
import pytest
from PIL import Image

import plain_plugins
import toy
import wunderkammer
from plain_plugins import BACKDROP, SETTINGS, known_by_name, write_photographs
from wunderkammer.atlas.card_schemas import Card
from wunderkammer.atlas.containers import PMTilesReader
from wunderkammer.atlas.schemas import Atlas
from wunderkammer.core.plan import Reason
from wunderkammer.imaging.cutout_files import decode_cutout
from wunderkammer.imaging.masks import encode_mask

N = 8
"""Photographs; one of them shows two specimens."""


@pytest.fixture(scope="module", autouse=True)
def known():
    with known_by_name():
        yield


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Return a finished collection; tests only read it."""
    root = tmp_path_factory.mktemp("shadows") / "shadows"
    write_photographs(root, range(N))
    collection = wunderkammer.create(root, SETTINGS)
    collection.run(n_workers=0)
    return collection


@pytest.fixture
def cabinet(finished, tmp_path):
    """Return a copy that a test may change."""
    shutil.copytree(finished.root, tmp_path / "shadows")
    return wunderkammer.open(tmp_path / "shadows")


def rows(collection, columns):
    """Return columns of all media by medium."""
    found = collection.query(f"SELECT media_id, {columns} FROM media ORDER BY media_id")
    return {row.pop("media_id"): row for row in found.to_pylist()}


def square(collection, zoom):
    """Return all tiles of a zoom in one picture; white where there is none."""
    picture = np.full((256 << zoom, 256 << zoom, 3), 255, np.uint8)
    with PMTilesReader(collection.artifacts("tile") / "tiles.pmtiles") as tiles:
        for z, x, y in list(tiles.tiles()):
            if z == zoom:
                tile = Image.open(io.BytesIO(tiles.read_tile(z, x, y))).convert("RGB")
                picture[256 * y : 256 * y + 256, 256 * x : 256 * x + 256] = tile
    return picture


def test_two_specimens_of_one_photograph_are_two_media_with_their_parents_terms(finished):
    media = rows(finished, '"derivedFromMediaID" AS parent, original_file, cutout_top, n_cutouts')
    assert len(media) == N + 1
    pair = [row for row in media.values() if row["parent"]]
    assert {row["original_file"] for row in pair} == {"3.png"}
    assert {row["n_cutouts"] for row in pair} == {2}
    assert pair[0]["cutout_top"] != pair[1]["cutout_top"]
    atlas = Atlas.model_validate_json(finished.site().atlas_json())
    assert atlas.n_media == N + 1
    chunk = (finished.artifacts("atlas") / "cards" / "0.json").read_bytes()
    cards = {card["id"]: Card.model_validate(card) for card in json.loads(chunk)}
    for media_id, row in media.items():
        assert cards[media_id].title == row["original_file"]
        picture = finished.site().file(cards[media_id].picture.path)
        assert Image.open(picture).size == (360, 220 * (1 + (row["original_file"] == "3.png")))
        assert cards[media_id].picture.width == 360


def test_cutouts_come_upright_and_small_shapes_follow(finished):
    media = rows(finished, "upright, upright_width AS w, upright_height AS h, turned_by")
    for row in media.values():
        image = decode_cutout((finished.root / row["upright"]).read_bytes())
        assert image.shape[:2] == (row["h"], row["w"])
        assert row["h"] > 1.8 * row["w"], "it lay on its side"
        column = image[:, row["w"] // 2].astype(int)
        assert column[len(column) // 12, 0] > 80, "the head is up"
        assert column[-len(column) // 6, 2] > 80
        assert row["turned_by"] == "always"
    boxes = rows(finished, '"layout/relax/width" AS w, "layout/relax/height" AS h, '
                 "upright_width / upright_height AS aspect")  # fmt: skip
    for row in boxes.values():
        assert row["w"] / row["h"] == pytest.approx(row["aspect"])


def test_tiles_show_specimens_with_their_own_shadows_and_no_backdrop(finished, cabinet):
    atlas = Atlas.model_validate_json(finished.site().atlas_json())
    drawn = square(finished, atlas.tiles.max_zoom).astype(int)
    specimen = drawn.max(axis=2) < 125
    backdrop = np.abs(drawn - BACKDROP).max(axis=2) < 20
    grey = (np.ptp(drawn, axis=2) < 6) & (drawn.max(axis=2) < 245)
    assert specimen.sum() > 10_000
    assert not backdrop.any()
    around = cv2.dilate(specimen.astype(np.uint8), np.ones((25, 25), np.uint8)) > 0
    assert (grey & around & ~specimen).sum() > 0.05 * specimen.sum(), "there is a shadow"
    assert not (grey & ~around).any(), "and none where a photograph would end"
    text = (cabinet.root / "collection.toml").read_text()
    for stage in ("layout", "tile"):
        text = text.replace(f"[{stage}]\n", f'[{stage}]\npicture = "image"\n')
    (cabinet.root / "collection.toml").write_text(text)
    whole = wunderkammer.open(cabinet.root)
    whole.run(["layout", "tile", "atlas"], n_workers=0)
    drawn = square(whole, atlas.tiles.max_zoom).astype(int)
    assert (np.abs(drawn - BACKDROP).max(axis=2) < 20).sum() > 10_000


def mend(collection, media_id, mask):
    content = encode_mask(mask)
    name = f"annotations/masks/{hashlib.sha256(content).hexdigest()}.png"
    (collection.root / name).parent.mkdir(parents=True, exist_ok=True)
    (collection.root / name).write_bytes(content)
    collection.annotate([{"media_id": media_id, "term": "mask", "value": name}])


def only(collection):
    """Return how many media each row stage would do, where it would do any."""
    plan = collection.plan()
    groups = ("image", "fingerprint", "cutout", "upright", "features/colour-histogram")
    return {group: plan[group].n_todo for group in groups if plan[group].n_todo}


def test_a_mended_mask_redoes_its_medium_and_no_other(cabinet):
    before = rows(cabinet, "cutout, upright, cutout_by, mask, original_file")
    media_id = next(one for one, row in before.items() if row["original_file"] == "5.png")
    mask = np.zeros((220, 360), bool)
    mask[60:160, 100:300] = True
    mend(cabinet, media_id, mask)
    assert only(cabinet) == {"cutout": 1, "upright": 1, "features/colour-histogram": 1}
    report = cabinet.run(n_workers=0)
    done = {stage.group: stage.n_done for stage in report.stages}
    assert (done["cutout"], done["upright"], done["image"]) == (1, 1, 0)
    after = rows(cabinet, "cutout, upright, cutout_by, mask, original_file")
    assert {one for one in after if after[one] != before[one]} == {media_id}
    assert after[media_id]["cutout_by"] == "person"
    assert after[media_id]["mask"] == before[media_id]["mask"]
    cabinet.annotate([{"media_id": media_id, "term": "mask", "value": None}])
    cabinet.run(n_workers=0)
    assert rows(cabinet, "cutout, upright, cutout_by, mask, original_file") == before


def test_a_persons_angle_redoes_only_what_follows(cabinet):
    before = rows(cabinet, "cutout, upright, turned_deg, turned_by")
    child = cabinet.query(
        'SELECT media_id FROM media WHERE "derivedFromMediaID" IS NOT NULL LIMIT 1'
    ).to_pylist()[0]["media_id"]
    cabinet.annotate([{"media_id": child, "term": "angle_deg", "value": "-90"}])
    assert only(cabinet) == {"upright": 1, "features/colour-histogram": 1}
    cabinet.run(n_workers=0)
    after = rows(cabinet, "cutout, upright, turned_deg, turned_by")
    assert {one for one in after if after[one] != before[one]} == {child}
    assert after[child]["turned_deg"] == -90
    assert after[child]["turned_by"] == "person"


def test_a_mended_mask_of_two_specimens_makes_other_media_of_them(cabinet):
    media = rows(cabinet, '"derivedFromMediaID" AS parent')
    (parent,) = {row["parent"] for row in media.values() if row["parent"]}
    mask = np.zeros((440, 360), bool)
    mask[70:150, 100:260] = True
    mend(cabinet, parent, mask)
    cabinet.run(n_workers=0)
    after = rows(cabinet, '"derivedFromMediaID" AS parent, n_cutouts')
    assert len(after) == N
    assert after[parent] == {"parent": None, "n_cutouts": 1}
    assert cabinet.plan().nothing_to_do
    assert Atlas.model_validate_json(cabinet.site().atlas_json()).n_media == N


def test_a_rejected_specimen_is_shown_as_its_photograph_or_left_out(cabinet):
    before = rows(cabinet, "thumbnail, original_file")
    media_id = next(one for one, row in before.items() if row["original_file"] == "0.png")
    cabinet.annotate([{"media_id": media_id, "term": "cutout", "value": "rejected"}])
    cabinet.run(n_workers=0)
    row = rows(cabinet, "upright, thumbnail, cutout_reason, cutout_rejected")[media_id]
    assert row["upright"] == row["thumbnail"]
    assert (row["cutout_reason"], row["cutout_rejected"]) == ("rejected by a person", True)
    assert Atlas.model_validate_json(cabinet.site().atlas_json()).n_media == N + 1
    text = (cabinet.root / "collection.toml").read_text()
    text = text.replace('# rejects = "photograph"', 'rejects = "leave out"')
    (cabinet.root / "collection.toml").write_text(text)
    strict = wunderkammer.open(cabinet.root)
    strict.run(n_workers=0)
    assert Atlas.model_validate_json(strict.site().atlas_json()).n_media == N
    (failure,) = strict.failures("cutout").to_pylist()
    assert (failure["error"], failure["where"]) == ("CutoutError", "0.png")
    assert "rejected by a person" in failure["message"]


def test_without_upright_the_cutouts_are_shown_and_rejects_as_photographs(cabinet):
    text = (cabinet.root / "collection.toml").read_text()
    start, end = text.index("[upright]"), text.index("[features]")
    (cabinet.root / "collection.toml").write_text(text[:start] + text[end:])
    lying = wunderkammer.open(cabinet.root)
    assert lying.configuration.stage("tile").picture == "cutout"
    media_id = next(iter(rows(lying, "original_file")))
    lying.annotate([{"media_id": media_id, "term": "cutout", "value": "rejected"}])
    lying.run(n_workers=0)
    boxes = rows(lying, '"layout/relax/width" AS w, "layout/relax/height" AS h')
    assert len(boxes) == N + 1
    assert all(row["w"] > 1.2 * row["h"] for row in boxes.values())


def test_one_encoder_sees_photographs_and_cutouts_side_by_side(cabinet):
    text = (cabinet.root / "collection.toml").read_text()
    start = text.index("[features]")
    end = text.index("# Project the features")
    both = '[[features]]\nencoder = "colour-histogram"\n[[features]]\n'
    both += 'encoder = "colour-histogram"\npicture = "image"\ncalled = "photographs"\n'
    (cabinet.root / "collection.toml").write_text(text[:start] + both + text[end:])
    collection = wunderkammer.open(cabinet.root)
    plan = collection.plan()
    assert plan["features/photographs"].reasons == {Reason.NEW: N}
    assert plan["features/colour-histogram"].n_todo == 0
    collection.run(["features"], n_workers=0)
    sql = 'SELECT count(*) AS n, count(DISTINCT "features/photographs") AS seen FROM '
    (found,) = collection.query(f'{sql} "features/photographs"').to_pylist()
    assert found == {"n": N, "seen": N}, "two specimens share a photograph, encoded once"


def test_other_weights_of_the_segmenter_are_a_reason_to_cut_again(tmp_path):
    root = tmp_path / "weighed"
    write_photographs(root, range(2))
    (root / "w.bin").write_text("one")
    wunderkammer.create(root, SETTINGS | {"cutout.segmenter.weights": "w.bin"}).run(n_workers=0)
    assert wunderkammer.open(root).plan().nothing_to_do
    (root / "w.bin").write_text("two")
    plan = wunderkammer.open(root).plan()["cutout"]
    assert plan.reasons == {Reason.SETTINGS_CHANGED: 2}
    assert plan.changed[0].startswith("file segmenter.weights: ")


def test_killed_while_cutting_and_resumed_equals_undisturbed(tmp_path):
    for name in ("undisturbed", "killed"):
        write_photographs(tmp_path / name, range(N))
        wunderkammer.create(tmp_path / name, SETTINGS)
    command = [sys.executable, plain_plugins.__file__]
    subprocess.run([*command, tmp_path / "undisturbed"], check=True)
    dies = os.environ | {"DARKER_DIES_AFTER": "6"}
    done = subprocess.run([*command, tmp_path / "killed"], env=dies, check=False)
    assert done.returncode == 9
    kept = wunderkammer.open(tmp_path / "killed").plan()["cutout"]
    assert kept.n_fresh == 6
    subprocess.run([*command, tmp_path / "killed"], check=True)
    assert toy.content(tmp_path / "killed") == toy.content(tmp_path / "undisturbed")
