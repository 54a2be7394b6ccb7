import torch

from wunderkammer.nets.resnet import ResNet18, from_published

PUBLISHED = {
    "conv1.weight": (64, 3, 7, 7),
    "bn1.running_mean": (64,),
    "layer1.0.conv1.weight": (64, 64, 3, 3),
    "layer2.0.downsample.0.weight": (128, 64, 1, 1),
    "layer2.0.downsample.1.running_var": (128,),
    "layer4.1.conv2.weight": (512, 512, 3, 3),
    "layer4.1.bn2.num_batches_tracked": (),
}
"""Some tensors of the weights that torchvision and timm publish."""


def test_names_and_shapes_are_those_of_the_published_weights():
    state = ResNet18().state_dict()
    assert {name: tuple(state[name].shape) for name in PUBLISHED} == PUBLISHED
    # 11,689,512 published weights, less the 513,000 of the classifier
    assert sum(one.numel() for one in ResNet18().parameters()) == 11_176_512
    assert len(state) == 122 - 2


def test_the_classifier_of_published_weights_is_left_out():
    published = {**ResNet18().state_dict(), "fc.weight": torch.zeros(1), "fc.bias": torch.zeros(1)}
    ResNet18().load_state_dict(from_published(published))


def test_a_small_stem_keeps_small_images_large_until_the_first_layer():
    pixels = torch.rand(2, 3, 16, 16)
    for small, side in ((False, 4), (True, 16)):
        network = ResNet18(small_stem=small).eval()
        seen = []
        network.layer1.register_forward_hook(lambda *one, seen=seen: seen.append(one[2].shape[-1]))
        assert network(pixels).shape == (2, 512)
        assert seen == [side]
