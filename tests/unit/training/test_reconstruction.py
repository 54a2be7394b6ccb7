import math

import pytest
import torch

from wunderkammer.training.encoder_settings import AutoencoderTraining
from wunderkammer.training.networks import begun_autoencoder
from wunderkammer.training.reconstruction import (
    normal_divergence,
    reconstruction_loss,
    risen,
    structural_similarity,
)

SMALL = AutoencoderTraining(side_px=16, width=2, n_latent=4)


def test_the_divergence_is_the_integral():
    # KL(N(1, 2) || N(0, 1)) = (1 + 2 - 1 - ln 2) / 2, and nothing for the standard one
    mean, spread = torch.tensor([[1.0, 0.0]]), torch.tensor([[math.log(2), 0.0]])
    expected = (1 + 2 - 1 - math.log(2)) / 2 / 2
    assert normal_divergence(mean, spread).item() == pytest.approx(expected)
    p, q = torch.distributions.Normal(1, 2**0.5), torch.distributions.Normal(0, 1)
    known = torch.distributions.kl_divergence(p, q).item() / 2
    assert normal_divergence(mean, spread).item() == pytest.approx(known)


def test_errors_are_means_over_pixels():
    made, truth = torch.full((1, 3, 16, 16), 0.5), torch.full((1, 3, 16, 16), 0.1)
    assert reconstruction_loss(made, truth, SMALL).item() == pytest.approx(0.4)
    squared = SMALL.model_copy(update={"error": "squared"})
    assert reconstruction_loss(made, truth, squared).item() == pytest.approx(0.16)


def test_structural_similarity_of_flat_pictures_is_that_of_their_light():
    one, other = torch.full((1, 3, 16, 16), 0.5), torch.full((1, 3, 16, 16), 0.1)
    expected = (2 * 0.5 * 0.1 + 1e-4) / (0.25 + 0.01 + 1e-4)
    assert structural_similarity(one, other).item() == pytest.approx(expected, rel=1e-3)


def test_structural_similarity_is_1_for_equals_and_falls_with_noise():
    torch.manual_seed(0)
    truth = torch.rand(2, 3, 24, 24)
    assert structural_similarity(truth, truth).tolist() == pytest.approx([1, 1])
    noise = torch.randn_like(truth)
    found = [structural_similarity(truth, truth + s * noise).mean() for s in (0.1, 0.3, 1.0)]
    assert 0.98 > found[0] > found[1] > found[2] > -0.2
    inverted = structural_similarity(truth, 1 - truth)
    assert inverted.max() < -0.5


def test_structure_takes_its_share_of_the_loss():
    torch.manual_seed(0)
    truth = torch.rand(1, 3, 16, 16)
    made = truth.flip(3)
    unlike = (1 - structural_similarity(made, truth).mean()) / 2
    error = (made - truth).abs().mean()
    both = reconstruction_loss(made, truth, SMALL.model_copy(update={"ssim": 0.25}))
    assert both.item() == pytest.approx((0.75 * error + 0.25 * unlike).item(), rel=1e-5)


def test_the_weight_rises_to_what_it_is_to_be():
    assert risen(0.5, 0, 0) == 0.5
    assert [risen(0.5, step, 10) for step in (0, 5, 10, 20)] == [0, 0.25, 0.5, 0.5]


def test_what_is_kept_is_the_code_or_what_comes_before_it():
    pixels = torch.rand(2, 3, 16, 16)
    code = begun_autoencoder(SMALL).eval()
    assert code.features(pixels).shape == (2, code.n_features) == (2, 4)
    assert torch.equal(code.features(pixels), code.autoencoder.encode(pixels)[0])
    trunk = begun_autoencoder(
        SMALL.model_copy(update={"network": "resnet18", "features": "trunk"})
    ).eval()
    assert trunk.features(pixels).shape == (2, trunk.n_features) == (2, 512)
