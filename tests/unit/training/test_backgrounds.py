import numpy as np

from wunderkammer.training.backgrounds import background, mosaic


def test_backgrounds_fill_the_size_and_differ() -> None:
    drawn = [background(np.random.default_rng(seed), 60, 90) for seed in range(30)]
    assert {one.shape for one in drawn} == {(60, 90, 3)}
    assert len({one.tobytes() for one in drawn}) == 30


def test_some_are_plain_and_some_are_full_of_things() -> None:
    rough = [
        background(np.random.default_rng(seed), 60, 90).std((0, 1)).mean() for seed in range(60)
    ]
    assert min(rough) < 12
    assert max(rough) > 30


def test_a_mosaic_has_the_colours_of_its_photograph_and_none_of_its_shapes() -> None:
    photograph = np.full((120, 160, 3), 30, np.uint8)
    photograph[:, 80:] = (200, 180, 20)
    made = mosaic(photograph, np.random.default_rng(2), 100, 100)
    assert made.shape == (100, 100, 3)
    yellow = made[:, :, 0] > 110
    assert 0.2 < yellow.mean() < 0.8
    halves = [yellow[:, :50].mean(), yellow[:, 50:].mean()]
    assert abs(halves[0] - halves[1]) < 0.4


def test_a_mosaic_of_a_tiny_photograph_is_made_all_the_same() -> None:
    assert mosaic(np.zeros((3, 2, 3), np.uint8), np.random.default_rng(0), 40, 50).shape == (
        40,
        50,
        3,
    )
