"""The examination's numbers against scikit-learn and cleanlab."""

import numpy as np
import pytest
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from sklearn import metrics
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict, cross_validate
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid, NearestNeighbors
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from wunderkammer.metrics.classification import calibration, macro_scores, top_accuracy
from wunderkammer.metrics.detection import detection
from wunderkammer.metrics.discrimination import discriminate
from wunderkammer.metrics.identification import cross_validated, nearest_centroid, train_to_test
from wunderkammer.metrics.mislabels import suspect_by_confidence
from wunderkammer.metrics.neighbours import nearest_neighbours, neighbour_figures
from wunderkammer.metrics.silhouette import silhouettes

DRAW = np.random.default_rng(7)


def clusters(n, n_features, n_labels, spread, offset=0.0):
    codes = DRAW.integers(0, n_labels, n)
    centres = DRAW.normal(size=(n_labels, n_features)) * spread
    return centres[codes] + DRAW.normal(size=(n, n_features)) + offset, codes


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize(
    ("n", "n_features", "n_labels", "spread", "offset"),
    [
        (300, 2, 5, 3, 0),
        (700, 64, 30, 0.2, 0),
        (700, 64, 12, 1000, 0),  # labels far apart: all distances within one cancel
        (400, 32, 8, 1, 1e4),  # far from the origin
        (1300, 16, 600, 1, 0),  # more than one block, labels of one or two media
    ],
)
def test_silhouettes_are_those_of_scikit_learn(metric, n, n_features, n_labels, spread, offset):
    features, codes = clusters(n, n_features, n_labels, spread, offset)
    features[5] = features[6]
    features[7] = features[8] = 0
    ranks = {"fine": codes, "coarse": codes // 2, "across": DRAW.integers(0, 3, n)}
    found = silhouettes(features, ranks, metric=metric, n_resamples=2)
    for rank, labels in ranks.items():
        expected = metrics.silhouette_samples(features, labels, metric=metric)
        np.testing.assert_allclose(found[rank].values, expected, atol=1e-5)
        assert found[rank].mean.value == pytest.approx(expected.mean(), abs=1e-5)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_neighbours_are_those_of_scikit_learn(metric):
    features, codes = clusters(600, 12, 6, 0.6)
    found = nearest_neighbours(features, 7, metric=metric)
    distances, indices = NearestNeighbors(n_neighbors=7, metric=metric).fit(features).kneighbors()
    assert (found.indices == indices).mean() > 0.999
    np.testing.assert_allclose(found.distances, distances, atol=1e-5)
    queries, asked = clusters(200, 12, 6, 0.6)
    across = nearest_neighbours(features, 1, queries=queries, metric=metric)
    figures = neighbour_figures(across, codes, query_labels=asked, k=1)
    model = KNeighborsClassifier(1, metric=metric).fit(features, codes)
    assert figures.accuracy.value == pytest.approx(model.score(queries, asked))
    assert figures.balanced_accuracy == pytest.approx(
        metrics.balanced_accuracy_score(asked, model.predict(queries))
    )


def pipeline(max_iter=5000, class_weight="balanced"):
    return make_pipeline(
        StandardScaler(), LogisticRegression(max_iter=max_iter, class_weight=class_weight)
    )


def expected_error(confidence, right):
    accuracy, mean = calibration_curve(right, confidence, n_bins=15)
    counts, _ = np.histogram(confidence, 15, (0, 1))
    return float(np.average(np.abs(accuracy - mean), weights=counts[counts > 0]))


def test_identification_inside_a_set_is_the_protocol_of_kew():
    features, codes = clusters(300, 20, 6, 0.5)
    found = cross_validated(features, codes)
    names = {"accuracy": "accuracy"} | {
        name: f"{name}_macro" for name in ("precision", "recall", "f1")
    }
    folds = StratifiedKFold(5, shuffle=True, random_state=89)
    expected = cross_validate(pipeline(), features, codes, cv=folds, scoring=names)
    for name in names:
        ours = [getattr(one, name) for one in found.folds]
        np.testing.assert_allclose(ours, expected[f"test_{name}"], atol=1e-9)


def test_identification_of_a_test_set_is_that_of_scikit_learn():
    features, codes = clusters(400, 20, 9, 0.6)
    train, test = slice(0, 250), slice(250, 400)
    found = train_to_test(features[train], codes[train], features[test], codes[test])
    model = pipeline().fit(features[train], codes[train])
    told, answers = model.predict_proba(features[test]), model.predict(features[test])
    truth = codes[test]
    assert found.scores.accuracy == pytest.approx(metrics.accuracy_score(truth, answers))
    assert found.scores.f1 == pytest.approx(metrics.f1_score(truth, answers, average="macro"))
    assert found.top5 == pytest.approx(metrics.top_k_accuracy_score(truth, told, k=5))
    error = expected_error(told.max(axis=1), answers == truth)
    assert found.calibration.error == pytest.approx(error, abs=2e-3)
    scaler = StandardScaler().fit(features[train])
    nearest = NearestCentroid().fit(scaler.transform(features[train]), codes[train])
    expected = nearest.predict(scaler.transform(features[test]))
    assert nearest_centroid(features[train], codes[train], features[test])[0] == tuple(expected)
    assert found.centroid.accuracy == pytest.approx((expected == truth).mean())


def test_scores_and_calibration_are_those_of_the_libraries():
    told = DRAW.dirichlet(np.ones(7), 500)
    truth, answers = DRAW.integers(0, 6, 500), told.argmax(axis=1)  # one label is never true
    found = macro_scores(truth, answers)
    for name in ("precision", "recall", "f1"):
        score = getattr(metrics, f"{name}_score")
        expected = score(truth, answers, average="macro", zero_division=0)
        assert getattr(found, name) == pytest.approx(expected)
    expected = metrics.top_k_accuracy_score(truth, told, k=5, labels=np.arange(7))
    assert top_accuracy(truth, told) == pytest.approx(expected)
    ours = calibration(told.max(axis=1), answers == truth).error
    assert ours == pytest.approx(expected_error(told.max(axis=1), answers == truth))


def test_discrimination_is_the_protocol_of_kew():
    features, codes = clusters(240, 15, 3, 0.3)
    found = discriminate(features, codes, (2, 0))
    order = np.concatenate([np.flatnonzero(codes == 2), np.flatnonzero(codes == 0)])
    names = ("accuracy", "precision", "recall", "f1")
    expected = cross_validate(
        pipeline(2500), features[order], (codes[order] == 2).astype(int),
        cv=KFold(5, shuffle=True, random_state=89), scoring=names,
    )  # fmt: skip
    for name in names:
        ours = [getattr(one, name) for one in found.folds]
        np.testing.assert_allclose(ours, expected[f"test_{name}"], atol=1e-9)


def test_label_issues_are_those_of_cleanlab():
    features, codes = clusters(300, 10, 2, 1)
    given = np.where(DRAW.uniform(size=300) < 0.1, 1 - codes, codes)
    found = suspect_by_confidence(features, given, folding="plain", strength=1.0, scaling="each")
    folds = KFold(5, shuffle=True, random_state=89)
    told = cross_val_predict(
        pipeline(2500, None), features, given, cv=folds, method="predict_proba"
    )
    flagged = find_label_issues(given, told, filter_by="prune_by_noise_rate", n_jobs=1)
    assert (found.flagged == flagged).mean() > 0.99
    expected = get_label_quality_scores(given, told, method="normalized_margin")
    np.testing.assert_allclose(found.scores, expected, atol=5e-3)


def test_a_ranking_is_worth_what_scikit_learn_says():
    wrong = DRAW.uniform(size=400) < 0.2
    scores = np.round(DRAW.uniform(size=400) - 0.3 * wrong, 1)  # many ties
    flagged = scores < 0.3
    found = detection(wrong, flagged, scores, n_resamples=10)
    assert found.average_precision.value == pytest.approx(
        metrics.average_precision_score(wrong, -scores)
    )
    assert found.precision.value == pytest.approx(metrics.precision_score(wrong, flagged))
    assert found.f1.value == pytest.approx(metrics.f1_score(wrong, flagged))
    precision, recall, _ = metrics.precision_recall_curve(wrong, -scores)
    np.testing.assert_allclose(found.curve_precision, precision[:-1][::-1])
    np.testing.assert_allclose(found.curve_recall, recall[:-1][::-1])
