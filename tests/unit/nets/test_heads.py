import torch
from torch import nn

from wunderkammer.nets.heads import ClassifierHeads, ProjectionHead


def test_each_rank_has_its_own_answer():
    heads = ClassifierHeads(6, [2, 5]).eval()
    assert [tuple(one.shape) for one in heads(torch.rand(3, 6))] == [(3, 2), (3, 5)]


def test_the_head_of_the_herbarium_study_has_its_layers_in_their_order():
    heads = ClassifierHeads(512, [10], 512, 0.5)
    kinds = [nn.BatchNorm1d, nn.Dropout, nn.Linear, nn.ReLU, nn.BatchNorm1d, nn.Dropout]
    assert [type(layer) for layer in heads.shared] == kinds
    assert [layer.p for layer in heads.shared if isinstance(layer, nn.Dropout)] == [0.25, 0.5]
    assert heads.shared[2].bias is None
    assert heads.ranks[0].bias is None


def test_a_projection_is_as_long_as_asked():
    assert ProjectionHead(6, 4).eval()(torch.rand(2, 6)).shape == (2, 4)
