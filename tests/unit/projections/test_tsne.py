import numpy as np
import pytest
from pydantic import ValidationError

from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.projections.tsne import Tsne

DATA = np.random.default_rng(0).normal(size=(120, 30)).astype(np.float32)


def test_a_perplexity_that_is_too_high_says_what_would_do():
    with pytest.raises(NotEnoughMediaError) as caught:
        Tsne(perplexity=30).project(DATA[:40])
    assert caught.value.message == (
        "embedding: perplexity 30 needs at least 91 media, and 40 have features."
    )
    assert "Lower it to 13 or less" in caught.value.hint
    assert np.isfinite(Tsne(perplexity=13, n_iter=5).project(DATA[:40])).all()


def test_a_set_perplexity_refuses_a_handful():
    with pytest.raises(NotEnoughMediaError, match="needs at least 5 media, and 4 have"):
        Tsne(perplexity=1).project(DATA[:4])


def test_features_that_are_not_finite_are_counted():
    broken = DATA.copy()
    broken[[3, 9], 0] = np.inf
    with pytest.raises(StageError, match="2 of 120 media are not finite"):
        Tsne().project(broken)


def test_a_seed_decides_a_random_start():
    one = Tsne(initialisation="random", n_iter=20, seed=1).project(DATA)
    same = Tsne(initialisation="random", n_iter=20, seed=1).project(DATA)
    other = Tsne(initialisation="random", n_iter=20, seed=2).project(DATA)
    assert (one == same).all()
    assert not np.allclose(one, other)


@pytest.mark.parametrize(
    "settings",
    [
        {"neighbours": "annoy"},
        {"gradient": "fft"},
        {"gradient": "fft", "neighbours": "annoy", "initialisation": "spectral"},
        {"metric": "cosine"},
        {"metric": "manhattan", "input_pca": 0},
        {"dof": 0.7, "exaggeration": 2.0},
    ],
)
def test_every_way_gives_the_same_bytes_on_two_threads(settings):
    tsne = Tsne(early_exaggeration_iter=20, n_iter=20, **settings)
    one, two = (tsne.project(DATA, n_threads=n) for n in (1, 2))
    assert np.isfinite(one).all()
    assert one.tobytes() == two.tobytes()


@pytest.mark.parametrize(
    "wrong", [{"perplexity": 0}, {"learning_rate": -1}, {"theta": 2}, {"initialisation": "magic"}]
)
def test_settings_outside_their_range_are_refused(wrong):
    with pytest.raises(ValidationError):
        Tsne(**wrong)
