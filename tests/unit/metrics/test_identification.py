import json

import numpy as np
import pytest

from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.metrics.identification import (
    cross_validated,
    learning_curve,
    nearest_centroid,
    train_to_test,
)

DRAW = np.random.default_rng(0)
CODES = np.arange(160) % 8
LABELS = np.array([f"genus {i}" for i in range(8)])[CODES]
CENTRES = DRAW.normal(size=(8, 10)) * 1.5
TRAIN, TEST = (CENTRES[CODES] + DRAW.normal(size=(160, 10)) for _ in range(2))


def test_clusters_are_identified_and_noise_is_not():
    found = train_to_test(TRAIN, LABELS, TEST, LABELS)
    assert found.scores.accuracy > 0.85
    assert found.accuracy.low < found.scores.accuracy < found.accuracy.high
    assert found.top5 > found.scores.accuracy
    noise = train_to_test(DRAW.normal(size=(160, 10)), LABELS, TEST, LABELS)
    assert noise.scores.accuracy < 0.35


def test_a_shift_between_sets_shows_only_from_train_to_test():
    moved = TEST @ np.linalg.qr(DRAW.normal(size=(10, 10)))[0]  # as another institution's light
    inside = cross_validated(moved, LABELS)
    across = train_to_test(TRAIN, LABELS, moved, LABELS)
    assert inside.scores.accuracy > across.scores.accuracy + 0.3
    assert len(inside.folds) == 5
    assert across.folds == ()


def test_labels_never_learnt_are_counted_and_left_out():
    asked = np.where(CODES == 3, "unheard of", LABELS).tolist()
    asked[0] = None
    found = train_to_test(TRAIN, LABELS, TEST, asked)
    assert (found.n_unseen, found.n_media, found.n_labels) == (20, 139, 8)


def test_twins_in_other_folds_flatter_and_groups_prevent_it():
    features = np.repeat(DRAW.normal(size=(60, 120)), 2, axis=0)
    labels = np.repeat(np.array(["a", "b", "c"])[DRAW.permutation(np.arange(60) % 3)], 2)
    flattered = cross_validated(features, labels).scores.accuracy
    honest = cross_validated(features, labels, groups=np.repeat(np.arange(60), 2)).scores.accuracy
    assert flattered > honest + 0.2
    assert honest < 0.6


def test_more_labels_teach_more():
    points = learning_curve(TRAIN, LABELS, TEST, LABELS, n_labelled=(1, 5, 20), n_draws=3)
    means = [one.figures()["scores"]["accuracy"] for one in points]
    assert means[0] + 0.05 < means[1] < means[2] + 0.05
    assert [one.n_media for one in points] == [8, 40, 160]
    whole = train_to_test(TRAIN, LABELS, TEST, LABELS)
    assert points[2].scores[0].accuracy == pytest.approx(whole.scores.accuracy, abs=0.02)


def test_the_seed_reaches_every_draw_and_threads_do_not():
    settings = {"n_labelled": (2,), "n_draws": 2}
    first = learning_curve(TRAIN, LABELS, TEST, LABELS, **settings)
    again = learning_curve(TRAIN, LABELS, TEST, LABELS, device=Device(n_threads=2), **settings)
    other = learning_curve(TRAIN, LABELS, TEST, LABELS, seed=1, **settings)
    assert first == again != other
    assert first[0].scores[0] != first[0].scores[1]
    noise = DRAW.normal(size=TRAIN.shape)
    assert cross_validated(noise, LABELS, seed=1).folds != cross_validated(noise, LABELS).folds


def test_centroids_by_hand():
    answers, distances = nearest_centroid(
        [[-2.0], [0.0], [2.0], [4.0]], ["a", "a", "b", "b"], [[0.9], [1.1]]
    )
    assert answers == ("a", "b")
    assert distances.shape == (2, 2)


def test_figures_are_json():
    found = json.loads(json.dumps(cross_validated(TRAIN, LABELS).figures()))
    assert found["scores"]["accuracy"] == pytest.approx(found["accuracy"]["value"])
    assert sum(found["calibration"]["n_media"]) == 160


def test_a_test_set_of_strangers_is_refused():
    with pytest.raises(NotEnoughMediaError, match="none of 160 test media"):
        train_to_test(TRAIN, LABELS, TEST, ["stranger"] * 160)
