"""Columns."""

import pyarrow as pa

from wunderkammer.core.column import BOOKKEEPING, Column, rows_schema


def test_a_vector_is_stored_beside_its_digest():
    schema = rows_schema((Column("v", "vector", "Numbers.", 3), Column("n", "integer", "A count.")))
    assert schema.names == [*BOOKKEEPING.names, "v", "v:sha256", "n"]
    assert schema.field("v").type == pa.list_(pa.float32(), 3)
    assert schema.field("n").type == pa.int64()
