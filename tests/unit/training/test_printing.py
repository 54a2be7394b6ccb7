import numpy as np

from wunderkammer.training.printing import print_behind


def specimen() -> tuple[np.ndarray, np.ndarray]:
    """Return a pale disc on white paper and its mask."""
    rows, columns = np.mgrid[:200, :200]
    mask = (rows - 100) ** 2 + (columns - 100) ** 2 < 45**2
    image = np.full((200, 200, 3), 250, np.uint8)
    image[mask] = 200
    return image, mask


def test_print_is_beside_the_specimen_and_at_most_shines_through_it() -> None:
    image, mask = specimen()
    beside, through = [], []
    for seed in range(40):
        printed = print_behind(image, mask, np.random.default_rng(seed)).astype(int)
        ink = (image - printed).max(2)
        beside.append((ink[~mask] > 60).mean())
        through.append((ink[mask] > 10).mean())
        assert ink.min() >= 0
        assert ink[mask].max() <= 0.6 * 200 + 1
    assert np.median(beside) > 0.01, "letters can be seen"
    assert 0.2 < np.mean(np.array(through) > 0.005) < 0.6, "some shine through"


def test_a_photograph_without_a_specimen_is_printed_on_too() -> None:
    image, mask = specimen()
    printed = print_behind(image, np.zeros_like(mask), np.random.default_rng(1))
    assert (printed != image).any()
