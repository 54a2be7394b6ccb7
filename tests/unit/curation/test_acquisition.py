import numpy as np
import pytest

from wunderkammer.core.errors import StageError
from wunderkammer.curation.acquisition import (
    ACQUISITIONS,
    AcquisitionSettings,
    choose,
    uncertainty,
)

LN2 = np.log(2)


def logits(*members):
    """Return logits of members that give media these probabilities of the second class."""
    chances = np.array(members, float)
    return np.log(np.stack([1 - chances, chances], axis=2) + 1e-12)


#                   sure  torn together  torn apart  one against four
TOLD = logits(
    [0.001, 0.5001, 0.999, 0.4],
    [0.001, 0.5001, 0.001, 0.6],
    [0.001, 0.5001, 0.999, 0.6],
    [0.001, 0.5001, 0.001, 0.6],
)


def test_doubt_within_members_and_between_them_are_told_apart():
    found = uncertainty(TOLD)
    np.testing.assert_allclose(found.entropy[1:3], LN2, atol=1e-3)
    np.testing.assert_allclose(found.mutual_information, [0, 0, LN2, 0.012], atol=1e-2)
    np.testing.assert_allclose(found.vote_entropy, [0, 0, LN2, 0.5623], atol=1e-3)
    np.testing.assert_allclose(found.margin, [0.998, 0, 0, 0.1], atol=1e-3)
    assert found.disagreement.tolist() == [False, False, True, True]
    assert found.classes.tolist()[::3] == [0, 1]


@pytest.mark.parametrize("acquisition", [one for one in ACQUISITIONS if one != "random"])
def test_no_acquisition_prefers_what_all_are_sure_of(acquisition):
    scores = uncertainty(TOLD).scores(acquisition)
    assert (scores[0] <= scores).all()
    assert scores[2] > scores[0]


def test_an_unknown_acquisition_is_refused_with_the_known_ones():
    with pytest.raises(StageError, match=r"none called 'entropie'.*vote-entropy"):
        uncertainty(TOLD).scores("entropie")


def test_a_higher_temperature_is_less_sure():
    cool, hot = uncertainty(TOLD, 1.0), uncertainty(TOLD, 5.0)
    assert hot.entropy[0] > cool.entropy[0]
    assert (hot.classes == cool.classes)[[0, 3]].all()


RNG = np.random.default_rng(0)
N = 200
FEATURES = RNG.normal(size=(N, 8)).astype(np.float32)
RANKS = RNG.permutation(N)
CHANCES = RNG.uniform(0, 1, N)
FOUND = uncertainty(logits(CHANCES, CHANCES))
LABELLED = RANKS < 20
CODES = np.where(LABELLED, np.arange(N) % 2, -1)


def asked(found=FOUND, features=FEATURES, ranks=RANKS, labelled=LABELLED, n=20, **given):
    how = {name: given.pop(name) for name in list(given) if name not in {"codes", "seed"}}
    return choose(
        found, features, ranks, waiting=~labelled, labelled=labelled, n=n,
        settings=AcquisitionSettings(**how), **given,
    )  # fmt: skip


def test_classes_that_are_rarely_predicted_get_their_share():
    rare = np.where(np.arange(N) % 10 == 0, 0.6, 0.4)  # all as doubtful, one in ten of the second
    shares = [
        (rare[asked(found=uncertainty(logits(rare, rare)), rarity=rarity, n=16).rows] > 0.5).mean()
        for rarity in (0.0, 1.0)
    ]
    assert shares[0] < 0.25
    assert 0.3 < shares[1] < 0.7


def test_before_the_first_round_all_comes_from_the_lot():
    batch = asked(found=None)
    assert RANKS[batch.rows].tolist() == list(range(20, 40))
    assert set(batch.reasons) == {"random"}


def test_a_share_of_every_batch_comes_from_the_lot():
    batch = asked(random_share=0.2)
    random = [row for row, why in zip(batch.rows, batch.reasons, strict=True) if why == "random"]
    assert RANKS[random].tolist() == [20, 21, 22, 23]
    assert len(set(batch.rows.tolist())) == len(batch.rows) == 20
    assert not LABELLED[batch.rows].any()


def test_without_diversity_the_highest_scores_are_asked_in_turn():
    batch = asked(diversity=0, random_share=0, rarity=0)
    scores = np.where(LABELLED, -1, FOUND.scores("margin"))
    assert batch.rows.tolist() == np.argsort(-scores)[:20].tolist()
    assert set(batch.reasons) == {"acquisition"}


def test_scores_decide_and_distances_too():
    doubtful = np.abs(CHANCES[asked(random_share=0, shortlist=3).rows] - 0.5).mean()
    anything = np.abs(CHANCES[~LABELLED] - 0.5).mean()
    assert doubtful < anything / 2
    assert "diversity" in asked().reasons


def test_the_same_picture_is_not_asked_twice():
    double = np.repeat(FEATURES[:100], 2, axis=0)
    ranks = np.arange(N)
    batch = asked(features=double, ranks=ranks, labelled=np.zeros(N, bool), random_share=0)
    assert len(set((batch.rows // 2).tolist())) == 20


def test_what_resembles_a_labelled_medium_is_not_asked():
    features = np.zeros((60, 3), np.float32)
    features[30:] = RNG.normal(size=(30, 3)) + 5
    labelled = np.arange(60) == 0  # one of thirty that are all the same
    found = uncertainty(logits(np.full(60, 0.5)))
    batch = choose(found, features, np.arange(60), waiting=~labelled, labelled=labelled, n=10,
                   settings=AcquisitionSettings(random_share=0))  # fmt: skip
    assert (batch.rows >= 30).all()


def test_when_all_is_the_same_a_batch_is_still_full():
    batch = asked(features=np.zeros((N, 3), np.float32), n=12)
    assert len(set(batch.rows.tolist())) == 12


def test_the_order_of_the_rows_does_not_matter():
    order = np.random.default_rng(4).permutation(N)
    there = asked(
        found=uncertainty(logits(CHANCES[order], CHANCES[order])), features=FEATURES[order],
        ranks=RANKS[order], labelled=LABELLED[order],
    )  # fmt: skip
    assert order[there.rows].tolist() == asked().rows.tolist()


def test_another_seed_draws_another_batch():
    assert asked(seed=1).rows.tolist() != asked(seed=2).rows.tolist()
    assert asked(seed=1).rows.tolist() == asked(seed=1).rows.tolist()


def test_while_a_class_is_hardly_known_more_comes_from_the_lot():
    def from_lot(n_second):
        codes = np.where(LABELLED, (n_second > RANKS).astype(int), -1)
        return asked(codes=codes, warm=10).reasons.count("random")

    assert [from_lot(n) for n in (0, 5, 8, 10)] == [20, 10, 4, 2]


def test_no_more_is_asked_than_is_waiting():
    labelled = RANKS >= 5
    assert sorted(RANKS[asked(labelled=labelled).rows].tolist()) == list(range(5))
    assert len(asked(labelled=np.ones(N, bool)).rows) == 0


def test_arrays_of_other_media_are_refused():
    with pytest.raises(StageError, match="200 media came with a lot of 199"):
        asked(ranks=RANKS[:-1])
