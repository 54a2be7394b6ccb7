import pyarrow as pa
import pytest

from wunderkammer.atlas.siblings import MOST, siblings_of


def found(n, **columns):
    empty = [None] * n
    return siblings_of(lambda name: pa.array(columns.get(name, empty), pa.string())).to_pylist()


def test_media_of_one_occurrence_are_siblings_of_each_other():
    assert found(4, occurrenceID=["a", "b", "a", None]) == [[2], [], [0], []]


def test_a_number_counts_within_its_institution_and_collection():
    assert found(
        4,
        institutionCode=["X", "X", "Y", None],
        collectionCode=["E", "E", "E", "E"],
        catalogNumber=["1", "1", "1", None],
    ) == [[1], [0], [], []]


def test_where_nothing_tells_the_specimen_there_are_none():
    assert found(3) == [[], [], []]
    assert found(2, institutionCode=["X", "X"]) == [[], []]


@pytest.mark.parametrize("n", [MOST + 1, 40])
def test_no_more_than_some_are_named_and_never_the_medium_itself(n):
    listed = found(n, occurrenceID=["a"] * n)
    assert all(len(rows) == MOST and row not in rows for row, rows in enumerate(listed))


def test_an_atlas_of_nothing_has_none():
    assert found(0) == []
