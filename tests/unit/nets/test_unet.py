import torch

from wunderkammer.nets.unet import UNet


def test_a_logit_for_every_pixel() -> None:
    with torch.inference_mode():
        assert UNet().eval()(torch.zeros(2, 3, 64, 96)).shape == (2, 1, 64, 96)


def test_it_has_one_to_two_million_weights() -> None:
    assert 1e6 < sum(one.numel() for one in UNet().parameters()) < 2e6


def test_far_away_pixels_are_taken_into_account() -> None:
    torch.manual_seed(0)
    network = UNet().eval()
    dark, lit = torch.zeros(1, 3, 256, 256), torch.zeros(1, 3, 256, 256)
    lit[:, :, :32, :32] = 1
    with torch.inference_mode():
        change = (network(lit) - network(dark))[0, 0, -8:, -8:].abs().max()
    assert change > 0
