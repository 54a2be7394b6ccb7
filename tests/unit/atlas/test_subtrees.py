from dataclasses import replace

import numpy as np
import pytest

from wunderkammer.atlas.encoding import decode_tile
from wunderkammer.atlas.layers import layers_of
from wunderkammer.atlas.packs import Place, read_piece
from wunderkammer.atlas.style import RepresentativeStyle, TileStyle
from wunderkammer.atlas.subtrees import Subtree, Unchanged, draw_subtree, renewed, unpacked
from wunderkammer.atlas.tile_store import StoredTiles
from wunderkammer.imaging.compositing import halve

STYLE = TileStyle(format="png")


class Coloured:
    """A source of plain sprites whose colour is their id's, and which some media lack."""

    def __init__(self):
        self.broken = set()
        self.asked = []

    def load(self, media_id, width, height):
        self.asked.append(media_id)
        if media_id in self.broken:
            raise OSError("gone")
        return np.full((height, width, 3), list(bytes.fromhex(media_id[:6])), np.uint8)


@pytest.fixture
def task(grid, tmp_path):
    """Return a subtree that is a whole small pyramid of three zooms."""
    geometry = grid(60, sprite_px=100)
    assert geometry.max_zoom == 2
    layers = layers_of(geometry, STYLE, {1: np.array([7, 44])}, RepresentativeStyle())
    return Subtree(Coloured(), STYLE, layers, 0, 0, tmp_path)


def tiles_of(result, density=0):
    """Return the bytes of all tiles by id."""
    found = {}
    for stored in result.tiles[density]:
        with stored.path.open("rb") as file:
            for tile_id, _, *place in stored.records.tolist():
                assert tile_id not in found
                found[tile_id] = read_piece(file, Place(*place))
    return found


def test_what_is_in_the_packs_is_not_drawn_again(task):
    first, again = draw_subtree(task), draw_subtree(task)
    assert first.n_drawn == len(tiles_of(first)) == 21
    assert again.n_drawn == 0
    assert len(task.source.asked) == 62, "each sprite of each zoom once"
    assert [tiles_of(again, n) for n in (0, 1)] == [tiles_of(first, n) for n in (0, 1)]
    assert again.quarter == first.quarter


def test_without_another_time_no_pixels_are_kept_and_the_tiles_are_the_same(task, tmp_path):
    kept = draw_subtree(task)
    alone = draw_subtree(replace(task, store=tmp_path / "alone", is_kept=False))
    assert [tiles_of(alone, n) for n in (0, 1)] == [tiles_of(kept, n) for n in (0, 1)]
    assert (alone.quarter, alone.n_drawn) == (kept.quarter, kept.n_drawn)
    assert sorted(path.name for path in (tmp_path / "alone").iterdir()) == ["0-0-0.1x", "0-0-0.2x"]


def test_the_root_comes_back_at_half_its_size(task):
    result = draw_subtree(task)
    root = decode_tile(tiles_of(result, 1)[0])
    assert (unpacked(result.quarter, 256, 3) == halve(root)).all()
    assert unpacked(b"", 256, 3) is None


@pytest.mark.parametrize("pack", ["1x", "2x", "pixels"])
def test_damaged_pieces_are_found_and_drawn_again(task, pack):
    first = draw_subtree(task)
    expected = [tiles_of(first, n) for n in (0, 1)]
    path = task.store / f"0-0-0.{pack}"
    whole = path.read_bytes()
    rng = np.random.default_rng(1)
    for place in rng.choice(len(whole), 5, replace=False).tolist():
        content = bytearray(whole)
        content[place : place + 40] = bytes(len(content[place : place + 40]))
        path.write_bytes(content)
        result = draw_subtree(task)
        assert [tiles_of(result, n) for n in (0, 1)] == expected
        assert result.quarter == first.quarter


def test_lost_pixels_are_drawn_again_for_a_parent_that_needs_them(task):
    expected = tiles_of(draw_subtree(task))
    (task.store / "0-0-0.pixels").unlink()
    (task.store / "0-0-0.1x").unlink()
    assert tiles_of(draw_subtree(task)) == expected


def test_a_tile_without_a_broken_sprite_is_never_fresh(task):
    whole = draw_subtree(task)
    expected = tiles_of(whole)
    media_id = task.layers[2].ids[31].tobytes().hex()
    for pack in task.store.iterdir():
        pack.unlink()
    task.source.broken.add(media_id)
    for _ in range(2):
        lacking = draw_subtree(task)
        assert [failure.media_id for failure in lacking.failures] == [media_id]
        assert lacking.n_drawn > 0
        assert tiles_of(lacking) != expected
    task.source.broken.clear()
    mended = draw_subtree(task)
    assert mended.failures == []
    assert 0 < mended.n_drawn < whole.n_drawn
    assert tiles_of(mended) == expected


def test_a_sprite_that_breaks_spoils_every_tile_above_that_is_drawn_with_it(task):
    draw_subtree(task)
    task.source.broken.add(task.layers[2].ids[31].tobytes().hex())
    for pack in task.store.glob("*.1x"):
        pack.unlink()
    one = tiles_of(draw_subtree(task))
    for pack in task.store.iterdir():
        pack.unlink()
    assert tiles_of(draw_subtree(task)) == one


@pytest.fixture
def unchanged(task, tmp_path):
    """Return a task whose tiles lie whole in files of last time, with the pixels beside them."""
    result = draw_subtree(task)
    before = []
    for density, (stored,) in enumerate(result.tiles):
        path = tmp_path / f"before-{density}"
        stored.path.rename(path)
        before.append(StoredTiles(path, stored.records))
    return Unchanged(0, 0, tmp_path, tuple(before)), result


def test_where_nothing_changed_the_tiles_of_last_time_are_taken(task, unchanged):
    still, result = unchanged
    found = renewed(still)
    assert found.n_drawn == 0
    assert found.quarter == result.quarter
    assert tiles_of(found) == tiles_of(draw_subtree(task))
    assert found.failures == []


@pytest.mark.parametrize("lost", ["before-0", "before-1", "0-0-0.pixels"])
def test_where_nothing_changed_a_lost_byte_is_found(unchanged, tmp_path, lost):
    still, _ = unchanged
    content = bytearray((tmp_path / lost).read_bytes())
    for place in range(0, len(content), 40):
        content[place] ^= 1
    (tmp_path / lost).write_bytes(content)
    assert renewed(still) is None
