from itertools import pairwise

import numpy as np
import pytest

from wunderkammer.atlas.postings import BITMAP, RUNS, decode_postings, encode_postings


def written(lists, n):
    """Return each list as bytes."""
    owners = np.repeat(np.arange(len(lists)), [len(rows) for rows in lists])
    rows = np.array([row for one in lists for row in one], np.int64)
    data, starts = encode_postings(owners, rows, len(lists), n)
    assert starts[-1] == len(data)
    return [data[a:b] for a, b in pairwise(starts)]


def test_the_bytes_are_those_of_the_description():
    (one,) = written([[3, 10, 11, 12, 400]], 10_000)
    assert one.tolist() == [RUNS, 3 * 2, 6 * 2 + 1, 3 - 2, (387 * 2) % 128 + 128, 387 * 2 // 128]


def test_what_is_everywhere_and_in_no_order_is_a_bit_a_row():
    rows = np.arange(0, 1000, 2)
    (one,) = written([rows.tolist()], 1000)
    assert one[0] == BITMAP
    assert len(one) == 1 + 125
    assert (decode_postings(one) == rows).all()


def test_a_run_takes_some_bytes_however_long_it_is():
    (one,) = written([list(range(100, 50_000))], 1_000_000)
    assert len(one) <= 6
    assert (decode_postings(one) == np.arange(100, 50_000)).all()


def test_lists_come_back_with_empty_ones_among_them():
    lists = [[], [0], [], list(range(9)), [2, 4, 8], []]
    assert [decode_postings(one).tolist() for one in written(lists, 9)] == lists
    assert [decode_postings(one).tolist() for one in written([[], []], 9)] == [[], []]


@pytest.mark.parametrize("share", [0.001, 0.05, 0.3, 0.9, 1])
def test_lists_are_never_longer_than_a_bit_a_row(share):
    rng = np.random.default_rng(1)
    n = 5_000
    lists = [np.flatnonzero(rng.random(n) < share).tolist() for _ in range(5)]
    found = written(lists, n)
    assert [decode_postings(one).tolist() for one in found] == lists
    assert max(map(len, found)) <= 1 + n // 8


def test_lists_of_very_many_rows_are_put_together_in_pieces(monkeypatch):
    rng = np.random.default_rng(2)
    lists = [np.flatnonzero(rng.random(3_000) < 0.05).tolist() for _ in range(4)]
    whole = written(lists, 3_000)
    monkeypatch.setattr("wunderkammer.atlas.postings._PIECE", 7)
    assert [one.tolist() for one in written(lists, 3_000)] == [one.tolist() for one in whole]
