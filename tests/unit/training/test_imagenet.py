import torch

from wunderkammer.nets.efficientnet import LiteTrunk
from wunderkammer.training.imagenet import start_from_imagenet


def test_every_weight_of_a_trunk_is_given() -> None:
    torch.manual_seed(0)
    first, second = LiteTrunk(12), LiteTrunk(12)
    start_from_imagenet(first)
    start_from_imagenet(second)
    for name, value in first.state_dict().items():
        assert torch.equal(value, second.state_dict()[name]), name
