import numpy as np

from wunderkammer.training.clutter import clutter


def test_clutter_fills_the_size_is_seeded_and_never_flat() -> None:
    for seed in range(25):
        first, again = (clutter(np.random.default_rng(seed), 70, 90) for _ in range(2))
        assert first.shape == (70, 90, 3)
        assert np.array_equal(first, again)
        assert first.std() > 5
