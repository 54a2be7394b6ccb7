import numpy as np
import pytest

from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.curation.networks import NetworkEnsemble, fit_networks
from wunderkammer.curation.presets import AlexnetMembers, TrunkMembers

CLASSES = ("text", "plate")
SMALL = AlexnetMembers(
    n_members=2, n_folds=2, side_px=64, widths=(8, 8, 8, 8, 8), n_hidden=32, drop=0.1,
    learning_rate=1e-3, batch_size=8, n_epochs_unjudged=40,
)  # fmt: skip
TRUNK = TrunkMembers(
    n_members=2, n_folds=2, side_px=64, n_frozen=15, learning_rate=3e-3, n_epochs=4,
    n_epochs_unjudged=4,
)  # fmt: skip


def drawn(n, seed):
    """Return pages of text and tinted plates in turn, and their classes."""
    rng = np.random.default_rng(seed)
    pictures = np.full((n, 64, 64, 3), 230, np.uint8)
    for place, picture in enumerate(pictures):
        if place % 2:
            y, x = rng.integers(2, 20, 2)
            picture[y : y + 40, x : x + 40] = rng.integers(20, 120, 3)
        else:
            picture[rng.integers(3, 6) :: 6, 6:58] = 60
    return pictures, np.arange(n) % 2, [f"m{seed}-{place}" for place in range(n)]


@pytest.fixture(scope="module", params=[SMALL, TRUNK], ids=["alexnet", "trunk"])
def fitted(request):
    pictures, codes, ids = drawn(20, 1)
    return request.param, fit_networks(pictures, codes, CLASSES, ids, request.param)


def test_members_tell_pictures_apart_that_they_did_not_see(fitted):
    _, found = fitted
    pictures, codes, _ = drawn(20, 2)
    logits = found.ensemble.logits(pictures)
    assert logits.shape == (2, 20, 2)
    assert logits.dtype == np.float32
    assert (logits.mean(axis=0).argmax(axis=1) == codes).mean() >= 0.8
    assert found.held_out.shape == (2, 20, 2)
    held_out = found.held_out.mean(axis=0).argmax(axis=1)
    assert (held_out == np.arange(20) % 2).mean() >= 0.75
    assert found.ensemble.temperature > 0


def test_members_differ_and_the_same_seed_gives_the_same_on_any_number_of_threads(fitted):
    settings, found = fitted
    pictures, codes, ids = drawn(20, 1)
    how = settings if settings is TRUNK else settings.model_copy(update={"n_folds": 0})
    again = fit_networks(pictures, codes, CLASSES, ids, how, device=Device("cpu", 2))
    logits = found.ensemble.logits(pictures)
    assert not np.array_equal(logits[0], logits[1])
    assert np.array_equal(again.ensemble.logits(pictures), logits)
    if how.n_folds:
        assert np.array_equal(again.held_out, found.held_out)


def test_a_picture_is_told_alike_alone_and_among_others_and_twice(fitted):
    _, found = fitted
    pictures, _, _ = drawn(20, 3)
    every = found.ensemble.logits(pictures, Device("cpu", 2))
    assert np.array_equal(found.ensemble.logits(pictures[17:18]), every[:, 17:18])
    assert np.array_equal(found.ensemble.logits(pictures), every)


def test_what_is_saved_is_read_back(fitted, tmp_path):
    settings, found = fitted
    found.ensemble.save(tmp_path / "members.safetensors")
    read = NetworkEnsemble.load(tmp_path / "members.safetensors")
    pictures, _, _ = drawn(5, 4)
    assert (read.settings, read.classes) == (settings, CLASSES)
    assert read.temperature == found.ensemble.temperature
    assert np.array_equal(read.logits(pictures), found.ensemble.logits(pictures))


def test_members_go_on_from_the_last_round_but_not_those_that_are_held_out_from():
    pictures, codes, ids = drawn(12, 5)
    short = SMALL.model_copy(update={"n_folds": 0, "n_epochs_unjudged": 15})
    first = fit_networks(pictures, codes, CLASSES, ids, short)
    still = SMALL.model_copy(update={"learning_rate": 1e-12, "n_epochs_unjudged": 1})
    cold = fit_networks(pictures, codes, CLASSES, ids, still)
    warm = fit_networks(pictures, codes, CLASSES, ids, still, warm=first.ensemble)
    before, after = (one.ensemble.logits(pictures) for one in (first, warm))
    assert np.allclose(before, after, atol=1e-3)
    assert not np.allclose(cold.ensemble.logits(pictures), after, atol=1e-3)
    assert np.array_equal(warm.held_out, cold.held_out)


def test_members_of_other_classes_are_not_gone_on_from():
    pictures, codes, ids = drawn(8, 5)
    how = SMALL.model_copy(update={"n_epochs_unjudged": 1, "n_folds": 0})
    other = fit_networks(pictures, codes, ("a", "b", "c"), ids, how).ensemble
    cold = fit_networks(pictures, codes, CLASSES, ids, how)
    warm = fit_networks(pictures, codes, CLASSES, ids, how, warm=other)
    assert np.array_equal(cold.ensemble.logits(pictures), warm.ensemble.logits(pictures))
    assert np.isnan(cold.held_out).all(), "without folds nothing is held out"


def test_media_of_one_group_are_held_out_together():
    pictures, codes, ids = drawn(16, 6)
    how = SMALL.model_copy(update={"n_epochs_unjudged": 1, "n_members": 1})
    alone = fit_networks(pictures, codes, CLASSES, ids, how, groups=["one"] * 16)
    assert np.isnan(alone.held_out).all(), "nothing is left to learn from"


def test_one_label_is_enough_to_begin_with():
    pictures, _, ids = drawn(1, 7)
    told = []
    found = fit_networks(
        pictures, np.array([1]), CLASSES, ids, TRUNK, told=lambda share, _: told.append(share)
    )
    assert found.ensemble.logits(pictures).mean(axis=0).argmax() == 1
    assert told == sorted(told)


def test_what_does_not_fit_together_is_refused(tmp_path):
    pictures, codes, ids = drawn(4, 8)
    with pytest.raises(NotEnoughMediaError, match="at least 2 classes"):
        fit_networks(pictures, codes, ("a",), ids, SMALL)
    with pytest.raises(StageError, match="3 ids"):
        fit_networks(pictures, codes, CLASSES, ids[:3], SMALL)
    with pytest.raises(StageError, match="found -1 to 1"):
        fit_networks(pictures, codes - np.array([1, 0, 0, 0]), CLASSES, ids, SMALL)
    (tmp_path / "other").write_bytes(b"nothing")
    with pytest.raises(StageError, match="cannot be read"):
        NetworkEnsemble.load(tmp_path / "other")
