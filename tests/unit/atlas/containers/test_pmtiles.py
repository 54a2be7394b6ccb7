import errno
import gzip
import itertools
import os

import numpy as np
import pytest
from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import Compression, Entry, TileType, serialize_directory

from wunderkammer.atlas.containers import PMTilesReader, PMTilesWriter, pmtiles
from wunderkammer.atlas.containers.pmtiles import directory
from wunderkammer.atlas.hilbert import tile_ids

TILES = {
    (0, 0, 0): b"world",
    (1, 1, 0): b"north east",
    (1, 0, 1): b"south west",
    (5, 30, 2): b"far",
    (5, 2, 30): b"",
}


def write_all(writer, tiles):
    with writer:
        for (zoom, x, y), data in tiles:
            writer.write(zoom, x, y, data)


def test_pmtiles_gives_back_what_was_written_and_none_elsewhere(tmp_path):
    path = tmp_path / "a.pmtiles"
    write_all(PMTilesWriter(path, "image/jpeg", title="Moths", attribution="CC0"), TILES.items())
    with PMTilesReader(path) as reader:
        for (zoom, x, y), data in TILES.items():
            assert reader.read_tile(zoom, x, y) == data
        assert reader.read_tile(1, 0, 0) is None
        assert reader.read_tile(9, 1, 1) is None
        assert set(reader.tiles()) == set(TILES)
        assert reader.metadata["name"] == "Moths"
        assert reader.metadata["attribution"] == "CC0"


def test_pmtiles_says_what_it_is_to_any_other_reader(tmp_path):
    path = tmp_path / "a.pmtiles"
    write_all(PMTilesWriter(path, "image/webp"), TILES.items())
    with path.open("rb") as file:
        header = Reader(MmapSource(file)).header()
    assert header["tile_type"] == TileType.WEBP
    assert header["tile_compression"] == Compression.NONE
    assert header["clustered"]
    assert (header["min_zoom"], header["max_zoom"]) == (0, 5)
    assert header["addressed_tiles_count"] == len(TILES)
    assert header["tile_data_offset"] + header["tile_data_length"] == path.stat().st_size


def test_the_order_of_writing_leaves_no_trace(tmp_path):
    write_all(PMTilesWriter(tmp_path / "a", "image/png"), TILES.items())
    write_all(PMTilesWriter(tmp_path / "b", "image/png"), reversed(TILES.items()))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_many_tiles_need_leaves_and_the_root_still_fits_the_first_fetch(tmp_path):
    path = tmp_path / "many.pmtiles"
    tiles = [((8, x, y), bytes([x, y] * (1 + (x * y) % 7))) for x in range(256) for y in range(200)]
    write_all(PMTilesWriter(path, "image/jpeg"), tiles)
    with path.open("rb") as file:
        header = Reader(MmapSource(file)).header()
    assert header["leaf_directory_length"] > 0
    assert header["root_offset"] + header["root_length"] <= 16384
    with PMTilesReader(path) as reader:
        for (zoom, x, y), data in tiles[::997]:
            assert reader.read_tile(zoom, x, y) == data
        assert reader.read_tile(8, 3, 255) is None


def test_an_atlas_without_tiles_is_still_a_file_that_reads(tmp_path):
    write_all(PMTilesWriter(tmp_path / "none.pmtiles", "image/jpeg"), [])
    with PMTilesReader(tmp_path / "none.pmtiles") as reader:
        assert reader.read_tile(0, 0, 0) is None


def test_a_tile_written_twice_is_refused(tmp_path):
    with pytest.raises(ValueError, match="twice"):
        write_all(PMTilesWriter(tmp_path / "a", "image/png"), [*TILES.items(), *TILES.items()])
    assert list(tmp_path.iterdir()) == []


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    def write_and_fail():
        with PMTilesWriter(tmp_path / "tiles", "image/png") as half:
            half.write(0, 0, 0, b"new")
            raise KeyboardInterrupt

    write_all(PMTilesWriter(tmp_path / "tiles", "image/png"), [((0, 0, 0), b"old")])
    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    assert list(tmp_path.iterdir()) == [tmp_path / "tiles"]
    with PMTilesReader(tmp_path / "tiles") as reader:
        assert reader.read_tile(0, 0, 0) == b"old"


def test_items_come_in_the_order_of_the_file_with_their_bytes(tmp_path):
    tiles = {(7, x, y): bytes([1, x, y]) for x in range(128) for y in range(0, 128, 2)}
    write_all(PMTilesWriter(tmp_path / "a", "image/png"), tiles.items())
    with PMTilesReader(tmp_path / "a") as reader:
        assert list(reader.items()) == [(address, tiles[address]) for address in reader.tiles()]
        assert dict(reader.items()) == tiles


def absent(patch):
    patch.delattr(os, "copy_file_range", raising=False)


def halting(patch):
    """Copy eight bytes at a time, and refuse after a few of these."""
    left = itertools.count(3, -1)

    def copy(source, target, n_bytes, place):
        if not next(left):
            raise OSError(errno.EXDEV, "another file system")
        return os.write(target, os.pread(source, min(n_bytes, 8), place))

    patch.setattr(os, "copy_file_range", copy, raising=False)


@pytest.mark.parametrize("system", [None, absent, halting])
@pytest.mark.parametrize("long_run", [1, 30, 1 << 20])
def test_tiles_that_lie_in_files_are_taken_from_there(tmp_path, monkeypatch, long_run, system):
    monkeypatch.setattr(pmtiles, "_LONG_RUN", long_run)
    if system:
        system(monkeypatch)
    addresses = [(3, x, y) for x in range(8) for y in range(8)]
    data = {address: bytes([n]) * (n + 1) for n, address in enumerate(addresses)}
    with PMTilesWriter(tmp_path / "plain.pmtiles", "image/png") as writer:
        for address in addresses:
            writer.write(*address, data[address])
    with PMTilesWriter(tmp_path / "stored.pmtiles", "image/png") as writer:
        for address in addresses[48:]:
            writer.write(*address, data[address])
        for number in range(3):
            part = addresses[number:48:3]
            path = tmp_path / f"{number}.pack"
            path.write_bytes(b"head" + b"".join(data[one] for one in part))
            lengths = np.array([len(data[one]) for one in part], np.uint64)
            ids = tile_ids(3, *np.array(part).T[1:])
            writer.write_stored(path, ids, 4 + np.cumsum(lengths) - lengths, lengths)
    one, other = (tmp_path / f"{name}.pmtiles" for name in ("plain", "stored"))
    assert one.read_bytes() == other.read_bytes()


def test_a_file_that_ends_within_a_tile_is_an_error_and_leaves_nothing(tmp_path):
    path = tmp_path / "a.pack"
    path.write_bytes(b"short")
    columns = [np.array([value], np.uint64) for value in (0, 2, 9)]
    target = tmp_path / "a.pmtiles"
    with (
        pytest.raises(OSError, match="ends within a tile"),
        PMTilesWriter(target, "image/png") as writer,
    ):
        writer.write_stored(path, *columns)
    assert not target.exists()


@pytest.mark.parametrize("n", [0, 1, 2, 5000])
def test_directories_have_the_bytes_that_the_library_gives_them(n):
    rng = np.random.default_rng(n)
    ids = np.cumsum(rng.integers(1, 1 << rng.integers(1, 45, n), n)).astype(np.uint64)
    lengths = rng.integers(0, 1 << rng.integers(1, 32, n), n).astype(np.uint64)
    runs = rng.integers(0, 3, n).astype(np.uint64)
    offsets = np.cumsum(lengths) - lengths
    offsets[n // 2 :] += np.uint64(2**62)
    columns = (column.tolist() for column in (ids, offsets, lengths, runs))
    expected = serialize_directory([Entry(*row) for row in zip(*columns, strict=True)])
    packed = directory(ids, runs, lengths, offsets.astype(np.uint64))
    assert gzip.decompress(packed) == gzip.decompress(expected), "versions differ in how they pack"
