"""Images prove their own content."""

import pytest

from wunderkammer.core.blobs import read_blob, write_blob
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
