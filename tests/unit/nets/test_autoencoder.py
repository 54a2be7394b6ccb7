import pytest
import torch

from wunderkammer.nets.autoencoder import Autoencoder, drawn


def n_weights(network):
    return sum(one.numel() for one in network.parameters())


def test_at_128_pixels_it_has_the_weights_of_the_published_map_of_butterflies():
    network = Autoencoder(variational=True)
    decoder = n_weights(network.decoder)
    assert round((n_weights(network) - decoder) / 1e6, 2) == 4.69
    assert round(decoder / 1e6, 2) == 4.64
    network.eval()
    mean, log_variance = network.encode(torch.rand(1, 3, 128, 128))
    assert mean.shape == log_variance.shape == (1, 128)
    assert network.decode(mean).shape == (1, 3, 128, 128)


@pytest.mark.parametrize("side", [16, 32, 64])
@pytest.mark.parametrize("network", ["convolutional", "resnet18"])
def test_a_picture_comes_back_at_its_size(side, network):
    made = Autoencoder(network, side_px=side, n_latent=6, width=2, n_residual=1).eval()
    code, spread = made.encode(torch.rand(2, 3, side, side))
    assert spread is None
    assert code.shape == (2, 6)
    assert made.decode(code).shape == (2, 3, side, side)


def test_pressed_pictures_stay_among_colours():
    code = torch.full((1, 4), 1e4)
    network = Autoencoder(side_px=16, n_latent=4, width=2, sigmoid=True).eval()
    assert 0 <= network.decode(code).min() <= network.decode(code).max() <= 1


def test_codes_are_drawn_around_their_mean_as_widely_as_said():
    torch.manual_seed(0)
    mean = torch.full((20_000, 1), 3.0)
    codes = drawn(mean, torch.full_like(mean, 2 * torch.tensor(0.5).log().item()))
    assert codes.mean() == pytest.approx(3, abs=0.02)
    assert codes.std() == pytest.approx(0.5, rel=0.03)
    assert drawn(mean, None) is mean
