import torch
from torch import nn

from wunderkammer.nets.dropping import Dropping, draw_from


def test_as_many_are_left_out_as_asked_and_the_mean_stays():
    layer = Dropping(0.25)
    draw_from(layer, torch.Generator().manual_seed(0))
    found = layer(torch.ones(100_000))
    assert abs(float((found == 0).float().mean()) - 0.25) < 0.01
    assert abs(float(found.mean()) - 1) < 0.02


def test_in_evaluation_all_stay():
    values = torch.rand(50)
    assert torch.equal(Dropping(0.9).eval()(values), values)
    assert torch.equal(Dropping(0)(values), values)


def test_draws_come_from_the_generator_alone():
    network = nn.Sequential(nn.Identity(), nn.Sequential(Dropping()))
    values, found = torch.ones(64), []
    for noise in (1, 2):
        torch.manual_seed(noise)
        draw_from(network, torch.Generator().manual_seed(7))
        found.append(network(values))
    assert torch.equal(*found)
    assert not torch.equal(found[0], network(values))
