import os

import numpy as np
import pytest

from wunderkammer.atlas.containers import PMTilesWriter
from wunderkammer.atlas.hilbert import tile_ids
from wunderkammer.atlas.packs import Place
from wunderkammer.atlas.tile_store import (
    RECORD,
    StoredTiles,
    TileStore,
    below,
    record_table,
    subtree_packs,
)

TILES = {(0, 0, 0): b"top", (1, 1, 0): b"longer", (2, 3, 1): b"x", (2, 2, 0): b"yyyy"}


def id_of(zoom, x, y):
    return int(tile_ids(zoom, [x], [y])[0])


def written(path):
    """Write a pyramid and return a table of its tiles without places."""
    with PMTilesWriter(path, "image/png") as writer:
        for address, data in TILES.items():
            writer.write(*address, data)
    return record_table(
        {id_of(*one): (bytes([n]) * 16, Place(0, len(data), 7))
         for n, (one, data) in enumerate(TILES.items())}
    )  # fmt: skip


@pytest.fixture
def store(tmp_path):
    return TileStore(tmp_path / "cache", np.zeros((0, 16), np.uint8))


def test_a_kept_pyramid_gives_the_bytes_of_every_tile(store, tmp_path):
    path = tmp_path / "a.pmtiles"
    store.keep([path], [written(path)], {})
    path.unlink()
    (kept,) = store.pyramids(1)
    content = kept.path.read_bytes()
    found = {}
    for tile_id, digest, place, length, _ in kept.records.tolist():
        found[tile_id] = (digest, content[place : place + length])
    expected = {id_of(*one): (bytes([n]) * 16, data) for n, (one, data) in enumerate(TILES.items())}
    assert found == expected


def test_a_kept_pyramid_takes_no_room_of_its_own(store, tmp_path):
    path = tmp_path / "a.pmtiles"
    store.keep([path], [written(path)], {})
    assert path.samefile(store.pyramids(1)[0].path)


def test_packs_of_tiles_go_when_a_pyramid_is_kept_and_pixels_stay(store, tmp_path):
    packs = subtree_packs(store.folder, 3, 5, 2)
    for pack in (packs.pixels, *packs.tiles):
        pack.add({bytes(16): b"piece"})
    path = tmp_path / "a.pmtiles"
    store.keep([path], [written(path)], {})
    assert packs.pixels.path.is_file()
    assert not any(pack.path.exists() for pack in packs.tiles)


def test_without_links_the_packs_stay_and_nothing_is_kept(store, tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("no links here")

    packs = subtree_packs(store.folder, 3, 5, 1)
    packs.tiles[0].add({bytes(16): b"piece"})
    path = tmp_path / "a.pmtiles"
    table = written(path)
    monkeypatch.setattr(os, "link", refuse)
    store.keep([path], [table], {})
    assert packs.tiles[0].path.is_file()
    assert store.pyramids(1) == ()


@pytest.mark.parametrize("damage", ["missing", "torn", "other", "no file"])
def test_a_damaged_list_of_tiles_counts_as_none(store, tmp_path, damage):
    path = tmp_path / "a.pmtiles"
    store.keep([path], [written(path)], {})
    listed = store.folder / "pyramid" / "tiles"
    content = listed.read_bytes()
    if damage == "missing":
        listed.unlink()
    elif damage == "torn":
        listed.write_bytes(content[:100])
    elif damage == "other":
        listed.write_bytes(content[:-1] + b"?")
    else:
        (store.folder / "pyramid" / "1x.pmtiles").unlink()
    assert store.pyramids(1) == ()


def test_subtrees_that_are_gone_are_forgotten(store):
    for zoom, code in ((3, 5), (3, 6), (4, 5)):
        subtree_packs(store.folder, zoom, code, 1).pixels.add({bytes(16): b"piece"})
    store.forget_others([(3, 5)])
    assert [path.name for path in store.folder.iterdir()] == ["3-3-0.pixels"]


def test_the_tiles_below_a_tile_are_found(tmp_path):
    addresses = [(z, x, y) for z in range(4) for x in range(1 << z) for y in range(1 << z)]
    table = np.zeros(len(addresses), RECORD)
    table["id"] = sorted(id_of(*one) for one in addresses)
    found = below(StoredTiles(tmp_path, table), 1, 2, 3)  # Morton code 2 is x 0, y 1
    expected = [(1, 0, 1), *((2, x, y) for x in (0, 1) for y in (2, 3))]
    expected += [(3, x, y) for x in range(4) for y in range(4, 8)]
    assert found.records["id"].tolist() == sorted(id_of(*one) for one in expected)


def test_what_subtrees_were_drawn_from_is_kept_beside_the_pyramid(store, tmp_path):
    assert store.subtrees() == {}
    path = tmp_path / "a.pmtiles"
    drawn_from = {0: bytes(range(16)), 2**50: bytes(16)}
    store.keep([path], [written(path)], drawn_from)
    assert store.subtrees() == drawn_from
    store.keep([path], [written(path)], {})
    assert store.subtrees() == {}
