import hashlib

import numpy as np
import pyarrow as pa
import pytest

from wunderkammer.sampling.ranking import (
    largest_remainder,
    nearest_count,
    portions,
    ranks,
    smallest,
    smallest_of_each,
)


def test_a_rank_is_the_first_half_of_a_quarter_of_the_digest_of_seed_draw_and_name():
    names = ["specimen 1", "Ærø", "", "a|b"]
    wanted = [
        int.from_bytes(hashlib.sha256(f"89|cap|{name}".encode()).digest()[:8], "big")
        for name in names
    ]
    assert ranks(89, "cap", pa.array(names)).tolist() == wanted


def test_another_seed_and_another_draw_rank_otherwise():
    names = pa.array([f"s{n}" for n in range(50)])
    first = ranks(1, "n", names)
    assert not np.array_equal(first.argsort(), ranks(2, "n", names).argsort())
    assert not np.array_equal(first.argsort(), ranks(1, "random", names).argsort())


def test_no_names_have_no_ranks():
    assert ranks(1, "n", pa.array([], pa.string())).tolist() == []
    assert smallest(np.zeros(0, np.uint64), 3).tolist() == []


def test_the_order_survives_more_names_than_one_batch_holds():
    names = pa.array([f"s{n}" for n in range(300_000)])
    assert ranks(3, "n", names)[-9:].tolist() == ranks(3, "n", names[-9:]).tolist()


def test_the_smallest_of_each_group_may_differ_in_number():
    groups = np.array([1, 0, 1, 1, 0])
    rank = np.array([9, 4, 1, 5, 2], np.uint64)
    assert smallest_of_each(groups, rank, 1).tolist() == [False, False, True, False, True]
    assert smallest_of_each(groups, rank, np.array([0, 2])).tolist() == [
        False, False, True, True, False,
    ]  # fmt: skip


def test_equal_remainders_go_by_the_tie():
    sizes = np.array([5, 5, 5, 5])
    given = largest_remainder(sizes, 6, np.array([3, 1, 2, 0], np.uint64))
    assert given.tolist() == [1, 2, 1, 2]


def test_a_minimum_is_kept_and_the_others_share_the_rest():
    sizes = np.array([900, 90, 9, 1])
    given = largest_remainder(sizes, 100, np.zeros(4, np.uint64), minimum=5)
    assert given.tolist() == [85, 9, 5, 1]
    assert given.sum() == 100


def test_all_of_every_class_can_be_asked_for():
    sizes = np.array([3, 0, 2])
    assert largest_remainder(sizes, 5, np.zeros(3, np.uint64)).tolist() == [3, 0, 2]


@pytest.mark.parametrize(
    ("share", "n", "count"), [(0.1, 25, 3), (0.1, 24, 2), (0.1, 5, 1), (0.29, 100, 29), (0, 9, 0)]
)
def test_halves_are_rounded_up_and_fractions_are_exact(share, n, count):
    assert nearest_count(share, n) == count


def test_portions_sum_to_the_whole():
    assert portions(10, [0.1, 0.1]) == [8, 1, 1]
    assert portions(1, [0.1, 0.1]) == [1, 0, 0]
    assert portions(7, [0.25, 0.25]) == [3, 2, 2]
    assert portions(0, [0.5]) == [0, 0]
