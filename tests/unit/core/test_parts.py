"""Parts: canonical, and safe at any moment."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from wunderkammer.core import parts as module
from wunderkammer.core.identity import stable_id
from wunderkammer.core.parts import Parts, shard_count

SCHEMA = pa.schema([("media_id", pa.string()), ("value", pa.int64())])


def rows(numbers, shift=0):
    ids = [stable_id(str(n)) for n in numbers]
    return pa.table({"media_id": ids, "value": [n + shift for n in numbers]}, schema=SCHEMA)


def read(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.parquet")}


def values(parts):
    found = pa.concat_tables([pa.parquet.read_table(path) for path in parts.finished()])
    return sorted(found["value"].to_pylist())


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch):
    monkeypatch.setattr(module, "ROWS_PER_SHARD", 10)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_rows_make_the_same_bytes_in_any_order_and_batches(tmp_path, seed):
    numbers = np.arange(95)
    one = Parts(tmp_path / "one", SCHEMA)
    one.append(rows(numbers.tolist()))
    one.compact()
    generator = np.random.default_rng(seed)
    other = Parts(tmp_path / "other", SCHEMA)
    for piece in np.array_split(generator.permutation(numbers), 7):
        other.append(rows(piece.tolist()))
        if generator.random() < 0.5:
            other.compact()
    other.compact()
    assert read(tmp_path / "one") == read(tmp_path / "other")
    assert len(one.finished()) == shard_count(95) == 16


@pytest.mark.parametrize("held", [1, 500, 2**28])
def test_however_much_is_held_at_a_time_the_bytes_are_the_same(tmp_path, monkeypatch, held):
    for name, most in (("one", 2**40), ("other", held)):
        monkeypatch.setattr(module, "_FOLDED_BYTES", most)
        parts = Parts(tmp_path / name, SCHEMA)
        for first in range(0, 95, 19):
            parts.append(rows(range(first, first + 19)))
        parts.compact()
        parts.append(rows(range(90, 120), shift=7))
        parts.compact()
    assert read(tmp_path / "one") == read(tmp_path / "other")


def test_a_part_is_read_only_for_the_shards_that_it_reaches_into(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_FOLDED_BYTES", 1)
    numbers = sorted(range(640), key=lambda n: stable_id(str(n)))
    parts = Parts(tmp_path, SCHEMA)
    for first in range(0, 640, 10):
        parts.append(rows(numbers[first : first + 10]))
    opened = []
    groups_of = module.groups_of

    def noted(path, *others):
        opened.append(path.name)
        return groups_of(path, *others)

    monkeypatch.setattr(module, "groups_of", noted)
    parts.compact()
    assert len(parts.finished()) == shard_count(640) == 64
    # once for its ids, once or twice for its rows, since a batch may lie across a border
    assert max(opened.count(name) for name in set(opened)) <= 4
    assert values(parts) == list(range(640))


def test_the_later_row_of_a_medium_wins(tmp_path):
    parts = Parts(tmp_path, SCHEMA)
    parts.append(rows(range(30)))
    parts.compact()
    parts.append(rows([3], shift=100))
    parts.append(rows([3], shift=200))
    parts.compact()
    assert values(parts) == sorted([*range(3), 203, *range(4, 30)])


def test_a_compaction_that_was_cut_short_loses_nothing(tmp_path):
    parts = Parts(tmp_path, SCHEMA)
    parts.append(rows(range(15)))
    parts.compact()
    parts.append(rows(range(10, 60), shift=0))
    left = [*parts.finished(), *parts.fresh()]
    copies = {path: path.read_bytes() for path in left}
    parts.compact()
    expected = read(tmp_path)
    for path, content in copies.items():
        path.write_bytes(content)  # as if the old files had not been removed yet
    Parts(tmp_path, SCHEMA).compact()
    assert read(tmp_path) == expected


def test_replace_leaves_only_its_rows(tmp_path):
    parts = Parts(tmp_path, SCHEMA)
    parts.append(rows(range(50)))
    parts.compact()
    parts.append(rows([99]))
    parts.replace(rows(range(5)))
    assert values(parts) == [0, 1, 2, 3, 4]


def _joined(tables):
    return pa.concat_tables([SCHEMA.empty_table(), *tables])


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_rows_given_by_range_make_the_same_parts_whatever_the_tables(tmp_path, size):
    whole = rows(range(50)).sort_by("media_id")

    def between(low, high):
        ids = whole["media_id"]
        some = whole.filter(pc.and_(pc.greater_equal(ids, low), pc.less(ids, high)))
        return iter([some.slice(n, size) for n in range(0, some.num_rows, size)])

    parts = Parts(tmp_path / "parts", SCHEMA)
    parts.append(rows([99]))
    parts.replace_by_range(50, between)
    assert values(parts) == list(range(50))
    assert len(parts.finished()) == shard_count(50) == 8
    once = Parts(tmp_path / "once", SCHEMA)
    once.replace_by_range(50, lambda low, high: iter([_joined(between(low, high))]))
    assert read(tmp_path / "parts") == read(tmp_path / "once")


def test_no_rows_are_a_part_too(tmp_path):
    by_range = Parts(tmp_path / "range", SCHEMA)
    by_range.replace_by_range(0, lambda low, high: iter([]))
    assert [path.name for path in by_range.finished()] == ["part-001-000.parquet"]
    parts = Parts(tmp_path, SCHEMA)
    parts.replace(SCHEMA.empty_table())
    assert [path.name for path in parts.finished()] == ["part-001-000.parquet"]


def test_a_cut_that_is_not_complete_does_not_count(tmp_path):
    parts = Parts(tmp_path, SCHEMA)
    parts.append(rows(range(8)))
    parts.compact()
    (whole,) = parts.finished()
    half = tmp_path / "part-004-002.parquet"
    half.write_bytes(whole.read_bytes())
    assert parts.finished() == [whole]
    parts.append(rows([8]))
    parts.compact()
    assert not half.exists()
    assert values(parts) == list(range(9))
