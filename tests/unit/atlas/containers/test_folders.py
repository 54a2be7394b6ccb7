import pytest

from wunderkammer.atlas.containers import DirectoryReader, DirectoryWriter, PMTilesWriter
from wunderkammer.atlas.containers.pmtiles import PMTilesReader

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


def test_a_directory_holds_a_file_a_tile_and_replaces_the_one_before(tmp_path):
    write_all(DirectoryWriter(tmp_path / "tiles", "jpg"), [((3, 1, 1), b"old")])
    write_all(DirectoryWriter(tmp_path / "tiles", "jpg"), TILES.items())
    assert (tmp_path / "tiles" / "5" / "30" / "2.jpg").read_bytes() == b"far"
    reader = DirectoryReader(tmp_path / "tiles", "jpg")
    assert dict(reader.items()) == TILES
    assert reader.read_tile(3, 1, 1) is None


def test_tiles_come_in_the_order_of_a_pmtiles_file(tmp_path):
    write_all(DirectoryWriter(tmp_path / "tiles", "jpg"), TILES.items())
    write_all(PMTilesWriter(tmp_path / "a.pmtiles", "image/jpeg"), TILES.items())
    with (
        PMTilesReader(tmp_path / "a.pmtiles") as archive,
        DirectoryReader(tmp_path / "tiles", "jpg") as folder,
    ):
        assert list(folder.tiles()) == list(archive.tiles())


def test_what_describes_the_tiles_lies_beside_them_and_is_none(tmp_path):
    write_all(DirectoryWriter(tmp_path / "tiles", "jpg", {"tiles.json": b"{}"}), TILES.items())
    assert (tmp_path / "tiles" / "tiles.json").read_bytes() == b"{}"
    assert set(DirectoryReader(tmp_path / "tiles", "jpg").tiles()) == set(TILES)


def test_an_error_leaves_the_old_folder_and_nothing_else(tmp_path):
    def write_and_fail():
        with DirectoryWriter(tmp_path / "tiles", "png") as half:
            half.write(0, 0, 0, b"new")
            raise KeyboardInterrupt

    write_all(DirectoryWriter(tmp_path / "tiles", "png"), [((0, 0, 0), b"old")])
    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    assert list(tmp_path.iterdir()) == [tmp_path / "tiles"]
    assert DirectoryReader(tmp_path / "tiles", "png").read_tile(0, 0, 0) == b"old"
