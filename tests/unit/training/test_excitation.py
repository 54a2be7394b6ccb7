"""Pictures that excite channels: a network whose answer is known says whether they do."""

import numpy as np
import pytest
import torch
from torch import nn

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.imaging.preparing import Preparation
from wunderkammer.training.excitation import Excitation, excited

AS_IT_IS = Preparation(24, (0, 0, 0), (1, 1, 1))
QUICK = Excitation(n_steps=40, learning_rate=0.1)


class Colours(nn.Module):
    """Answers with the mean red, green and blue of a picture."""

    def forward(self, pixels):
        return pixels.mean((2, 3))


class Edges(nn.Module):
    """Answers with how strong upright and level edges are."""

    def forward(self, pixels):
        grey = pixels.mean(1)
        return torch.stack(
            [grey.diff(dim=2).square().mean((1, 2)), grey.diff(dim=1).square().mean((1, 2))], 1
        )


def test_a_channel_of_colour_is_excited_by_that_colour():
    made = excited(Colours(), [0, 2], AS_IT_IS, QUICK)
    assert made.highest.shape == (2, 24, 24, 3)
    assert made.highest.dtype == np.uint8
    assert made.highest[0, :, :, 0].mean() > 200
    assert made.lowest[0, :, :, 0].mean() < 55
    assert made.highest[1, :, :, 2].mean() > 200
    assert (made.lowest_value < 0.2).all()
    assert (made.highest_value > 0.8).all()


def test_a_channel_of_edges_is_excited_by_stripes_of_that_direction():
    [picture] = excited(Edges(), [0], AS_IT_IS, QUICK).highest.astype(float).mean(-1)
    assert np.square(np.diff(picture, axis=1)).mean() > np.square(np.diff(picture, axis=0)).mean()


def test_the_input_is_scaled_as_the_network_wants_it():
    shifted = Preparation(24, (0.5, 0.5, 0.5), (0.25, 0.25, 0.25))
    made = excited(Colours(), [0], shifted, QUICK)
    assert made.highest_value[0] == pytest.approx(
        (made.highest[0, :, :, 0].mean() / 255 - 0.5) / 0.25, abs=0.02
    )


def test_a_seed_decides_every_draw():
    one, same, other = (
        excited(Edges(), [0], AS_IT_IS, Excitation(n_steps=5, seed=seed)) for seed in (1, 1, 2)
    )
    assert (one.highest == same.highest).all()
    assert (one.lowest == same.lowest).all()
    assert (one.highest != other.highest).any()


def test_a_channel_that_is_not_there_is_named():
    with pytest.raises(ConfigurationError, match="the network has 3, from 0, and 3 was asked for"):
        excited(Colours(), [3], AS_IT_IS, QUICK)
