import torch

from wunderkammer.nets.alexnet import AlexNet

NARROW = ((4, 6, 8, 6, 6), 16)


def test_it_has_the_layers_of_the_published_network():
    with torch.device("meta"):
        network = AlexNet(1000)
    shapes = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    assert shapes["features.0.weight"] == (64, 3, 11, 11)
    assert shapes["features.10.weight"] == (256, 256, 3, 3)
    assert shapes["classifier.1.weight"] == (4096, 9216)
    assert shapes["classifier.6.weight"] == (1000, 4096)
    assert sum(value.numel() for value in network.parameters()) == 61_100_840


def test_it_takes_squares_of_any_size_from_63_pixels_on():
    network = AlexNet(3, *NARROW).eval()
    for side in (63, 100):
        assert network(torch.zeros(2, 3, side, side)).shape == (2, 3)


def test_nothing_is_left_out_of_a_prediction():
    torch.manual_seed(0)
    network, pixels = AlexNet(2, *NARROW), torch.rand(4, 3, 64, 64)
    with torch.inference_mode():
        assert not torch.equal(network.train()(pixels), network(pixels))
        assert torch.equal(network.eval()(pixels), network(pixels))
