import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.curation.calibration import fit_temperature, mean_probabilities
from wunderkammer.curation.ensemble import (
    EnsembleSettings,
    HeadEnsemble,
    fit_ensemble,
    fit_heads,
    held_out_logits,
)

CLASSES = ("bad", "partial", "good")
DRAW = np.random.default_rng(0)
CODES = np.arange(150) % 3
MIDDLES = DRAW.normal(size=(3, 40)) * 0.6
FEATURES = (MIDDLES[CODES] + DRAW.normal(size=(150, 40))).astype(np.float32)
NEW_CODES = np.arange(300) % 3
NEW = (MIDDLES[NEW_CODES] + DRAW.normal(size=(300, 40))).astype(np.float32)


def accuracy(ensemble, features=NEW, codes=NEW_CODES):
    told = mean_probabilities(ensemble.logits(features), ensemble.temperature)
    return (told.argmax(axis=1) == codes).mean()


def test_what_is_learnt_holds_for_media_that_were_not_seen():
    fitted = fit_ensemble(FEATURES, CODES, CLASSES)
    assert fitted.ensemble.logits(NEW).shape == (5, 300, 3)
    assert accuracy(fitted.ensemble) > 0.85
    held_out = mean_probabilities(fitted.held_out).argmax(axis=1)
    assert abs((held_out == CODES).mean() - accuracy(fitted.ensemble)) < 0.1


@pytest.mark.parametrize("n", [30, 150])  # fewer media than features, and more
def test_one_plain_member_is_scikit_learns_logistic_regression(n):
    from sklearn.linear_model import LogisticRegression

    rows = FEATURES[:n] - FEATURES[:n].mean(axis=0)
    scale = np.sqrt(rows.var(axis=0).sum())
    peer = LogisticRegression(C=7.0, tol=1e-8, max_iter=5000, class_weight="balanced")
    peer.fit(rows / scale, CODES[:n])
    plain = EnsembleSettings(n_members=1, bootstrap=0, strengths=(7.0,), prior=1e-9)
    ours = mean_probabilities(fit_heads(FEATURES[:n], CODES[:n], CLASSES, plain).logits(NEW))
    theirs = peer.predict_proba((NEW - FEATURES[:n].mean(axis=0)) / scale)
    np.testing.assert_allclose(ours, theirs, atol=2e-3)


def test_held_out_logits_never_come_from_a_member_that_saw_the_medium():
    noise = np.random.default_rng(3).integers(0, 3, 150)  # nothing to be learnt but by heart
    fitted = fit_ensemble(FEATURES, noise, CLASSES)
    by_heart = accuracy(fitted.ensemble, FEATURES, noise)
    honest = (mean_probabilities(fitted.held_out).argmax(axis=1) == noise).mean()
    assert by_heart > 0.6
    assert honest < 0.45


def test_media_of_one_group_are_never_parted():
    rng = np.random.default_rng(5)
    twice = np.repeat(rng.normal(size=(60, 40)), 2, axis=0)
    twice += rng.normal(0, 0.01, twice.shape)
    codes = np.repeat(rng.integers(0, 2, 60), 2)
    groups = np.repeat([f"specimen {k}" for k in range(60)], 2)
    parted, together = (
        held_out_logits(twice, codes, ("a", "b"), groups=given) for given in (None, groups)
    )
    found = [(mean_probabilities(one).argmax(axis=1) == codes).mean() for one in (parted, together)]
    assert found[0] > 0.75  # the twin gives it away
    assert found[1] < 0.65


def test_the_order_of_the_media_does_not_matter():
    order = np.random.default_rng(1).permutation(150)
    first = fit_ensemble(FEATURES, CODES, CLASSES)
    second = fit_ensemble(FEATURES[order], CODES[order], CLASSES)
    np.testing.assert_array_equal(first.ensemble.weights, second.ensemble.weights)
    np.testing.assert_array_equal(first.held_out[:, order], second.held_out)


def test_who_else_is_asked_about_does_not_matter():
    ensemble = fit_heads(FEATURES, CODES, CLASSES)
    alone = np.concatenate([ensemble.logits(NEW[k : k + 1]) for k in range(40)], axis=1)
    np.testing.assert_array_equal(alone, ensemble.logits(NEW)[:, :40])


def test_threads_do_not_matter():
    with threadpool_limits(1):
        first = fit_heads(FEATURES, CODES, CLASSES)
    with threadpool_limits(2):
        second = fit_heads(FEATURES, CODES, CLASSES)
    np.testing.assert_array_equal(first.weights, second.weights)


def test_members_differ_and_stay_themselves_when_labels_come():
    def votes(n):
        return fit_heads(FEATURES[:n], CODES[:n], CLASSES).logits(NEW).argmax(axis=2)

    few, more = votes(90), votes(96)
    between_members = np.mean([(few[i] != few[j]).mean() for i in range(5) for j in range(i)])
    of_one_member = np.mean([(few[i] != more[i]).mean() for i in range(5)])
    assert between_members > 0.01
    assert of_one_member < between_members


def test_without_bootstrap_and_with_one_strength_all_members_are_the_same():
    same = fit_heads(FEATURES, CODES, CLASSES, EnsembleSettings(bootstrap=0, strengths=(3.0,)))
    np.testing.assert_allclose(same.weights, same.weights[:1].repeat(5, axis=0))


def test_the_seed_draws_the_members():
    one, other = (
        fit_heads(FEATURES, CODES, CLASSES, EnsembleSettings(seed=seed)).weights for seed in (0, 1)
    )
    assert np.abs(one - other).max() > 0.01


def test_one_label_says_what_can_be_said():
    fitted = fit_ensemble(FEATURES[:1], CODES[:1], CLASSES)
    told = mean_probabilities(fitted.ensemble.logits(NEW))
    np.testing.assert_allclose(told, np.broadcast_to([0.6, 0.2, 0.2], (300, 3)), atol=1e-3)


def test_a_class_without_media_is_unlikely_and_less_so_with_fewer_labels():
    some = CODES < 2
    few, many = (
        mean_probabilities(fit_heads(FEATURES[some][:n], CODES[some][:n], CLASSES).logits(NEW))
        for n in (10, 100)
    )
    assert 0 < many[:, 2].mean() < few[:, 2].mean() < 0.2
    answers = many.argmax(axis=1)
    assert (answers == NEW_CODES)[NEW_CODES < 2].mean() > 0.85


def test_a_rare_class_is_found():
    rng = np.random.default_rng(9)
    codes = (np.arange(400) % 20 == 0).astype(int)
    features = rng.normal(size=(400, 30)) + 1.2 * codes[:, None] * (np.arange(30) < 5)
    even, rare = (
        fit_heads(features[:200], codes[:200], ("good", "bad"), EnsembleSettings(balance=balance))
        for balance in (0.0, 1.0)
    )
    wanted = codes[200:] == 1
    found = [
        (mean_probabilities(one.logits(features[200:])).argmax(axis=1) == 1)[wanted].mean()
        for one in (even, rare)
    ]
    assert found[1] >= 0.8
    assert found[1] > found[0]


def test_units_and_origin_of_the_features_do_not_matter():
    first = fit_heads(FEATURES, CODES, CLASSES, EnsembleSettings(bootstrap=0))
    second = fit_heads(FEATURES * 50 - 7, CODES, CLASSES, EnsembleSettings(bootstrap=0))
    np.testing.assert_allclose(first.logits(NEW), second.logits(NEW * 50 - 7), atol=2e-2)


def test_the_temperature_comes_from_the_media_held_out():
    fitted = fit_ensemble(FEATURES, CODES, CLASSES)
    assert fitted.ensemble.temperature == fit_temperature(fitted.held_out, CODES) != 1


def test_an_ensemble_is_read_as_it_was_written(tmp_path):
    first = fit_ensemble(FEATURES, CODES, CLASSES).ensemble
    first.save(tmp_path / "applied.safetensors")
    second = HeadEnsemble.load(tmp_path / "applied.safetensors")
    assert (second.classes, second.temperature) == (first.classes, first.temperature)
    np.testing.assert_array_equal(first.logits(NEW), second.logits(NEW))
    assert [one.name for one in tmp_path.iterdir()] == ["applied.safetensors"]


@pytest.mark.parametrize("content", [None, b"", b"not this", b"\x02\x00\x00\x00\x00\x00\x00\x00{}"])
def test_a_file_that_is_no_ensemble_is_refused(tmp_path, content):
    path = tmp_path / "applied.safetensors"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(StageError, match="applied"):
        HeadEnsemble.load(path)


def test_other_features_are_refused():
    ensemble = fit_heads(FEATURES, CODES, CLASSES)
    with pytest.raises(StageError, match="fitted on 40 features, and these media have 39"):
        ensemble.logits(NEW[:, 1:])


@pytest.mark.parametrize(
    ("features", "codes", "classes", "message"),
    [
        (FEATURES, CODES[:9], CLASSES, "9 labels came for 150 media"),
        (FEATURES, CODES, CLASSES[:2], "classes are 0 to 1; found 0 to 2"),
        (FEATURES, CODES - 1, CLASSES, "found -1 to 1"),
        (FEATURES, CODES, ("one",), "at least 2 classes"),
        (FEATURES[:0], CODES[:0], CLASSES, "no medium with a label"),
        (FEATURES[0], CODES[:1], CLASSES, "one row for each medium"),
        (np.full((2, 3), np.nan), CODES[:2], CLASSES, "not finite"),
    ],
)
def test_what_does_not_fit_together_is_refused(features, codes, classes, message):
    with pytest.raises((StageError, NotEnoughMediaError), match=message):
        fit_heads(features, codes, classes)


def test_groups_must_be_as_many_as_media():
    with pytest.raises(StageError, match="2 groups came for 150 media"):
        fit_ensemble(FEATURES, CODES, CLASSES, groups=["a", "b"])
