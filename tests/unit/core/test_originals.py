"""The bytes of an original are those that were verified, or none."""

import hashlib

import pytest

from wunderkammer.core.errors import ImageError, ImageMissingError
from wunderkammer.core.originals import read_original


def test_an_original_is_read_where_it_lies_if_it_is_what_it_was(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"abc")
    row = {"original": "", "content_path": "a.jpg", "sha256": hashlib.sha256(b"abc").hexdigest()}
    assert read_original(tmp_path, row) == b"abc"
    (tmp_path / "a.jpg").write_bytes(b"abd")
    with pytest.raises(ImageError, match=r"a\.jpg has other bytes"):
        read_original(tmp_path, row)
    (tmp_path / "a.jpg").unlink()
    with pytest.raises(ImageMissingError, match="cannot be read: No such file"):
        read_original(tmp_path, row)
