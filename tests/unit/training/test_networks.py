import numpy as np
import pytest
import torch

from wunderkammer.core.errors import StageError
from wunderkammer.nets.backbone import backbone
from wunderkammer.training.encoder_settings import SimclrTraining, TripletTraining
from wunderkammer.training.networks import Representation, Scaling, start_from
from wunderkammer.training.pictures import Pictures


def test_scaled_pictures_have_mean_0_and_deviation_1():
    rng = np.random.default_rng(0)
    pixels = rng.normal([60, 120, 180], [10, 20, 5], (50, 8, 8, 3)).astype(np.uint8)
    pictures = Pictures(pixels, [], np.arange(50))
    scaling = Scaling.of(SimclrTraining(), pictures, np.arange(50))
    inputs = scaling(torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255)
    assert inputs.mean((0, 2, 3)).tolist() == pytest.approx([0, 0, 0], abs=1e-4)
    assert inputs.std((0, 2, 3)).tolist() == pytest.approx([1, 1, 1], abs=1e-3)
    plain = Scaling.of(SimclrTraining(normalise=False), pictures, np.arange(50))
    assert torch.equal(plain(inputs), inputs)


def test_features_have_length_1_where_that_is_asked_for():
    pixels = torch.rand(3, 3, 32, 32)
    for unit in (True, False):
        training = TripletTraining(n_blocks=2, start="", unit_length=unit)
        lengths = Representation(training).eval().features(pixels).norm(dim=1)
        assert torch.allclose(lengths, torch.ones(3), atol=1e-5) is unit


def test_a_lite_network_starts_with_what_it_knows_of_photographs():
    network, _ = backbone("lite", 2)
    before = network.trunk.stem.convolution.weight.clone()
    start_from(network, "")
    assert torch.equal(network.trunk.stem.convolution.weight, before)
    start_from(network, "imagenet")
    assert not torch.equal(network.trunk.stem.convolution.weight, before)


@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_a_resnet_starts_from_a_file_of_published_weights(tmp_path, suffix):
    from safetensors.torch import save_file

    known, _ = backbone("resnet18")
    state = {**known.state_dict(), "fc.weight": torch.zeros(3, 512), "fc.bias": torch.zeros(3)}
    path = tmp_path / f"resnet18{suffix}"
    torch.save(state, path) if suffix == ".pth" else save_file(state, path)
    network, _ = backbone("resnet18")
    start_from(network, str(path))
    assert torch.equal(network.layer3[1].conv2.weight, known.layer3[1].conv2.weight)
    small, _ = backbone("resnet18-small-stem")
    with pytest.raises(StageError, match="does not fit ResNet-18"):
        start_from(small, str(path))


def test_a_file_that_is_not_there_is_said():
    network, _ = backbone("resnet18")
    with pytest.raises(StageError, match="no such file of ResNet-18 weights"):
        start_from(network, "imagenet")
