import numpy as np

from wunderkammer.duplicates.groups import group_duplicates


def with_ones(*counts):
    """Return fingerprints whose first bits are 1: so many differ in the difference."""
    bits = np.array([[1] * n + [0] * (256 - n) for n in counts], np.uint8)
    return np.packbits(bits, axis=1)


def grouped(contents, fingerprints, same=lambda row, keeper: True, comparable=None, distance=24):
    if comparable is None:
        comparable = np.ones(len(contents), bool)
    return group_duplicates(contents, fingerprints, comparable, same, max_distance=distance)


def test_equal_bytes_point_to_the_first():
    found = grouped([7, 8, 7, 7], with_ones(10, 200, 10, 10))
    assert found.kept.tolist() == [0, 1, 0, 0]
    assert found.exact.tolist() == [False, False, True, True]
    assert found.distances.tolist() == [0, 0, 0, 0]


def test_near_ones_point_to_the_nearest_that_is_kept():
    found = grouped([1, 2, 3, 4], with_ones(0, 30, 12, 20))
    assert found.kept.tolist() == [0, 1, 0, 1]
    assert found.distances.tolist() == [0, 0, 12, 10]
    assert not found.exact.any()


def test_a_line_that_drifts_is_not_one_group():
    found = grouped(np.arange(6), with_ones(0, 20, 40, 60, 80, 100))
    assert found.kept.tolist() == [0, 0, 2, 2, 4, 4]
    assert found.distances.max() == 20


def test_a_copy_of_one_that_is_not_kept_points_to_the_kept_one():
    found = grouped([1, 2, 2], with_ones(0, 9, 9))
    assert found.kept.tolist() == [0, 0, 0]
    assert found.distances.tolist() == [0, 9, 9]
    assert found.exact.tolist() == [False, False, False]


def test_near_ones_that_turn_out_different_are_all_kept():
    found = grouped([1, 2, 3], with_ones(0, 9, 9), same=lambda row, keeper: False)
    assert found.kept.tolist() == [0, 1, 2]
    assert (found.n_looked_at, found.n_refused) == (3, 3)


def test_labels_with_one_fingerprint_are_told_apart_and_their_copies_found():
    shown = [0, 1, 2, 1, 0, 2]
    found = grouped(
        np.arange(6),
        with_ones(5, 5, 5, 5, 5, 5),
        same=lambda row, keeper: shown[row] == shown[keeper],
    )
    assert found.kept.tolist() == [0, 1, 2, 1, 0, 2]


def test_a_crowd_of_look_alikes_is_looked_at_a_few_times_each():
    n = 500
    looks = []

    def never(row, keeper):
        looks.append((row, keeper))
        return False

    found = grouped(np.arange(n), with_ones(*[5] * n), same=never)
    assert (found.kept == np.arange(n)).all()
    assert len(looks) < 4 * n


def test_plain_images_are_no_near_duplicates_but_may_be_exact_ones():
    comparable = np.array([False, False, True, False])
    found = grouped([1, 2, 3, 1], with_ones(0, 0, 0, 0), comparable=comparable)
    assert found.kept.tolist() == [0, 1, 2, 0]
    assert found.exact.tolist() == [False, False, False, True]
    nothing = grouped([1, 2], with_ones(0, 0), comparable=np.zeros(2, bool))
    assert nothing.kept.tolist() == [0, 1]
