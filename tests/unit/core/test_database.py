"""Connections to one database know nothing of each other."""

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wunderkammer.core import database


def test_what_one_connection_makes_no_other_sees(tmp_path):
    one, other = database.connected(tmp_path), database.connected(tmp_path)
    one.execute("CREATE TEMP VIEW media AS SELECT 1 AS n")
    other.execute("CREATE TEMP VIEW media AS SELECT 2 AS n")
    one.register("given", pa.table({"n": [3]}))
    assert one.execute("SELECT n FROM media").fetchall() == [(1,)]
    assert other.execute("SELECT n FROM media").fetchall() == [(2,)]
    with pytest.raises(duckdb.CatalogException):
        other.execute("SELECT * FROM given")


def test_a_database_that_was_given_up_lasts_for_who_is_connected(tmp_path):
    first = database.connected(tmp_path / "first")
    first.execute("CREATE TEMP TABLE kept AS SELECT 7 AS n")
    for n in range(8):
        database.connected(tmp_path / str(n)).execute("SELECT 1")
    assert first.execute("SELECT n FROM kept").fetchall() == [(7,)]


def test_who_is_shut_in_reads_below_the_root_and_changes_nothing(tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside.parquet"
    inside.mkdir()
    for path in (inside / "a.parquet", outside):
        pq.write_table(pa.table({"n": [1]}), path)
    connection = database.shut_in(inside)
    assert connection.execute(f"SELECT n FROM '{inside}/a.parquet'").fetchall() == [(1,)]
    for sql in (f"SELECT n FROM '{outside}'", "SET threads = 9", "SET allowed_directories = ['/']"):
        with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)):
            connection.execute(sql)
    with pytest.raises(duckdb.PermissionException):
        database.without_files().execute(f"SELECT n FROM '{inside}/a.parquet'")


def test_a_file_that_takes_the_place_of_another_is_read_anew(tmp_path):
    path = tmp_path / "part.parquet"
    found = []
    for n in range(20):
        pq.write_table(pa.table({"n": [n]}), tmp_path / "new")
        (tmp_path / "new").replace(path)
        [row] = database.connected(tmp_path).execute(f"SELECT n FROM '{path}'").fetchall()
        found.append(row[0])
    assert found == list(range(20))
