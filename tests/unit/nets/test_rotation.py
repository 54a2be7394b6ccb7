import numpy as np
import pytest
import torch
from torch import nn

from wunderkammer.nets.rotation import LOOKS, RotationNet, looked


class Compass(nn.Module):
    """Answers with the direction from the middle to the bright part: upright is up."""

    def forward(self, squares):
        weights = squares[:, 3].float()
        side = weights.shape[-1]
        along = torch.arange(side) - (side - 1) / 2
        right = (weights * along).sum((1, 2))
        up = -(weights * along[:, None]).sum((1, 2))
        return torch.stack([up, -right], dim=1) / torch.hypot(up, right)[:, None]


def pointing(angle_deg, side=48):
    """Return a square with a spot that lies up, turned counter-clockwise by an angle."""
    rows, columns = np.mgrid[:side, :side] - (side - 1) / 2
    x, y = -15 * np.sin(np.radians(angle_deg)), -15 * np.cos(np.radians(angle_deg))
    square = np.zeros((4, side, side), np.uint8)
    square[3] = 255 * ((rows - y) ** 2 + (columns - x) ** 2 < 16)
    return torch.from_numpy(square)


@pytest.mark.parametrize("looks", LOOKS)
def test_every_way_of_looking_gives_the_same_answer_to_one_who_knows(looks):
    angles = [0.0, 30.0, 90.0, -100.0, 170.0]
    vectors = looked(Compass(), torch.stack([pointing(angle) for angle in angles]), looks)
    found = torch.rad2deg(torch.atan2(vectors[:, 1], vectors[:, 0])).numpy()
    assert np.abs((found - angles + 180) % 360 - 180).max() < 1.5
    assert vectors.norm(dim=1).numpy() == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("looks", [4, 8])
def test_looks_that_contradict_each_other_give_a_short_answer(looks):
    class Stubborn(nn.Module):
        def forward(self, squares):
            return torch.tensor([[1.0, 0.0]]).repeat(len(squares), 1)

    assert looked(Stubborn(), torch.stack([pointing(20)]), looks).norm() < 1e-6


def test_the_answer_is_equivariant_under_quarter_turns_with_four_looks():
    torch.manual_seed(0)
    network = RotationNet(3, 48).eval()
    square = torch.randint(0, 256, (1, 4, 48, 48), dtype=torch.uint8)
    with torch.inference_mode():
        here = looked(network, square, 4)
        there = looked(network, torch.rot90(square, 1, (-2, -1)), 4)
    assert there[0].numpy() == pytest.approx([-here[0, 1].item(), here[0, 0].item()], abs=1e-5)


def test_a_mirrored_square_gives_the_negative_angle_with_eight_looks():
    torch.manual_seed(0)
    network = RotationNet(3, 48).eval()
    square = torch.randint(0, 256, (1, 4, 48, 48), dtype=torch.uint8)
    with torch.inference_mode():
        here, there = looked(network, square, 8), looked(network, square.flip(-1), 8)
    assert there[0].numpy() == pytest.approx([here[0, 0].item(), -here[0, 1].item()], abs=1e-5)


def test_the_network_is_small_and_answers_with_two_numbers():
    network = RotationNet().eval()
    assert sum(part.numel() for part in network.parameters()) < 600_000
    assert network(torch.zeros(3, 4, 96, 96, dtype=torch.uint8)).shape == (3, 2)


def test_what_is_transparent_is_mid_grey_whatever_lies_around():
    network = RotationNet(2, 32).eval()
    rest = torch.zeros(1, 4, 32, 32, dtype=torch.uint8)
    grey = rest.clone()
    grey[:, :, 8:20, 8:20] = torch.tensor([127, 127, 127, 255], dtype=torch.uint8)[
        None, :, None, None
    ]
    seen = []
    network.trunk.register_forward_pre_hook(lambda _, args: seen.append(args[0]))
    network(torch.cat([rest, grey]))
    assert seen[0][:, :3].abs().max() < 1e-5
    assert seen[0][:, 3].unique().tolist() == [-1, 1]
