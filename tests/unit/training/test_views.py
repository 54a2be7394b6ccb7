import numpy as np
import pytest
import torch

from wunderkammer.training.views import Views

NOTHING = Views(share=0, mirror=0)


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture
def pictures():
    generator = torch.Generator().manual_seed(1)
    small = torch.rand(4, 3, 4, 4, generator=generator)
    return torch.nn.functional.interpolate(small, 32, mode="bilinear")


def test_nothing_asked_for_leaves_every_pixel(pictures):
    assert torch.allclose(NOTHING.apply(pictures, rng()), pictures, atol=1e-5)


def test_the_same_draw_gives_the_same_views_and_another_does_not(pictures):
    views = Views(share=1, warp=0.2, crop=0.5, colour=0.3, grey=0.2)
    one, again, other = (views.apply(pictures, rng(seed)) for seed in (5, 5, 6))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_a_mirrored_view_is_the_picture_mirrored(pictures):
    views = Views(share=0, mirror=1)
    assert torch.allclose(views.apply(pictures, rng()), pictures.flip(3), atol=1e-4)


def test_turned_views_are_turned_by_up_to_the_angle_and_filled_with_what_lies_outside():
    white_cross = torch.zeros(1, 3, 33, 33)
    white_cross[:, :, 16, :] = 1
    turned = Views(share=1, mirror=0, turn_deg=90, zoom=1, shift=0, light=0)
    found = []
    for seed in range(8):
        view = turned.apply(white_cross, rng(seed), outside=0.0)[0, 0]
        rows, columns = np.nonzero(view.numpy() > 0.4)
        spread = np.cov(np.stack([columns, rows]))
        found.append(np.degrees(np.arctan2(*np.linalg.eigh(spread)[1][:, 1][::-1])) % 180)
        assert view[0, 0] == 0
    assert np.std(found) > 15


def test_a_crop_shows_a_part_and_never_what_lies_outside(pictures):
    views = Views(share=0, mirror=0, crop=0.3)
    seen = views.apply(pictures, rng(), outside=9.0)
    assert seen.max() <= pictures.max() + 1e-5
    matrices = views.matrices(200, rng())
    areas = matrices[:, 0, 0] * matrices[:, 1, 1]
    assert 0.25 <= areas.min() < 0.4
    assert areas.max() <= 1 + 1e-6


def test_light_never_changes_what_is_pure_white_or_black():
    ends = torch.stack([torch.zeros(3, 8, 8), torch.ones(3, 8, 8), torch.full((3, 8, 8), 0.5)])
    seen = Views(share=1, mirror=0, turn_deg=0, zoom=1, shift=0, light=0.4).apply(ends, rng(3))
    assert seen[0].max() < 0.01
    assert seen[1].min() > 0.99
    assert (seen[2] - 0.5).abs().max() > 0.01


def test_without_colour_all_channels_are_alike(pictures):
    views = Views(share=0, mirror=0, grey=1)
    seen = views.apply(pictures, rng())
    assert torch.allclose(seen[:, 0], seen[:, 2], atol=1e-5)
