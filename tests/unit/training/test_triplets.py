import numpy as np
import pytest
import torch

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.training.triplets import balanced, batch_hard, random_triplets, semi_hard

LABELS = np.array([0] * 60 + [1] * 30 + [2] * 9 + [3])
PLACES = np.arange(100)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_no_anchor_is_its_own_positive_and_the_negative_has_another_label():
    triplets = random_triplets(PLACES, PLACES, LABELS, rng())
    anchors, positives, negatives = triplets.T
    assert (anchors != positives).all()
    assert (LABELS[anchors] == LABELS[positives]).all()
    assert (LABELS[anchors] != LABELS[negatives]).all()
    assert sorted(anchors) == list(range(99)), "one that is alone with its label has no positive"


def test_the_studys_sampler_may_take_the_anchor_itself():
    many = np.tile(PLACES, 20)
    anchors, positives, _ = random_triplets(many, PLACES, LABELS, rng(), itself=True).T
    assert len(anchors) == 2000
    assert (positives[anchors == 99] == 99).all()
    own = anchors == positives
    assert own[LABELS[anchors] == 2].mean() == pytest.approx(1 / 9, abs=0.06)
    assert own[LABELS[anchors] == 0].mean() == pytest.approx(1 / 60, abs=0.02)


def test_negatives_are_drawn_by_label_first_so_rare_ones_come_as_often():
    many = np.tile(PLACES[:60], 30)
    negatives = LABELS[random_triplets(many, PLACES, LABELS, rng())[:, 2]]
    shares = np.bincount(negatives, minlength=4) / len(negatives)
    assert shares[0] == 0
    assert shares[1:] == pytest.approx([1 / 3] * 3, abs=0.05)


def test_the_draw_is_the_seeds():
    one, again, other = (random_triplets(PLACES, PLACES, LABELS, rng(seed)) for seed in (1, 1, 2))
    assert (one == again).all()
    assert (one != other).any()


def test_positives_come_from_the_places_that_are_given():
    some = PLACES[::2]
    assert np.isin(random_triplets(some, some, LABELS, rng()), some).all()


def test_too_few_labels_are_said():
    for labels in (np.zeros(100, int), np.arange(100)):
        with pytest.raises(NotEnoughMediaError, match="no triplets can be made"):
            random_triplets(PLACES, PLACES, labels, rng())
        with pytest.raises(NotEnoughMediaError, match="no triplets can be made"):
            balanced(PLACES, labels, 4, 4, rng())


def test_batches_hold_several_pictures_of_several_labels():
    made = balanced(PLACES, LABELS, 3, 4, rng())
    assert len(made) == round(100 / 12)
    for batch in made:
        assert np.bincount(LABELS[batch]).tolist() == [4, 4, 4]
        assert len(set(batch.tolist())) == 12
    seen = np.concatenate(made)
    assert 99 not in seen
    assert set(PLACES[90:99]) <= set(seen), "all of a label come before one comes again"


def test_a_label_with_fewer_pictures_brings_them_all():
    labels = np.array([0, 0, 1, 1, 1, 1])
    for batch in balanced(np.arange(6), labels, 2, 3, rng()):
        assert np.bincount(labels[batch]).tolist() == [2, 3]


LINE = torch.tensor([0.0, 1.0, 3.0, 2.0, 4.5, 9.0])[:, None]
OF = torch.tensor([0, 0, 0, 1, 1, 1])


def test_semi_hard_negatives_are_the_nearest_beyond_the_positive():
    away = torch.cdist(LINE, LINE)
    anchors, positives, negatives = semi_hard(away, OF)
    assert len(anchors) == 12, "every pair of one label, both ways"
    chosen = dict(zip(zip(anchors.tolist(), positives.tolist(), strict=True), negatives.tolist(),
                      strict=True))  # fmt: skip
    assert chosen[0, 1] == 3  # positive at 1; negatives at 2, 4.5, 9: the nearest beyond
    assert chosen[0, 2] == 4  # positive at 3: the one at 2 is nearer than it
    assert chosen[5, 3] == 1  # positive at 7 from 9: 1 lies at 8, before 0 at 9
    assert chosen[4, 5] == 0  # positive at 4.5: none is strictly beyond, the farthest is 0


def test_semi_hard_negatives_hold_for_any_vectors():
    vectors = torch.rand(40, 5, generator=torch.Generator().manual_seed(0))
    labels = torch.arange(40) % 4
    away = torch.cdist(vectors, vectors)
    anchors, positives, negatives = semi_hard(away, labels)
    assert (anchors != positives).all()
    assert (labels[anchors] == labels[positives]).all()
    assert (labels[anchors] != labels[negatives]).all()
    other = labels[anchors][:, None] != labels
    beyond = (other & (away[anchors] > away[anchors, positives][:, None])).any(1)
    assert (away[anchors, negatives] > away[anchors, positives])[beyond].all()


def test_batch_hard_takes_the_farthest_positive_and_the_nearest_negative():
    anchors, positives, negatives = batch_hard(torch.cdist(LINE, LINE), OF)
    assert anchors.tolist() == [0, 1, 2, 3, 4, 5]
    assert positives.tolist() == [2, 2, 0, 5, 5, 3]
    assert negatives.tolist() == [3, 3, 3, 1, 2, 2]


def test_one_that_is_alone_with_its_label_is_no_anchor():
    labels = torch.tensor([0, 0, 1])
    for mine in (semi_hard, batch_hard):
        assert set(mine(torch.rand(3, 3), labels)[0].tolist()) == {0, 1}
