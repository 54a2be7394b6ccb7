import pytest
import torch

from tiny_checkpoints import TinyVgg, vgg_state
from wunderkammer.nets.vgg import Vgg16Fc2


def test_it_has_the_layers_of_the_published_network():
    with torch.device("meta"):
        network = Vgg16Fc2()
    shapes = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    convolutions = [
        int(name.split(".")[1])
        for name in shapes
        if name.startswith("features") and "weight" in name
    ]
    assert convolutions == [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28]
    assert shapes["features.28.weight"] == (512, 512, 3, 3)
    assert shapes["classifier.0.weight"] == (4096, 25088)
    assert shapes["classifier.3.weight"] == (4096, 4096)
    n_parameters = sum(value.numel() for value in network.parameters())
    assert n_parameters == 138_357_544 - 4_097_000, "all but the last layer of a thousand classes"


def test_vectors_are_rectified_and_what_is_above_them_is_left_out():
    network = Vgg16Fc2(TinyVgg.widths, TinyVgg.n_hidden)
    network.load_published(vgg_state())
    with torch.inference_mode():
        vectors = network(torch.randn(2, 3, 64, 64))
    assert vectors.shape == (2, TinyVgg.n_hidden)
    assert (vectors >= 0).all()
    assert (vectors > 0).any()
    assert (vectors == 0).any()


def test_weights_with_a_gap_are_refused():
    state = vgg_state()
    del state["classifier.3.bias"]
    with pytest.raises(RuntimeError, match=r"classifier\.3\.bias"):
        Vgg16Fc2(TinyVgg.widths, TinyVgg.n_hidden).load_published(state)
