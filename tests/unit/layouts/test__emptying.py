import numpy as np
import pytest

from wunderkammer.layouts._emptying import taken_cells

ALL = np.ones((20, 30), bool)
RULES = ("bottom", "top", "edges", "centre", "even")


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("n", [0, 1, 7, 300, 599, 600])
def test_as_many_cells_are_left_as_there_are_media(rule, n):
    inside = ALL.copy()
    inside[0, :5] = False
    found = taken_cells(inside, min(n, 595), rule)
    assert found.sum() == min(n, 595)
    assert not found[0, :5].any()


def test_empty_cells_lie_where_the_rule_says():
    empty = {rule: ~taken_cells(ALL, 540, rule) for rule in RULES}
    assert empty["bottom"][18:].all()
    assert empty["top"][:2].all()
    assert not empty["edges"][3:-3, 3:-3].any()
    assert empty["centre"][8:12, 12:18].all()
    counts = empty["even"].reshape(4, 5, 5, 6).sum(axis=(1, 3))
    assert counts.min() >= 2
    assert counts.max() <= 4


def test_spread_forbids_no_cell():
    assert taken_cells(ALL, 10, "spread").all()
