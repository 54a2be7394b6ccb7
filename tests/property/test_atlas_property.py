import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wunderkammer.atlas.containers import PMTilesReader, PMTilesWriter
from wunderkammer.atlas.dictionaries import coded_column
from wunderkammer.atlas.geometry import geometry_of
from wunderkammer.atlas.layers import raised_boxes
from wunderkammer.atlas.points import find_row, rows_in_tile, write_ids
from wunderkammer.atlas.postings import decode_postings, encode_postings
from wunderkammer.atlas.representatives import choose_representatives
from wunderkammer.atlas.style import RepresentativeStyle
from wunderkammer.core.identity import stable_id
from wunderkammer.core.morton import from_morton, morton_codes

coordinates = st.integers(0, 2**31 - 1)


@st.composite
def touching_walls(draw):
    """Return positions and sizes of rows of sprites that touch each other, at odd fractions."""
    tops, positions, sizes = draw(st.floats(-3, 3)), [], []
    for _ in range(draw(st.integers(1, 5))):
        height = draw(st.floats(0.1, 1))
        left = draw(st.floats(-5, 5))
        for _ in range(draw(st.integers(1, 7))):
            width = draw(st.floats(0.1, 1))
            positions.append((left + width / 2, tops + height / 2))
            sizes.append((width, height))
            left += width
        tops += height
    return np.array(positions), np.array(sizes)


def ids_of(n):
    return [stable_id(str(number)) for number in range(n)]


def n_overlaps(boxes):
    near, far = boxes[:, :2], boxes[:, :2] + boxes[:, 2:]
    both = ((near[:, None] < far[None]) & (near[None] < far[:, None])).all(axis=2)
    return int((both & ~np.eye(len(boxes), dtype=bool)).sum())


@given(st.lists(st.tuples(coordinates, coordinates), min_size=1))
def test_a_morton_code_holds_both_coordinates(pairs):
    x, y = np.array(pairs, np.int64).T
    back = from_morton(morton_codes(x, y))
    assert (back[0] == x).all()
    assert (back[1] == y).all()


@given(touching_walls(), st.integers(16, 300))
def test_sprites_that_only_touch_do_not_overlap_in_pixels(wall, sprite_px):
    positions, sizes = wall
    geometry = geometry_of(
        ids_of(len(positions)), positions, sizes, sprite_px=sprite_px, margin_px=5
    )
    assert n_overlaps(geometry.boxes) == 0
    shrunken = sizes[geometry.order] * sprite_px - geometry.boxes[:, 2:]
    assert shrunken.max() < 1.001
    assert (geometry.boxes[:, :2] >= 5).all()
    assert (geometry.boxes[:, :2] + geometry.boxes[:, 2:] <= geometry.world_px - 5).all()


@given(st.integers(1, 400), st.integers(0, 2**32 - 1))
def test_each_medium_lies_in_exactly_one_tile_of_every_zoom(n, seed):
    positions = np.random.default_rng(seed).uniform(0, 40, (n, 2))
    geometry = geometry_of(ids_of(n), positions, np.ones((n, 2)), sprite_px=32, margin_px=0)
    index, index_zoom = geometry.index, geometry.index_zoom
    for zoom in range(index_zoom + 1):
        rows = []
        for code in range(4**zoom):
            first, end = rows_in_tile(index, index_zoom, zoom, code)
            rows.extend(range(first, end))
            tiles = geometry.centres[first:end].astype(int) >> (8 + geometry.max_zoom - zoom)
            x, y = from_morton([code])
            assert (tiles == [x[0], y[0]]).all()
        assert rows == list(range(n))


@given(st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_rows_do_not_depend_on_the_order_of_the_media(n, seed):
    rng = np.random.default_rng(seed)
    positions, sizes = rng.uniform(0, 9, (n, 2)).round(1), np.ones((n, 2))
    ids, shuffled = ids_of(n), rng.permutation(n)
    one = geometry_of(ids, positions, sizes, sprite_px=20, margin_px=2)
    other = geometry_of(
        [ids[row] for row in shuffled], positions[shuffled], sizes, sprite_px=20, margin_px=2
    )
    assert one.media_ids == other.media_ids
    assert (one.boxes == other.boxes).all()


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.2, 2), st.integers(16, 128))
def test_representatives_are_nested_and_apart(seed, per_tile, sprite_px):
    rng = np.random.default_rng(seed)
    n = 800
    positions = rng.normal(0, 1, (n, 2)) * rng.uniform(10, 60) + rng.integers(0, 3, (n, 1)) * 60
    sizes = rng.uniform(0.1, 1, (n, 2))
    geometry = geometry_of(ids_of(n), positions, sizes, sprite_px=24, margin_px=2)
    style = RepresentativeStyle(from_zoom=2, below_px=13, per_tile=per_tile, sprite_px=sprite_px)
    previous = set()
    for zoom, rows in choose_representatives(geometry, style).items():
        assert previous <= set(rows.tolist())
        assert len(set(rows.tolist())) == len(rows)
        previous = set(rows.tolist())
        assert n_overlaps(raised_boxes(geometry, rows, zoom, sprite_px)) == 0


texts = st.one_of(st.none(), st.text(max_size=6))


@given(st.lists(texts, max_size=40))
def test_a_dictionary_gives_every_value_back(values):
    coded = coded_column("any", values)
    listed = [value.value for value in coded.dictionary.values]
    assert listed == sorted(set(listed))
    for value, code in zip(values, coded.codes.tolist(), strict=True):
        assert (listed[code - 1] if code else "") == (value or "").strip()
    for code, value in enumerate(coded.dictionary.values, start=1):
        assert value.count == int((coded.codes == code).sum()) > 0


cells = st.one_of(st.none(), st.lists(st.sampled_from("abcd ")).map("|".join))


@given(st.lists(cells, max_size=30))
def test_every_value_of_every_cell_has_its_row(values):
    coded = coded_column("any", values, "|")
    listed = coded.values.to_pylist()
    true = {
        (part.strip(), row)
        for row, value in enumerate(values)
        for part in (value or "").split("|")
        if part.strip()
    }
    found = [(listed[value], row) for value, row in zip(*map(list, coded.pairs), strict=True)]
    assert found == sorted(true)
    for value, code in zip(values, coded.codes.tolist(), strict=True):
        parts = [part.strip() for part in (value or "").split("|") if part.strip()]
        assert (listed[code - 1] if code else None) == next(iter(parts), None)


@given(st.lists(st.sets(st.integers(0, 300)), max_size=8))
def test_posting_lists_give_their_rows_back(lists):
    owners = np.repeat(np.arange(len(lists)), [len(rows) for rows in lists])
    rows = np.array([row for one in lists for row in sorted(one)], np.int64)
    data, starts = encode_postings(owners, rows, len(lists), 301)
    found = [decode_postings(data[a:b]).tolist() for a, b in pairwise(starts)]
    assert found == [sorted(one) for one in lists]


@settings(deadline=None, max_examples=30)
@given(st.sets(st.binary(min_size=10, max_size=10), min_size=1, max_size=60), st.integers(1, 9))
def test_any_set_of_ids_is_found(ids, window):
    with tempfile.TemporaryDirectory() as name:
        rows = list(ids)
        table = write_ids(Path(name), np.array([list(row) for row in rows], np.uint8))
        for row, media_id in enumerate(rows):
            assert find_row(Path(name), table, media_id.hex(), window=window) == row


@st.composite
def tile_sets(draw):
    """Return tiles by address."""
    addresses = draw(
        st.sets(
            st.integers(0, 9).flatmap(
                lambda zoom: st.tuples(
                    st.just(zoom), st.integers(0, 2**zoom - 1), st.integers(0, 2**zoom - 1)
                )
            ),
            max_size=50,
        )
    )
    return {address: draw(st.binary(max_size=30)) for address in sorted(addresses)}


@settings(deadline=None, max_examples=30)
@given(tile_sets(), st.randoms(use_true_random=False))
def test_pmtiles_gives_every_tile_back_in_any_order_of_writing(tiles, random):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.pmtiles"
        order = list(tiles)
        random.shuffle(order)
        with PMTilesWriter(path, "image/png") as writer:
            for address in order:
                writer.write(*address, tiles[address])
        with PMTilesReader(path) as reader:
            assert dict.fromkeys(reader.tiles()).keys() == tiles.keys()
            for address, data in tiles.items():
                assert reader.read_tile(*address) == data
