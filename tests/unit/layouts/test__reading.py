import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.core.errors import StageError
from wunderkammer.layouts._reading import numbers, refuse_unknown


def read(values, kind=None):
    return numbers(pa.table({"x": pa.array(values, kind)}), "x", len(values))


def test_numbers_in_text_or_not_are_numbers():
    np.testing.assert_allclose(read(["12", " -3.5 ", "1e2"]), (12, -3.5, 100))
    np.testing.assert_allclose(read([1, 2, 3]), (1, 2, 3))
    np.testing.assert_allclose(read([0.5, None, float("inf")]), (0.5, np.nan, np.nan))


def test_dates_are_years_with_a_fraction_and_years_alone_are_whole():
    found = read(["1901-01-01", "1901-12-31", "1903", "1890/1910", "[1894-1900, approximate]"])
    assert 1901 < found[0] < 1901.01
    assert 1901.99 < found[1] < 1902
    assert found[2] == 1903
    np.testing.assert_allclose(found[3:], (1900.5, 1897.5))


def test_later_days_are_larger_numbers():
    found = read(["1930-02-28", "1930-03-01", "1930-03", "1930-04-01"])
    assert (np.diff(found) > 0).all()


@pytest.mark.parametrize("texts", [["unknown", None, "", "nan"], []])
def test_what_is_neither_is_not_known(texts):
    assert np.isnan(read(texts, pa.string())).all()


def test_a_column_that_is_not_there_knows_nothing():
    assert np.isnan(numbers(None, "x", 3)).sum() == 3
    assert np.isnan(numbers(pa.table({"y": [1, 2]}), "x", 2)).all()


def test_columns_in_several_pieces_are_read_in_order():
    pieces = pa.chunked_array([["1", "2"], ["2", None, "7"]])
    np.testing.assert_allclose(numbers(pa.table({"x": pieces}), "x", 5), (1, 2, 2, np.nan, 7))


def test_only_media_of_which_none_is_known_are_refused():
    refuse_unknown(np.array([False, True]), "map", "coordinates")
    refuse_unknown(np.zeros(0, bool), "map", "coordinates")
    with pytest.raises(StageError, match="'map' goes by coordinates, and none of 2 media"):
        refuse_unknown(np.zeros(2, bool), "map", "coordinates")
