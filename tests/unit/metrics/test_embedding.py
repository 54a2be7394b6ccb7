import numpy as np
import pytest
from sklearn.manifold import trustworthiness as sklearn_trustworthiness

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.metrics import embedding
from wunderkammer.metrics.embedding import (
    continuity,
    embedding_quality,
    neighbourhoods,
    neighbours_kept,
    trustworthiness,
)

DRAW = np.random.default_rng(0)
FEATURES = DRAW.normal(size=(150, 12))
POINTS = FEATURES[:, :2] + DRAW.normal(size=(150, 2)) * 0.3


@pytest.mark.parametrize("k", [1, 5, 10, 70])
def test_figures_are_those_of_scikit_learn(k):
    found = neighbourhoods(FEATURES, POINTS, k=k)
    expected = sklearn_trustworthiness(FEATURES, POINTS, n_neighbors=k)
    assert found.trustworthiness == pytest.approx(expected, abs=1e-9)
    expected = sklearn_trustworthiness(POINTS, FEATURES, n_neighbors=k)
    assert found.continuity == pytest.approx(expected, abs=1e-9)


def test_a_turned_and_scaled_map_is_perfect():
    turned = POINTS @ np.array([[0.0, -3.0], [3.0, 0.0]]) + 100
    assert neighbourhoods(POINTS, turned) == (1.0, 1.0, 1.0)


def test_five_on_a_line_by_hand():
    line = np.array([[0.0], [1.0], [3.0], [7.0], [15.0]])
    swapped = line[[0, 1, 2, 4, 3]]
    # The fourth now has the fifth beside it (true rank 4), the fifth the third (true rank 2);
    # each lost the one that had been nearest, to ranks 2 and 4: 3 + 1 over, of at most 15.
    assert neighbourhoods(line, swapped, k=1) == pytest.approx((11 / 15, 11 / 15, 3 / 5))
    assert trustworthiness(line, swapped, k=1) == pytest.approx(11 / 15)
    assert neighbours_kept(line, swapped, k=1) == pytest.approx(3 / 5)


def test_a_random_map_is_worth_a_half():
    found = neighbourhoods(FEATURES, DRAW.normal(size=(150, 2)))
    assert found.trustworthiness == pytest.approx(0.5, abs=0.05)
    assert found.continuity == pytest.approx(0.5, abs=0.05)
    assert found.neighbours_kept == pytest.approx(10 / 149, abs=0.03)


def test_a_torn_map_is_trusted_and_a_folded_one_continuous():
    line = np.linspace(0, 1, 400)[:, None]
    # a line folded at its middle: strangers meet, no neighbours part
    folded = np.abs(line - 0.4994)
    assert continuity(line, folded) > 0.98
    assert trustworthiness(line, folded) < 0.8
    # cut into pieces that are laid out in another order: neighbours part, no strangers meet
    torn = line + np.repeat(DRAW.permutation(20) * 10, 20)[:, None]
    assert trustworthiness(line, torn) > continuity(line, torn)


def test_a_sample_estimates_the_whole():
    whole = neighbourhoods(FEATURES, POINTS)
    some = neighbourhoods(FEATURES, POINTS, n_sample=75, seed=1)
    assert some != whole
    np.testing.assert_allclose(some, whole, atol=0.05)
    assert neighbourhoods(FEATURES, POINTS, n_sample=75, seed=1) == some


def test_small_blocks_change_nothing(monkeypatch):
    whole = neighbourhoods(FEATURES, POINTS)
    monkeypatch.setattr(embedding, "_BLOCK_BYTES", 150 * 8 * 7)
    monkeypatch.setattr(embedding, "_CHUNK_ROWS", 11)
    np.testing.assert_allclose(neighbourhoods(FEATURES, POINTS), whole, atol=1e-12)


def test_features_far_from_the_origin_lose_no_digits():
    np.testing.assert_allclose(
        neighbourhoods(FEATURES + 1e5, POINTS), neighbourhoods(FEATURES, POINTS), atol=1e-9
    )


def test_half_precision_is_computed_in_single():
    halves = FEATURES.astype(np.float16)
    assert neighbourhoods(halves, POINTS) == neighbourhoods(halves.astype(np.float32), POINTS)


def test_too_few_media_are_refused_with_both_numbers():
    with pytest.raises(NotEnoughMediaError, match=r"10 neighbours need at least 21 media.*are 20"):
        neighbourhoods(FEATURES[:20], POINTS[:20])


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_pair_has_no_quality(n):
    assert embedding_quality(FEATURES[:n].astype(np.float32), POINTS[:n]) == {}


@pytest.mark.parametrize("n", [3, 10, 150])
def test_quality_is_measured_for_any_number_and_between_nought_and_one(n):
    found = embedding_quality(FEATURES[:n].astype(np.float32), POINTS[:n])
    assert set(found) == {"trustworthiness", "continuity", "neighbours_kept"}
    assert all(0 <= value <= 1 for value in found.values())


def test_quality_compares_directions():
    louder = FEATURES * DRAW.uniform(0.1, 10, (150, 1))
    assert embedding_quality(louder, POINTS) == pytest.approx(embedding_quality(FEATURES, POINTS))


def test_names_of_neighbours_are_counted_there_and_here():
    line = np.arange(40.0)[:, None]
    halves = np.repeat([0, 1], 20)
    found = embedding_quality(
        np.column_stack([np.cos(line / 20), np.sin(line / 20)]),
        np.column_stack([line[:, 0], 0 * line[:, 0]]),
        taxa={"genus": halves, "family": np.full(40, -1), "order": np.zeros(40, int)},
    )
    assert 0.8 < found["same_genus_in_features"] < 1
    assert found["same_genus_on_map"] == pytest.approx(found["same_genus_in_features"], abs=0.01)
    assert found["same_order_on_map"] == found["same_order_in_features"] == 1
    assert not any("family" in name for name in found)
    mixed = np.random.default_rng(0).permutation(40)
    lost = embedding_quality(
        np.column_stack([np.cos(line / 20), np.sin(line / 20)]),
        np.column_stack([mixed, 0 * mixed]),
        taxa={"genus": halves},
    )
    assert lost["same_genus_on_map"] == pytest.approx(19 / 39, abs=0.1)
    assert lost["same_genus_in_features"] == found["same_genus_in_features"]


def test_among_thousands_the_nearest_are_found_by_leaving_out_the_far():
    draw = np.random.default_rng(3)
    features = draw.normal(size=(4_000, 6))
    points = features[:, :2] + 0.1 * draw.normal(size=(4_000, 2))
    points[100:110] = points[100]
    found = neighbourhoods(features, points, n_sample=4_000)
    expected = sklearn_trustworthiness(features, points, n_neighbors=10)
    assert found.trustworthiness == pytest.approx(expected, abs=1e-4)
    expected = sklearn_trustworthiness(points, features, n_neighbors=10)
    assert found.continuity == pytest.approx(expected, abs=1e-4)
