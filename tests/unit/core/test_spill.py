"""Rows put aside come back by bucket, all of them, in order."""

import numpy as np
import pyarrow as pa

from wunderkammer.core.spill import Spill, sort_by_bucket


def batch(numbers, **others):
    return pa.record_batch({"n": pa.array(numbers, pa.int64()), **others})


def numbers_of(spill, *buckets):
    return [n for _, rows in spill.read(buckets) for n in rows.column("n").to_pylist()]


def test_rows_of_a_bucket_come_back_in_the_order_they_were_put_aside(tmp_path):
    generator = np.random.default_rng(1)
    spill = Spill(tmp_path / "spill")
    expected = {}
    for start in range(0, 1000, 100):
        buckets = generator.integers(0, 7, 100)
        spill.add(sort_by_bucket(batch(range(start, start + 100)), buckets))
        for n, bucket in zip(range(start, start + 100), buckets.tolist(), strict=True):
            expected.setdefault(bucket, []).append(n)
    spill.finish()
    assert spill.buckets() == sorted(expected)
    assert {bucket: numbers_of(spill, bucket) for bucket in spill.buckets()} == expected
    assert numbers_of(spill, 99) == []


def test_kinds_and_columns_may_differ_and_one_column_can_be_read_alone(tmp_path):
    spill = Spill(tmp_path)
    spill.add(sort_by_bucket(batch([1, 2]), np.array([5, 3])), "plain")
    spill.add(sort_by_bucket(batch([3], text=pa.array(["x"])), np.array([5])), "other")
    spill.finish()
    found = [(kind, rows.to_pydict()) for kind, rows in spill.read([5])]
    assert found == [("plain", {"n": [1]}), ("other", {"n": [3], "text": ["x"]})]
    assert [rows.schema.names for _, rows in spill.read([5], column="n")] == [["n"], ["n"]]


def test_no_rows_are_no_bucket(tmp_path):
    spill = Spill(tmp_path)
    spill.add(sort_by_bucket(batch([]), np.zeros(0, np.int64)))
    spill.finish()
    assert spill.buckets() == []
