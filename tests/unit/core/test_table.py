"""The one table."""

import pytest

import toy
from toy import WORDS
from wunderkammer.core.collection import Collection
from wunderkammer.core.errors import ConfigurationError
from wunderkammer.core.table import literal, quoted


def test_rows_of_a_batch_count_before_they_are_compacted(collection):
    table = collection.table()
    stage = collection.configuration.stage("measure")
    parts = table.parts(stage)
    rows = table.connection.sql("SELECT * FROM measure LIMIT 1").to_arrow_table()
    changed = rows.set_column(rows.column_names.index("length"), "length", [[99]])
    parts.append(changed)
    found = collection.query("SELECT count(*) AS n, max(length) AS longest FROM measure")
    assert found.to_pylist() == [{"n": 20, "longest": 99}]


def test_names_with_quotes_are_names(tmp_path):
    assert quoted('a"b') == '"a""b"'
    assert literal("o'clock") == "'o''clock'"
    collection = toy.make(tmp_path / 'o\'clock "x"', WORDS)
    collection.run()
    assert Collection(collection.root, toy.pipeline()).plan().nothing_to_do


def test_a_column_nobody_writes_is_named(collection):
    with pytest.raises(ConfigurationError, match="there is no column 'features/x'"):
        collection.table().cells(["features/x"])
