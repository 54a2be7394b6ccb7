import numpy as np
import pytest

from wunderkammer.imaging.structural_similarity import structural_similarity


def noise(seed, height=24, width=31):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def by_hand(one, other):
    """Return the mean over windows, each computed as the paper's formula reads."""
    place = np.arange(11) - 5
    weights = np.exp(-(place[:, None] ** 2 + place**2) / (2 * 1.5**2))
    weights /= weights.sum()
    first, second = (image @ np.array([0.299, 0.587, 0.114]) for image in (one, other))
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    found = []
    for top in range(first.shape[0] - 10):
        for left in range(first.shape[1] - 10):
            x, y = (part[top : top + 11, left : left + 11] for part in (first, second))
            mx, my = (weights * x).sum(), (weights * y).sum()
            vx, vy = (weights * (x - mx) ** 2).sum(), (weights * (y - my) ** 2).sum()
            cov = (weights * (x - mx) * (y - my)).sum()
            found.append(
                (2 * mx * my + c1) * (2 * cov + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))
            )
    return np.mean(found)


def test_it_is_the_formula_of_the_paper():
    one = noise(0)
    for other in (noise(1), (one * 0.7 + noise(2) * 0.3).astype(np.uint8)):
        assert structural_similarity(one, other) == pytest.approx(by_hand(one, other), abs=1e-9)


def test_it_is_one_for_equals_the_same_both_ways_and_less_for_anything_else():
    one, other = noise(0), noise(1)
    assert structural_similarity(one, one) == pytest.approx(1)
    assert structural_similarity(one, other) == pytest.approx(structural_similarity(other, one))
    assert structural_similarity(one, other) < 0.2


def test_flat_pictures_differ_by_their_lightness_alone():
    one, other = (np.full((20, 20, 3), value, np.uint8) for value in (100, 180))
    expected = (2 * 100 * 180 + 6.5025) / (100**2 + 180**2 + 6.5025)
    assert structural_similarity(one, other) == pytest.approx(expected)


def test_more_noise_is_less_alike():
    one = np.tile(np.linspace(0, 255, 64).astype(np.uint8)[:, None, None], (1, 64, 3))
    rough = np.random.default_rng(0).normal(0, 1, one.shape)
    found = [
        structural_similarity(one, np.clip(one + rough * sigma, 0, 255).astype(np.uint8))
        for sigma in (1, 3, 9, 27)
    ]
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("shape", [(24, 30, 3), (10, 31, 3)])
def test_pictures_of_other_shapes_or_too_small_are_refused(shape):
    other = np.zeros(shape, np.uint8)
    with pytest.raises(ValueError, match="cannot be compared"):
        structural_similarity(other if shape[0] < 11 else noise(0), other)
