import numpy as np
import pytest

from wunderkammer.core.errors import StageError
from wunderkammer.curation.calibration import fit_temperature, mean_probabilities


def drawn(n, seed=0):
    """Return logits of one member that are right about their own doubt, and what came true."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(n, 3)) * 2
    chances = mean_probabilities(logits[None])
    return logits, (chances.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)


@pytest.mark.parametrize("boast", [0.5, 1.0, 4.0])
def test_exaggeration_is_taken_back(boast):
    logits, codes = drawn(4000)
    found = fit_temperature(np.stack([logits * boast] * 3), codes)
    assert found == pytest.approx(boast, rel=0.1)


def test_few_labels_say_little():
    codes = np.arange(300) % 2
    right = (np.eye(2)[codes] * 2)[None]
    few, many = fit_temperature(right[:, :3], codes[:3]), fit_temperature(right, codes)
    assert many < 0.6 * few < 0.6
    assert fit_temperature(right[:, :0], codes[:0]) == 1


def test_perfect_answers_do_not_make_it_vanish():
    codes = np.arange(60) % 2
    logits = np.eye(2)[codes][None] * 5
    assert 0.05 <= fit_temperature(logits, codes) < 1


def test_media_without_label_or_prediction_are_left_out():
    logits, codes = drawn(400)
    logits = np.stack([logits * 3] * 2)
    expected = fit_temperature(logits[:, :300], codes[:300])
    logits[:, 350:] = np.nan
    codes[300:350] = -1
    assert fit_temperature(logits, codes) == pytest.approx(expected)


def test_the_mean_is_that_of_probabilities_not_of_logits():
    sure, unsure = [40.0, 0.0], [0.0, 0.0]
    found = mean_probabilities(np.array([[sure], [unsure]]))
    np.testing.assert_allclose(found, [[0.75, 0.25]])
    np.testing.assert_allclose(mean_probabilities(np.array([[sure]]), 1e9), [[0.5, 0.5]])


def test_labels_of_other_media_are_refused():
    with pytest.raises(StageError, match="2 labels came with logits of shape"):
        fit_temperature(np.zeros((5, 3, 2)), np.zeros(2, np.int64))
