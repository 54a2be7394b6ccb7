"""Images prove their own content."""

import pytest

from wunderkammer.core.blobs import read_blob, store, stored_together, write_blob
from wunderkammer.core.errors import ImageMissingError


def test_a_blob_is_found_under_the_digest_of_its_bytes(tmp_path):
    cell = write_blob(tmp_path, "thumbnail", b"pixels", ".jpg")
    assert cell.startswith("blobs/thumbnail/")
    assert read_blob(tmp_path, cell) == b"pixels"
    assert write_blob(tmp_path, "thumbnail", b"pixels", ".jpg") == cell
    assert write_blob(tmp_path, "thumbnail", b"others", ".jpg") != cell


def test_a_flipped_bit_is_found(tmp_path):
    cell = write_blob(tmp_path, "thumbnail", b"pixels", ".jpg")
    (tmp_path / cell).write_bytes(b"pixelt")
    with pytest.raises(ImageMissingError, match="other bytes than were stored"):
        read_blob(tmp_path, cell)


def test_a_lost_blob_is_named(tmp_path):
    cell = write_blob(tmp_path, "thumbnail", b"pixels", ".jpg")
    (tmp_path / cell).unlink()
    with pytest.raises(ImageMissingError, match="no longer there"):
        read_blob(tmp_path, cell)


def test_blobs_that_are_stored_together_are_there_after_it(tmp_path):
    with stored_together():
        cells = [write_blob(tmp_path, "mask", bytes([one]), ".png") for one in (1, 2, 1)]
        store(tmp_path / "media" / "a.jpg", b"original")
        assert not (tmp_path / cells[0]).exists()
    assert [read_blob(tmp_path, cell) for cell in cells] == [b"\1", b"\2", b"\1"]
    assert (tmp_path / "media" / "a.jpg").read_bytes() == b"original"
    assert not list(tmp_path.rglob(".tmp-*"))


def test_a_blob_that_waits_can_be_read(tmp_path):
    with stored_together():
        cell = write_blob(tmp_path, "mask", b"mask", ".png")
        assert read_blob(tmp_path, cell) == b"mask"


def test_a_disk_that_is_full_stores_none_of_them_by_half(tmp_path):
    def stored():
        with stored_together():
            write_blob(tmp_path, "mask", b"mask", ".png")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        stored()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
