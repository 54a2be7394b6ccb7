import numpy as np
import pytest

from wunderkammer.layouts._columning import dealt, spans, stacked


@pytest.mark.parametrize(
    ("values", "most", "step", "n_spans"),
    [
        ([1850, 2019], 200, 1, 170),
        ([1850, 2019], 100, 2, 85),
        ([1850, 2019], 10, 20, 9),
        ([1850, 2019], 3, 100, 3),
        ([1999], 50, 1, 1),
        ([0.0, 0.93], 10, 0.1, 10),
        ([-0.5, 0.5], 1, 1, 2),
    ],
)
def test_spans_are_as_narrow_as_fits(values, most, step, n_spans):
    found = spans(np.array(values, float), most)
    assert (found.step, found.n_spans) == (pytest.approx(step), n_spans)


def test_each_value_is_in_the_span_that_holds_it():
    values = np.random.default_rng(0).uniform(-40, 90, 1000)
    found = spans(values, 30)
    low = found.first + found.of(values) * found.step
    assert (low <= values).all()
    assert (values < low + found.step).all()
    assert found.of(values).max() == found.n_spans - 1


def test_members_fill_rows_and_the_last_row_stands_in_the_middle():
    column = dealt(np.zeros(7, np.int64), np.arange(7.0), np.zeros((7, 2)), 3)
    assert sorted(column[:3]) == sorted(column[3:6]) == [0, 1, 2]
    assert column[6] == 1


def test_within_a_row_the_order_is_from_left_to_right():
    order = np.column_stack([[3.0, 1.0, 2.0], [0, 0, 0]])
    assert dealt(np.zeros(3, np.int64), np.zeros(3), order, 3).tolist() == [2, 0, 1]


def test_a_column_with_room_stays_and_a_crowd_parts_around_its_middle():
    column = np.array([0, 0, 1, 1, 1])
    wanted = np.array([1.0, 5.0, 2.0, 2.0, 2.0])
    found = stacked(column, wanted, np.ones(5))
    np.testing.assert_allclose(found[:2], (1, 5))
    np.testing.assert_allclose(np.sort(found[2:]), (1, 2, 3))


def test_stacks_are_nearest_in_sum_of_squares():
    draw = np.random.default_rng(4)
    wanted, thickness = np.sort(draw.uniform(0, 6, 8)), draw.uniform(0.5, 1.5, 8)
    least = (thickness[1:] + thickness[:-1]) / 2
    found = stacked(np.zeros(8, np.int64), wanted, thickness)
    assert (np.diff(found) >= least - 1e-12).all()
    best = ((found - wanted) ** 2).sum()
    for _ in range(2000):  # no other stack that is free comes nearer
        other = found + draw.normal(scale=0.1, size=8)
        if (np.diff(other) >= least).all():
            assert ((other - wanted) ** 2).sum() >= best
