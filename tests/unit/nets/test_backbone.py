import pytest
import torch

from wunderkammer.nets.backbone import backbone


@pytest.mark.parametrize(
    ("name", "n_blocks", "n_features"),
    [("lite", 2, 24), ("lite", 16, 320), ("resnet18", 1, 512), ("resnet18-small-stem", 1, 512)],
)
def test_vectors_are_as_long_as_said_whatever_the_size_of_the_image(name, n_blocks, n_features):
    network, said = backbone(name, n_blocks)
    network.eval()
    assert said == n_features
    for side in (32, 48):
        assert network(torch.rand(1, 3, side, side)).shape == (1, n_features)
