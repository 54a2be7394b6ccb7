"""The lot."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sorting_board import ids_of
from wunderkammer.curation.lot import in_prefix, lot_ranks, prefix_length

IDS = ids_of(300)


def test_everybody_draws_the_same_lot_in_whatever_order_media_come():
    ranks = dict(zip(IDS, lot_ranks(IDS, 0, "quality").tolist(), strict=True))
    turned = IDS[::-1]
    assert dict(zip(turned, lot_ranks(turned, 0, "quality").tolist(), strict=True)) == ranks
    assert sorted(ranks.values()) == list(range(300))


def test_seed_and_task_draw_another_lot():
    ranks = lot_ranks(IDS, 0, "quality")
    for seed, task in ((1, "quality"), (0, "view")):
        assert abs(np.corrcoef(ranks, lot_ranks(IDS, seed, task))[0, 1]) < 0.2


def test_two_media_keep_their_order_when_others_come():
    few = lot_ranks(IDS[:100], 0, "quality")
    many = lot_ranks(IDS, 0, "quality")[:100]
    assert (np.argsort(few) == np.argsort(many)).all()


def test_the_lot_prefers_nothing():
    halves = [
        np.mean([rank < 150 for rank in lot_ranks(IDS, seed, "x")[:150]]) for seed in range(40)
    ]
    assert abs(np.mean(halves) - 0.5) < 0.03


@given(st.lists(st.booleans(), max_size=30), st.randoms())
def test_the_prefix_ends_before_the_first_that_nobody_answered(answers, random):
    n = len(answers)
    places = list(range(n))
    random.shuffle(places)
    ranks = np.array(places, np.int64)
    answered = np.array([answers[rank] for rank in places], np.bool_)
    length = prefix_length(ranks, answered)
    assert length == ([*answers, False].index(False))
    assert in_prefix(ranks, answered).sum() == length
