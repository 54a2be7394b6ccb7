import math

import pytest
import torch

from wunderkammer.training.contrast_learning import similarities
from wunderkammer.training.encoder_settings import SimclrTraining
from wunderkammer.training.networks import begun_simclr


def test_the_loss_of_pairs_at_right_angles_is_the_hand_made_one():
    # two pictures; each view equals its pair and stands at right angles to the other picture
    vectors = torch.tensor([[2.0, 0], [2.0, 0], [0, 3.0], [0, 3.0]])
    for temperature in (1.0, 0.5):
        loss = torch.nn.functional.cross_entropy(*similarities(vectors, temperature))
        expected = math.log(1 + 2 * math.exp(-1 / temperature))
        assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_a_view_is_never_compared_with_itself_and_sought_is_its_neighbour():
    logits, own = similarities(torch.rand(6, 4), 0.1)
    assert own.tolist() == [1, 0, 3, 2, 5, 4]
    assert torch.isinf(logits.diagonal()).all()
    assert (torch.softmax(logits, 1).diagonal() == 0).all()


def test_the_length_of_vectors_does_not_matter():
    vectors = torch.rand(4, 8, generator=torch.Generator().manual_seed(0))
    one, _ = similarities(vectors, 0.1)
    other, _ = similarities(vectors * torch.tensor([[1.0], [5], [0.1], [9]]), 0.1)
    assert torch.allclose(one, other, atol=1e-4)


def test_the_projection_stands_on_the_features_and_is_not_them():
    training = SimclrTraining(n_blocks=2, n_projected=6, start="")
    network = begun_simclr(training).eval()
    features = network.features(torch.rand(2, 3, 32, 32))
    assert features.shape == (2, 24)
    assert network.head(features).shape == (2, 6)
