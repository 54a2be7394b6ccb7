import numpy as np
import pytest

from wunderkammer.imaging.shadows import shadow_reach, soft_shadow


@pytest.mark.parametrize("sigma", [0.5, 1.5, 3.0, 6.0, 10.5])
def test_a_wide_straight_edge_is_half_dark_and_the_margin_ends_in_light(sigma):
    reach = shadow_reach(sigma)
    shadow = soft_shadow(np.full((200, 200), 255, np.uint8), sigma, reach)
    assert shadow.shape == (200 + 2 * reach, 200 + 2 * reach)
    across = shadow[shadow.shape[0] // 2].astype(int)
    assert across[shadow.shape[1] // 2] == 255
    edge = across[reach - 1 : reach + 1].mean()  # the silhouette's edge lies between these two
    assert abs(edge - 127.5) < 10
    assert across[0] <= 3
    assert across[-1] <= 3
    assert (np.diff(across[: shadow.shape[1] // 2]) >= 0).all()


def test_the_blur_follows_the_gaussian_that_was_asked_for():
    from scipy.stats import norm

    for sigma in (2.0, 6.0):
        reach = shadow_reach(sigma)
        shadow = soft_shadow(np.full((240, 240), 255, np.uint8), sigma, reach)
        across = shadow[shadow.shape[0] // 2, : 2 * reach] / 255
        expected = norm.cdf((np.arange(2 * reach) + 0.5 - reach) / sigma)
        assert np.abs(across - expected).max() < 0.03


def test_a_silhouette_with_a_hole_lets_light_through_it():
    ring = np.full((120, 120), 255, np.uint8)
    ring[30:90, 30:90] = 0
    shadow = soft_shadow(ring, 4.0, 12)
    assert shadow[72, 72] < 10
    assert shadow[72, 27] > 200


def test_no_blur_leaves_the_edge_hard():
    shadow = soft_shadow(np.full((4, 6), 255, np.uint8), 0.0, 2)
    assert shadow.shape == (8, 10)
    assert int(shadow.sum()) == 4 * 6 * 255
