import numpy as np

from wunderkammer.layouts._appending import appended

OLD = np.array([[0.5, 0.5], [0.5, 3.5], [2.5, 0.5], [np.nan, np.nan]])
YEARS = np.array([1900.0, 1900, 1902, 0])
STAYS = np.array([True, True, True, False])


def added(year, wanted=2.0, box=(1.0, 1.0), bottom=np.inf):
    values = np.r_[YEARS[:3], year]
    boxes = np.vstack([np.ones((3, 2)), box])
    found = appended(values, np.r_[np.zeros(3), wanted], boxes, OLD, STAYS, bottom)
    return None if found is None else found[3].tolist()


def test_a_new_one_stands_in_the_column_of_its_year_where_it_wants_to():
    assert added(1900) == [0.5, 2.0]
    assert added(1902, wanted=4.25) == [2.5, 4.25]


def test_between_two_it_stands_where_there_is_room():
    assert added(1900, wanted=0.6) == [0.5, 1.5]
    assert added(1900, wanted=3.4) == [0.5, 2.5]


def test_a_year_that_nobody_had_gets_its_own_column():
    assert added(1901)[0] in (0.5, 2.5)  # columns are two apart: there is no room between
    assert added(1904)[0] == 4.5
    assert added(1898)[0] == -1.5


def test_where_the_column_is_full_it_says_so():
    assert added(1900, box=(1.0, 2.5), bottom=4.0) is None
    assert added(1900, box=(1.0, 2.5), wanted=3.0) == [0.5, 5.25]


def test_one_that_is_wider_than_the_columns_does_not_fit():
    assert added(1900, box=(2.5, 1.0)) is None
