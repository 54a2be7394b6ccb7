"""An error of a library over a damaged file names the file; any other stays what it was."""

import contextlib
import os

import duckdb
import pytest

from wunderkammer.core.damage import damage_named, schema_names, unreadable
from wunderkammer.core.errors import DamagedFileError, QueryError


def test_the_file_is_named_wherever_in_it_the_damage_is(collection):
    path = collection.root / "columns" / "measure" / "part-001-000.parquet"
    content = path.read_bytes()
    for place in range(4, len(content), 97):
        damaged = bytearray(content)
        damaged[place] ^= 255
        path.write_bytes(damaged)
        with contextlib.suppress(DamagedFileError):
            collection.query("SELECT * FROM measure")  # another error would not be suppressed
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DamagedFileError, match="wk verify") as told:
        collection.query("SELECT * FROM measure")
    assert str(path) in told.value.message


def test_an_error_without_damage_stays_as_it_was(collection):
    with pytest.raises(QueryError, match="cannot be answered"):
        collection.query("SELECT nothing FROM nowhere")
    with pytest.raises(duckdb.Error), damage_named(collection.root):
        raise duckdb.Error("of its own")
    with pytest.raises(PermissionError), damage_named(collection.root):
        raise PermissionError(13, "Permission denied", "a")


def test_a_full_disk_says_which(tmp_path):
    with pytest.raises(OSError, match="No space") as full, damage_named(tmp_path):
        raise OSError(28, "No space left on device")
    assert full.value.filename == str(tmp_path)


def test_half_a_part_has_no_columns(collection):
    path = collection.root / "records" / "part-001-000.parquet"
    assert schema_names(path)[0] == "media_id"
    os.truncate(path, 100)
    with pytest.raises(DamagedFileError, match=r"part-001-000\.parquet cannot be read"):
        schema_names(path)


@pytest.mark.parametrize(("name", "content"), [("a.parquet", b"PAR1PAR1"), ("a.jsonl", b"{}\n{")])
def test_a_broken_file_says_why(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    assert unreadable(path)


def test_a_log_may_lack_the_end_of_its_last_line_alone(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"{}\n{")
    assert not unreadable(path, may_be_cut_off=True)
    path.write_bytes(b"{\n{}\n")
    assert unreadable(path, may_be_cut_off=True)
