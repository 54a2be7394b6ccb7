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
    pixels = torch.randn(1, 3, 256, 256, requires_grad=True)
    network(pixels)[0, 0, -8:, -8:].sum().backward()
    assert pixels.grad is not None
    assert pixels.grad[0, :, :32, :32].abs().max() > 0
