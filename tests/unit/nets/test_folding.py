import torch
from torch import nn

from wunderkammer.nets.folding import folded
from wunderkammer.nets.unet import UNet


def settled(network: nn.Module) -> nn.Module:
    """Give the normalisations something to do."""
    generator = torch.Generator().manual_seed(0)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1, generator=generator)
            module.running_var.uniform_(0.5, 2, generator=generator)
    return network.eval()


def test_a_folded_network_computes_the_same_and_has_no_normalisation_left() -> None:
    torch.manual_seed(0)
    network = settled(UNet())
    pixels = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        before = network(pixels)
        after = folded(network)(pixels)
    assert torch.allclose(before, after, rtol=1e-3, atol=1e-4)
    assert not any(isinstance(one, nn.BatchNorm2d) for one in network.modules())
