import json

import numpy as np
import pytest

from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.metrics import silhouette
from wunderkammer.metrics.silhouette import silhouettes

DRAW = np.random.default_rng(0)
FEATURES = DRAW.normal(size=(90, 6)).astype(np.float32)
GENUS = np.array([f"g{i}" for i in range(9)])[np.arange(90) % 9]
FAMILY = np.array([f"f{i}" for i in range(3)])[np.arange(90) % 3]


def values(features, labels, **settings):
    return silhouettes(features, {"it": labels}, n_resamples=10, **settings)["it"].values


def test_four_on_a_line_by_hand():
    found = values([[0.0], [1.0], [4.0], [6.0]], ["a", "a", "b", "b"])
    np.testing.assert_allclose(found, [1 - 1 / 5, 1 - 1 / 4, 1 - 2 / 3.5, 1 - 2 / 5.5], atol=1e-7)


def test_several_ranks_at_once_are_each_alone():
    both = silhouettes(FEATURES, {"genus": GENUS, "family": FAMILY}, n_resamples=10)
    np.testing.assert_allclose(both["genus"].values, values(FEATURES, GENUS), atol=1e-6)
    np.testing.assert_allclose(both["family"].values, values(FEATURES, FAMILY), atol=1e-6)


def test_blocks_and_threads_change_nothing(monkeypatch):
    whole = values(FEATURES, GENUS)
    monkeypatch.setattr(silhouette, "_BLOCK_ROWS", 7)
    blocks = values(FEATURES, GENUS)
    np.testing.assert_allclose(blocks, whole, atol=1e-6)
    assert (values(FEATURES, GENUS, device=Device(n_threads=3)) == blocks).all()


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_torch_gives_the_same(metric):
    features = np.concatenate([FEATURES, FEATURES[:1], np.zeros((1, 6))])
    labels = [*GENUS, "g0", "g1"]
    there = values(features, labels, metric=metric, device=Device("cpu:0"))  # as on a GPU
    np.testing.assert_allclose(there, values(features, labels, metric=metric), atol=1e-6)


def test_sums_for_many_labels_stay_within_their_memory(monkeypatch):
    whole = values(FEATURES, GENUS)
    monkeypatch.setattr(silhouette, "_SUMS_BYTES", 8 * 9 * 5)
    np.testing.assert_allclose(values(FEATURES, GENUS), whole, atol=1e-6)


def test_who_has_no_label_takes_no_part():
    labels = [None if i % 4 == 0 else "" if i % 4 == 1 else one for i, one in enumerate(GENUS)]
    found = values(FEATURES, labels)
    has = np.arange(90) % 4 >= 2
    assert np.isnan(found[~has]).all()
    np.testing.assert_allclose(found[has], values(FEATURES[has], GENUS[has]), atol=1e-6)


def test_a_medium_alone_under_its_label_has_nought():
    found = silhouettes(FEATURES[:5], {"it": ["a", "a", "b", "b", "c"]})["it"]
    assert found.values[4] == 0
    assert found.n_alone == 1
    assert found.by_label["a"] == pytest.approx(found.values[:2].mean())


def test_copies_of_one_image_do_not_divide_by_nothing():
    assert (values(np.ones((6, 3)), ["a", "a", "a", "b", "b", "b"]) == 0).all()


def test_scale_and_place_change_nothing():
    moved = FEATURES.astype(np.float64) * 37 + 1e5
    np.testing.assert_allclose(values(moved, GENUS), values(FEATURES, GENUS), atol=1e-6)


def test_figures_are_json_and_the_mean_has_an_interval():
    found = silhouettes(FEATURES, {"it": GENUS})["it"]
    figures = json.loads(json.dumps(found.figures()))
    assert figures["n_media"] == 90
    assert figures["mean"]["low"] < figures["mean"]["value"] < figures["mean"]["high"]
    assert figures["mean"]["value"] == pytest.approx(found.values.mean())


def test_what_cannot_be_measured_is_refused():
    with pytest.raises(NotEnoughMediaError, match="silhouette by it needs media of at least 2"):
        values(FEATURES, ["a"] * 90)
    with pytest.raises(StageError, match="89 came for 90"):
        values(FEATURES, GENUS[:89])
    with pytest.raises(StageError, match="1 of 90 media are not finite"):
        values(np.where(np.arange(90)[:, None] == 3, np.nan, FEATURES), GENUS)
    with pytest.raises(StageError, match=r"shape \(90,\)"):
        values(FEATURES[:, 0], GENUS)
    assert silhouettes(FEATURES, {}) == {}
