import numpy as np

from wunderkammer.training.representation import batches, held_out_rng


def test_pieces_are_whole_but_for_a_single_one():
    places = np.arange(10)
    assert [len(one) for one in batches(places, 4)] == [4, 4]
    assert [len(one) for one in batches(places, 4, whole=False)] == [4, 4, 2]
    assert [len(one) for one in batches(places, 40)] == [10]


def test_held_out_draws_are_the_same_each_time_and_differ_by_batch():
    one, again, other = (held_out_rng(3, which).random() for which in (0, 0, 1))
    assert one == again != other
