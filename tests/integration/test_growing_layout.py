"""A collection that grows keeps its layout; a person may ask for another one."""

import csv

import numpy as np
from PIL import Image

import wunderkammer

SETTINGS = {
    "collection.title": "Growing",
    "ingest.source.name": "folder",
    "ingest.source.path": "source",
    "features.encoder": "colour-histogram",
    "embedding.projection": "pca",
}
STAGES = ["ingest", "fetch", "image", "features", "embedding", "layout"]


def add(folder, numbers):
    """Write images of one colour each, of many shapes."""
    folder.mkdir(exist_ok=True)
    for number in numbers:
        draw = np.random.default_rng(number)
        pixels = np.full((*draw.integers(40, 90, 2), 3), draw.integers(0, 256, 3), np.uint8)
        pixels[::7] = draw.integers(0, 256, 3)
        Image.fromarray(pixels).save(folder / f"{number:03}.png")


def boxes(collection):
    parts = ", ".join(f'"layout/relax/{part}"' for part in ("x", "y", "width", "height"))
    rows = collection.query(f"SELECT media_id, {parts} FROM media").to_pylist()
    return {row.pop("media_id"): tuple(row.values()) for row in rows}


def run(collection):
    collection.run(STAGES, n_workers=0)
    return collection.table().state(collection.configuration.stage("layout"))["quality"]


def test_a_layout_grows_with_its_collection_and_begins_anew_when_asked(tmp_path):
    add(tmp_path / "source", range(24))
    collection = wunderkammer.create(tmp_path, SETTINGS)
    run(collection)
    first = boxes(collection)

    add(collection.root / "source", range(24, 26))
    quality = run(collection)
    grown = boxes(collection)
    assert len(grown) == 26
    assert first.items() <= grown.items()
    assert (quality["n_new"], quality["n_moved"], quality["n_overlapping_pairs"]) == (2, 0, 0)

    (collection.root / "source" / "007.png").unlink()
    quality = run(collection)
    shrunk = boxes(collection)
    assert len(shrunk) == 25
    assert shrunk.items() <= grown.items()
    assert quality["n_new"] == 0

    collection.run(["layout"], again=["layout"], n_workers=0)
    anew = boxes(collection)
    with (collection.artifacts("layout") / "moved.csv").open(encoding="utf-8") as file:
        listed = {row["media_id"] for row in csv.DictReader(file)}
    assert listed == {media_id for media_id in anew if anew[media_id][:2] != shrunk[media_id][:2]}
    assert listed
