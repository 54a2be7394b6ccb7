import numpy as np

from drawn_cases import case_of


def test_the_media_of_a_set_come_with_their_features_labels_and_specimens():
    case = case_of()
    train, test = case.of("train"), case.of("test")
    assert len(train) + len(test) == len(case.ids)
    assert set(train.groups).isdisjoint(test.groups)
    np.testing.assert_array_equal(test.features, case.of().features[test.rows])
    assert set(test.labels("family")) == {"Aidae", "Bidae"}
    assert case.of(most=10, seed=1).ids == case.of(most=10, seed=1).ids
    assert case.of(most=10, seed=1).ids != case.of(most=10, seed=2).ids


def test_a_digest_changes_with_what_is_read_and_with_nothing_else():
    case, other = case_of(), case_of()
    assert case.digest(["test"], ["genus"]) == other.digest(["test"], ["genus"])
    assert case.digest(["test"], ["genus"]) != case.digest(["test"], ["species"])
    assert case.digest(["test"], []) != case.digest(["train"], [])
    moved = list(other.digests)
    row = other.of("train").rows[0]
    moved[row] = "another vector"
    other.digests = tuple(moved)
    changed = case_of()
    changed.digests = other.digests
    assert changed.digest(["train"], []) != case.digest(["train"], [])
    assert changed.digest(["test"], []) == case.digest(["test"], [])


def test_what_was_found_is_found_once():
    case, calls = case_of(), []
    assert case.once("x", lambda: calls.append(1) or 5) == 5
    assert case.once("x", lambda: calls.append(1) or 6) == 5
    assert len(calls) == 1
