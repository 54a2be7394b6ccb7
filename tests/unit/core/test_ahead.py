"""Work done ahead: in order, bounded, its errors where they belong."""

import pytest

from wunderkammer.core.ahead import ahead


def test_no_more_items_are_asked_for_than_are_worked_on():
    asked = []

    def items():
        for n in range(20):
            asked.append(n)
            yield n

    found = ahead(lambda n: n * n, items(), n_threads=2, n_waiting=1)
    assert next(found) == 0
    assert len(asked) == 4
    assert list(found) == [n * n for n in range(1, 20)]


def test_an_error_comes_in_the_place_of_its_result():
    found = ahead(lambda n: 1 // n, [2, 0, 1])
    assert next(found) == 0
    with pytest.raises(ZeroDivisionError):
        next(found)
