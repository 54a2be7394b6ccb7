"""The advice to stop comes when labels have done their work, and not before."""

import numpy as np
import pytest

from wunderkammer.curation.acquisition import choose, uncertainty
from wunderkammer.curation.changes import measures
from wunderkammer.curation.ensemble import EnsembleSettings, fit_ensemble
from wunderkammer.curation.kinds import NO_LABEL
from wunderkammer.curation.stopping import advise

N_MEDIA, BATCH, N_ROUNDS = 600, 10, 14


def advised(features, codes, seed):
    """Return how many labels the advice came after, and the accuracy of all rounds."""
    ranks = np.random.default_rng(seed).permutation(N_MEDIA)
    known, before, history, accuracy, stopped = ranks < BATCH, None, [], [], None
    for _ in range(N_ROUNDS):
        fitted = fit_ensemble(
            features[known], codes[known], ("one", "other"), EnsembleSettings(seed=seed, n_folds=2)
        )
        logits = fitted.ensemble.logits(features)
        found = uncertainty(logits, fitted.ensemble.temperature)
        labels = np.where(known, codes, NO_LABEL)
        history.append(
            measures(logits, labels, before=before, temperature=fitted.ensemble.temperature)
        )
        accuracy.append((np.where(known, codes, found.classes) == codes).mean())
        if stopped is None and advise(history).stop:
            stopped = int(known.sum())
        batch = choose(found, features, ranks, waiting=~known, labelled=known, n=BATCH, seed=seed)
        known[batch.rows], before = True, logits
    return stopped, accuracy


@pytest.mark.parametrize("seed", [0, 1])
def test_what_can_be_learnt_is_learnt_when_the_advice_comes(seed):
    rng = np.random.default_rng(seed)
    codes = (rng.random(N_MEDIA) < 0.2).astype(int)
    features = rng.normal(size=(N_MEDIA, 12)).astype(np.float32)
    features[:, :3] += 2.5 * codes[:, None]
    stopped, accuracy = advised(features, codes, seed)
    assert stopped is not None
    assert stopped >= 4 * BATCH
    assert accuracy[stopped // BATCH - 1] >= max(accuracy) - 0.01


def test_what_cannot_be_learnt_is_never_thought_to_be_done():
    rng = np.random.default_rng(5)
    codes = (rng.random(N_MEDIA) < 0.5).astype(int)
    stopped, accuracy = advised(rng.normal(size=(N_MEDIA, 12)).astype(np.float32), codes, 0)
    assert stopped is None
    assert accuracy[-1] < 0.8
