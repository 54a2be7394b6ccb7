"""Who learns a round."""

import numpy as np
import pytest

from sorting_room import truth_of
from wunderkammer.core.sums import SUMS
from wunderkammer.curation.learners import Networks
from wunderkammer.curation.networks import NetworkEnsemble
from wunderkammer.curation.presets import AlexnetMembers
from wunderkammer.curation.rounds import MEMBERS, NETWORKS

SMALL = AlexnetMembers(
    n_folds=2, side_px=64, widths=(8, 8, 8, 8, 8), n_hidden=16, drop=0.1, learning_rate=1e-3,
    batch_size=8, n_epochs_unjudged=4, n_views=1,
)  # fmt: skip


@pytest.fixture
def labelled(sorting):
    truth = truth_of(sorting)
    sorting.say({one: truth[one] for one in sorting.media.ids[:12]}, "ada")
    return sorting


def test_heads_learn_from_features_and_what_they_were_is_kept(labelled):
    made = labelled.train()
    assert {path.name for path in made.folder.iterdir()} == {
        "round.json", "predictions.parquet", MEMBERS, SUMS,
    }  # fmt: skip
    truth = truth_of(labelled)
    known = made.predictions()
    told = known.honest.mean(axis=0).argmax(axis=1)
    codes = [labelled.task.code(truth[one]) for one in known.ids]
    assert np.mean(told == codes) > 0.9


def test_networks_learn_from_pictures_and_go_on_from_the_last_round(labelled):
    settings = labelled.settings.model_copy(update={"n_members": 2})
    learner = Networks(labelled.collection, settings, labelled.media, SMALL)
    assert learner._before() is None
    made = labelled.train(learner=learner)
    known = made.predictions()
    assert known.logits.shape == (2, 30, 2)
    assert np.isfinite(known.held_out).all(axis=(0, 2)).sum() == 12
    assert not made.has_members
    assert isinstance(learner._before(), NetworkEnsemble)
    assert learner._before().temperature == made.temperature
    labelled.train(learner=learner)
    assert (labelled.latest().folder / NETWORKS).exists()
    assert labelled.counts().entropy is not None
    labelled.apply()
    assert labelled.applied()["round"] == labelled.latest().number
