"""Sorting with few labels, against a truth that was planted."""

import numpy as np
import pytest

from wunderkammer.curation.acquisition import AcquisitionSettings
from wunderkammer.curation.calibration import mean_probabilities
from wunderkammer.curation.ensemble import fit_ensemble
from wunderkammer.curation.simulation import SimulationSettings, simulate
from wunderkammer.metrics.classification import calibration

N, N_FEATURES = 3000, 48


def planted(seed):
    """Return features, truth (5 % bad, of five kinds) and ids: good media are of eight groups."""
    rng = np.random.default_rng(seed)
    kind = np.where(rng.random(N) < 0.05, rng.integers(1, 6, N), 0)
    groups = rng.normal(size=(8, N_FEATURES))[rng.integers(0, 8, N)]
    faults = np.concatenate([np.zeros((1, N_FEATURES)), rng.normal(size=(5, N_FEATURES)) * 1.2])
    features = groups + faults[kind] + rng.normal(size=(N, N_FEATURES))
    return features.astype(np.float32), (kind > 0).astype(np.int64), [f"{k:020d}" for k in range(N)]


def curves(acquisition, seeds):
    how = SimulationSettings(
        n_first=20, batch=20, budget=200,
        acquisition=AcquisitionSettings(acquisition=acquisition),
    )  # fmt: skip
    return [simulate(*planted(seed)[:2], ("good", "bad"), planted(seed)[2], how, seed=seed)
            for seed in seeds]  # fmt: skip


@pytest.fixture(scope="module")
def by_lot():
    return curves("random", range(4))


@pytest.mark.parametrize("acquisition", ["margin", "entropy", "bald"])
def test_asking_by_doubt_learns_more_than_asking_by_lot(acquisition, by_lot):
    asked = curves(acquisition, range(4))
    gains = [one.area() - other.area() for one, other in zip(asked, by_lot, strict=True)]
    assert np.mean(gains) > 0
    rare = [sum(one.n_rare[-1] for one in several) for several in (asked, by_lot)]
    assert rare[0] > 1.5 * rare[1]


def test_held_out_probabilities_can_be_taken_at_their_word():
    features, truth, _ = planted(11)
    fitted = fit_ensemble(features[:600], truth[:600], ("good", "bad"))
    errors = []
    for temperature in (1.0, fitted.ensemble.temperature):
        told = mean_probabilities(fitted.ensemble.logits(features[600:]), temperature)
        right = told.argmax(axis=1) == truth[600:]
        errors.append(calibration(told.max(axis=1), right).error)
    assert errors[1] <= errors[0] + 0.01
    assert errors[1] < 0.06
