import json

import numpy as np
import pytest

from wunderkammer.core.errors import ConfigurationError, NotEnoughMediaError, UnknownNameError
from wunderkammer.metrics.discrimination import discriminate, discriminate_all, similar_pairs

DRAW = np.random.default_rng(0)
NAMES = np.array(["Syzygium", "Eugenia", "Dendrobium"])
LABELS = [*np.repeat(NAMES, 40), "Rara", None]
CENTRES = np.array([[0.0, 0, 0], [0.5, 0, 0], [4, 4, 0], [0, 0, 9], [0, 9, 0]])
FEATURES = CENTRES[[*np.repeat([0, 1, 2], 40), 3, 4]] + DRAW.normal(size=(122, 3))


def test_distinct_genera_are_told_apart_and_similar_ones_less():
    distinct = discriminate(FEATURES, LABELS, ("Syzygium", "Dendrobium"))
    similar = discriminate(FEATURES, LABELS, ("Syzygium", "Eugenia"))
    assert distinct.scores.accuracy > 0.97
    assert 0.4 < similar.scores.accuracy < 0.75
    assert (distinct.n_first, distinct.n_second, len(distinct.folds)) == (40, 40, 5)


def test_precision_is_of_the_first():
    one = discriminate(FEATURES, LABELS, ("Syzygium", "Eugenia"))
    other = discriminate(FEATURES, LABELS, ("Eugenia", "Syzygium"))
    assert one.first == other.second == "Syzygium"
    assert one.scores != other.scores


def test_all_pairs_come_hardest_first():
    found = discriminate_all(FEATURES, LABELS)
    assert len(found) == 3
    assert {found[0].first, found[0].second} == {"Syzygium", "Eugenia"}
    assert found[0].scores.accuracy <= found[1].scores.accuracy
    chosen = discriminate_all(FEATURES, LABELS, pairs=[("Syzygium", "Eugenia")])
    assert chosen == (discriminate(FEATURES, LABELS, ("Syzygium", "Eugenia")),)
    json.dumps([one.figures() for one in found])


def test_the_most_similar_pair_is_the_one_that_was_made_so():
    (found,) = similar_pairs(FEATURES, LABELS, 1)
    assert set(found) == {"Syzygium", "Eugenia"}
    assert similar_pairs(FEATURES[:40], LABELS[:40]) == ()


def test_the_seed_reaches_the_folds():
    pair = ("Syzygium", "Eugenia")
    assert discriminate(FEATURES, LABELS, pair) == discriminate(FEATURES, LABELS, pair)
    assert discriminate(FEATURES, LABELS, pair, seed=1) != discriminate(FEATURES, LABELS, pair)


def test_unknown_rare_and_equal_labels_are_refused():
    with pytest.raises(UnknownNameError, match="Did you mean 'Eugenia'"):
        discriminate(FEATURES, LABELS, ("Syzygium", "Eugenya"))
    with pytest.raises(NotEnoughMediaError, match="'Rara' from another label, and it has 1"):
        discriminate(FEATURES, LABELS, ("Syzygium", "Rara"))
    with pytest.raises(ConfigurationError, match="'Eugenia' was given twice"):
        discriminate(FEATURES, LABELS, ("Eugenia", "Eugenia"))
