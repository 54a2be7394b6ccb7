import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.atlas.numbers import coordinates_of, number_column, numbers_of, years_of

NONE = float("nan")


def test_whole_numbers_are_told_from_the_least_and_zero_is_none():
    found = number_column("year", "Year", np.array([1900, NONE, 1898, 1900]))
    assert found.block.dtype == np.uint16
    assert found.block.tolist() == [3, 0, 1, 3]
    assert (found.reference.n, found.reference.minimum, found.reference.maximum) == (3, 1898, 1900)
    assert found.reference.bins == [1, 0, 2]
    assert found.reference.bin_width == 1


def test_other_numbers_are_floats_and_nan_is_none():
    found = number_column("decimalLatitude", "Latitude", np.array([-12.5, NONE, 48.25]))
    assert found.block.dtype == np.float32
    assert found.block[[0, 2]].tolist() == [-12.5, 48.25]
    assert np.isnan(found.block[1])


def test_whole_numbers_far_apart_are_floats():
    found = number_column("depth", "Depth", np.array([0.0, 70_000]))
    assert found.block.tolist() == [0, 70_000]


@pytest.mark.parametrize("scale", [0.001, 1, 90, 12_345.6])
def test_the_bins_count_every_number_once_and_where_it_lies(scale):
    values = np.random.default_rng(0).normal(0, scale, 5_000)
    reference = number_column("any", "Any", values).reference
    assert sum(reference.bins) == 5_000
    assert len(reference.bins) <= 256
    edge = reference.minimum + reference.bin_width * 17
    assert sum(reference.bins[:17]) == (values < edge).sum()


def test_a_column_without_numbers_is_none():
    assert number_column("year", "Year", np.array([NONE, np.inf])) is None


def test_one_number_is_one_bin():
    assert number_column("any", "Any", np.array([2.5, 2.5])).reference.bins == [2]


def test_texts_that_are_no_numbers_are_none():
    found = numbers_of(pa.array(["1", " 2.5 ", "about 3", None, "inf", "", "-4e2"]))
    assert found.tolist() == pytest.approx([1, 2.5, NONE, NONE, NONE, NONE, -400], nan_ok=True)


def test_the_year_is_taken_from_the_first_column_that_tells_one():
    texts = {
        "year": pa.array(["1901", None, "?", None]),
        "eventDate": pa.chunked_array([["1850-01-01", "1899-05/1901"], ["unknown", None]]),
        "verbatimEventDate": pa.array([None, None, "June 1920", None]),
    }
    assert years_of(texts)[0].tolist() == pytest.approx([1901, 1899, 1920, NONE], nan_ok=True)


def test_coordinates_are_on_earth_or_none():
    latitude, longitude = coordinates_of(
        pa.array(["51.5", "0", "0", "95", None]), pa.array(["-0.1", "0", "7", "1", "3"])
    )
    assert latitude.tolist() == pytest.approx([51.5, NONE, 0, NONE, NONE], nan_ok=True)
    assert longitude.tolist() == pytest.approx([-0.1, NONE, 7, NONE, NONE], nan_ok=True)


def test_a_range_of_dates_is_told_with_its_end_also_where_the_year_is_told_alone():
    texts = {
        "year": pa.array([None, "1890", "1890", None, "1901"]),
        "eventDate": pa.array(["1890/1899", "1890/1893", "1891/1893", "1890-05", None]),
    }
    first, last, _ = years_of(texts)
    assert first.tolist() == [1890, 1890, 1890, 1890, 1901]
    assert last.tolist() == [1899, 1893, 1890, 1890, 1901]


def test_a_range_counts_over_its_years_by_equal_shares():
    first = np.array([1890.0, 1892, NONE])
    found = number_column("year", "Year", first, np.array([1893.0, 1892, NONE]))
    assert found.reference.bins == [0.25, 0.25, 1.25, 0.25]
    assert found.reference.ranges
    assert found.reference.maximum == 1893
    assert found.last.tolist() == [4, 3, 0]
    assert sum(found.reference.bins) == found.reference.n == 2


def test_numbers_that_are_no_ranges_have_no_second_block():
    years = np.array([1890.0, 1891])
    found = number_column("year", "Year", years, years)
    assert found.last is None
    assert not found.reference.ranges


def test_approximate_years_are_counted_whichever_column_says_so():
    texts = {
        "year": pa.array(["1904", "1905", "1906", None, None]),
        "verbatimEventDate": pa.array(["ca. 1904", "1905", "ca. 1806", "um 1907", "ca. summer"]),
    }
    years = years_of(texts)
    assert years.approximate.tolist() == [True, False, False, True, False]
    assert number_column("year", "Year", *years).reference.approximate == 2
