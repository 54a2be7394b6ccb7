import zipfile

import pytest

from wunderkammer.atlas.containers import ZipWriter

TILES = {(0, 0, 0): b"world", (1, 1, 0): b"east" * 900, (5, 30, 2): b"far"}


def write_all(writer, tiles=TILES):
    with writer:
        for (zoom, x, y), data in tiles.items():
            writer.write(zoom, x, y, data)


def test_a_zip_holds_a_file_a_tile_stored_and_what_describes_them_first(tmp_path):
    write_all(ZipWriter(tmp_path / "a.zip", "jpg", {"tiles.json": b"{}"}))
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["tiles.json", "0/0/0.jpg", "1/1/0.jpg", "5/30/2.jpg"]
        assert archive.read("1/1/0.jpg") == b"east" * 900
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        archive.extractall(tmp_path / "unpacked")
    assert (tmp_path / "unpacked" / "5" / "30" / "2.jpg").read_bytes() == b"far"


def test_the_same_tiles_give_the_same_bytes(tmp_path):
    for name in ("a.zip", "b.zip"):
        write_all(ZipWriter(tmp_path / name, "jpg"))
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    def write_and_fail():
        with ZipWriter(tmp_path / "a.zip", "jpg") as half:
            half.write(0, 0, 0, b"new")
            raise KeyboardInterrupt

    write_all(ZipWriter(tmp_path / "a.zip", "jpg"))
    before = (tmp_path / "a.zip").read_bytes()
    with pytest.raises(KeyboardInterrupt):
        write_and_fail()
    assert list(tmp_path.iterdir()) == [tmp_path / "a.zip"]
    assert (tmp_path / "a.zip").read_bytes() == before
