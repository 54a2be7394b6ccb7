"""Read-only SQL."""

import pytest

from wunderkammer.core.errors import QueryError


@pytest.mark.parametrize(
    "sql", ["DELETE FROM annotations", "SELECT 1; SELECT 2", "COPY records TO 'x.csv'", "SELEC"]
)
def test_queries_only_read(collection, sql):
    with pytest.raises(QueryError):
        collection.query(sql)


def test_queries_see_no_file_outside(collection, tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(QueryError):
        collection.query(f"SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')")


def test_media_has_every_scalar_column(collection):
    names = collection.query("SELECT * FROM media").column_names
    assert {"media_id", "derivedFromMediaID", "word", "length", "piece", "rank"} <= set(names)
    assert "vector" not in names


def test_each_stage_is_a_table(collection):
    rows = collection.query("SELECT status, count(*) AS n FROM measure GROUP BY 1").to_pylist()
    assert rows == [{"status": "done", "n": 20}]
