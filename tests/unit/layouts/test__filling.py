import numpy as np

from wunderkammer.imaging.boxes import overlapping_pairs
from wunderkammer.layouts._filling import filled


def blocks(n_left=11, n_right=9, n_new=1, margin=0.5):
    """Return two blocks of four columns side by side, and new ones for the left one."""
    left = np.column_stack([np.arange(n_left) % 4, np.arange(n_left) // 4]) + 0.5
    right = np.column_stack([np.arange(n_right) % 4, np.arange(n_right) // 4]) + 0.5
    right[:, 0] += 4 + margin
    old = np.vstack([left, right, np.zeros((n_new, 2))])
    of = np.r_[np.zeros(n_left), np.ones(n_right), np.zeros(n_new)].astype(np.int64)
    stays = np.arange(len(of)) < n_left + n_right
    points = np.random.default_rng(0).normal(size=(len(of), 2))
    points[:, :2] = np.where(stays[:, None], old, points)
    found = filled(of, points, np.ones((len(of), 2)), old, stays, margin)
    assert (found[stays] == old[stays]).all()
    assert overlapping_pairs(found, np.ones((len(of), 2))) == 0
    return found[~stays]


def test_a_new_one_takes_the_free_cell_of_its_block():
    assert blocks().tolist() in ([[3.5, 2.5]], [[0.5, 3.5]], [[1.5, 3.5]], [[2.5, 3.5]])


def test_no_cell_is_taken_that_is_nearer_to_another_block_than_the_margin():
    new = blocks(n_left=12, n_new=4)
    assert (new[:, 0] < 4).all()
    assert (new[:, 1] == 3.5).all()


def test_what_finds_no_cell_stands_in_a_block_below():
    new = blocks(n_left=12, n_new=9)
    assert (new[:, 1] == 3.5).sum() == 4
    below = new[new[:, 1] > 3.5]
    assert len(below) == 5
    assert below[:, 1].min() >= 3.0 + 3 * 0.5
