import numpy as np
import pytest

from wunderkammer.atlas.points import find_row, read_block, rows_in_tile, write_ids, write_points
from wunderkammer.atlas.representatives import Raised
from wunderkammer.core.errors import StageError
from wunderkammer.core.identity import stable_id


def test_every_block_comes_back_and_begins_at_a_multiple_of_64(grid, tmp_path):
    geometry = grid(77)
    codes = {
        "genus": (np.arange(77) % 5).astype(np.uint16),
        "place": np.arange(77, dtype=np.uint32),
    }
    points = write_points(tmp_path, geometry, codes)
    assert [block.name for block in points.blocks] == [
        *("index", "x", "y", "w", "h", "id"),
        *("code:genus", "code:place"),
    ]
    assert all(block.offset % 64 == 0 for block in points.blocks)
    assert (read_block(tmp_path, points, "x") == geometry.centres[:, 0]).all()
    assert (read_block(tmp_path, points, "y") == geometry.centres[:, 1]).all()
    assert (read_block(tmp_path, points, "w") == 32).all()
    assert (read_block(tmp_path, points, "id") == geometry.ids).all()
    assert (read_block(tmp_path, points, "code:genus") == codes["genus"]).all()
    assert read_block(tmp_path, points, "code:place").dtype == np.uint32
    assert points.n == 77


def test_blocks_do_not_overlap_and_end_with_the_file(grid, tmp_path):
    points = write_points(tmp_path, grid(13), {})
    ends = [0]
    for block in points.blocks:
        assert block.offset >= ends[-1]
        ends.append(block.offset + block.n_bytes)
    assert ends[-1] == (tmp_path / points.path).stat().st_size


def test_numbers_are_little_endian_whatever_the_machine(grid, tmp_path):
    points = write_points(tmp_path, grid(3), {"a": np.array([1, 2, 258], ">u2")})
    block = points.blocks[-1]
    data = (tmp_path / points.path).read_bytes()[block.offset : block.offset + block.n_bytes]
    assert data == bytes([1, 0, 2, 0, 2, 1])


def test_a_column_of_another_length_is_refused_by_name(grid, tmp_path):
    with pytest.raises(StageError, match="genus has 4 codes for 5 media"):
        write_points(tmp_path, grid(5), {"genus": np.zeros(4, np.uint16)})


def test_a_tile_below_the_index_is_looked_for_in_the_tile_above(grid):
    geometry = grid(300)
    index = geometry.index
    assert rows_in_tile(index, 2, 0, 0) == (0, 300)
    assert rows_in_tile(index, 2, 4, 13 << 4 | 7) == rows_in_tile(index, 2, 2, 13)


def test_every_medium_is_found_by_its_id_and_no_other(grid, tmp_path):
    geometry = grid(500)
    table = write_ids(tmp_path, geometry.ids)
    assert (tmp_path / table.path).stat().st_size == 500 * table.entry_bytes
    for row, media_id in enumerate(geometry.media_ids):
        assert find_row(tmp_path, table, media_id, window=16) == row
    for number in range(1000, 1200):
        assert find_row(tmp_path, table, stable_id(str(number)), window=16) is None


def test_ids_that_are_not_evenly_spread_are_found_too(tmp_path):
    ids = np.zeros((200, 10), np.uint8)
    ids[:, 9] = np.arange(200)
    ids[100:, 0] = 255
    table = write_ids(tmp_path, ids[::-1].copy())
    for row in range(200):
        assert find_row(tmp_path, table, ids[199 - row].tobytes().hex(), window=4) == row
    assert find_row(tmp_path, table, "80" * 10, window=4) is None


def test_representatives_are_blocks_of_rows_and_of_boxes(grid, tmp_path):
    geometry = grid(400)
    drawn = {
        2: Raised(np.array([3, 40]), np.array([[0, 0, 96, 96], [200, 8, 96, 64]], np.int32)),
        1: Raised(np.array([40]), np.array([[150, 0, 192, 128]], np.int32)),
    }
    points = write_points(tmp_path, geometry, {}, drawn)
    assert [block.name for block in points.blocks[-4:]] == [
        "rep:1",
        "repbox:1",
        "rep:2",
        "repbox:2",
    ]
    assert [one.zoom for one in points.representatives] == [1, 2]
    for zoom, raised in drawn.items():
        assert read_block(tmp_path, points, f"rep:{zoom}").tolist() == raised.rows.tolist()
        boxes = read_block(tmp_path, points, f"repbox:{zoom}")
        assert boxes.dtype == np.float32
        assert boxes.tolist() == raised.boxes.tolist()


def test_no_box_of_a_representative_reaches_further_than_is_said(grid, tmp_path):
    geometry = grid(400)
    boxes = np.array([[0, 0, 96, 96], [200, 8, 96, 64]], np.int32)
    rows = np.array([3, 40])
    points = write_points(tmp_path, geometry, {}, {2: Raised(rows, boxes)})
    edges = np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])
    reaches = np.abs(edges - np.tile(geometry.centres[rows], 2))
    assert points.representatives[0].reach == reaches.max()


def test_an_atlas_without_representatives_says_so(grid, tmp_path):
    assert write_points(tmp_path, grid(9), {}).representatives == []
