import math

import numpy as np
import pytest
import torch

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.training.classification import UNKNOWN, classes_of, hierarchical_loss
from wunderkammer.training.encoder_settings import ClassifierTraining
from wunderkammer.training.networks import begun_classifier
from wunderkammer.training.pictures import PictureExample, Pictures

KNOWN = [
    {"family": "F", "genus": "B"},
    {"family": "E", "genus": "A"},
    {"family": "F"},
    {"genus": "C"},
]


def pictures():
    some = [PictureExample(f"m{k}", f"m{k}", lambda: None, one) for k, one in enumerate(KNOWN)]
    return Pictures(np.zeros((4, 2, 2, 3), np.uint8), some, np.arange(4))


def test_classes_are_the_labels_of_the_training_part_alone():
    found = classes_of(pictures(), np.array([0, 1, 2]), ("family", "genus"))
    assert found == {"family": ("E", "F"), "genus": ("A", "B")}


def test_a_single_class_is_refused():
    with pytest.raises(NotEnoughMediaError, match="have 1 genus, and 2 are needed"):
        classes_of(pictures(), np.array([0, 2]), ("genus",))


def test_the_loss_adds_the_ranks_up_and_passes_over_what_is_unknown():
    sure = torch.tensor([[math.log(3.0), 0.0], [0.0, 0.0], [0.0, 0.0]])
    flat = torch.zeros(3, 4)
    targets = torch.tensor([[0, 2], [1, UNKNOWN], [UNKNOWN, UNKNOWN]])
    figures = hierarchical_loss([sure, flat], targets)
    coarse = (-math.log(3 / 4) + math.log(2)) / 2
    assert figures["loss"].item() == pytest.approx(coarse + math.log(4), rel=1e-5)


def test_a_rank_of_which_nothing_is_known_adds_nothing():
    nothing = torch.full((2, 1), UNKNOWN)
    figures = hierarchical_loss([torch.rand(2, 3)], nothing)
    assert figures["loss"].item() == 0
    assert figures["accuracy"].item() == 0


def test_accuracy_is_that_of_the_last_rank():
    coarse = torch.tensor([[9.0, 0], [9.0, 0]])
    fine = torch.tensor([[0, 9.0, 0], [9.0, 0, 0]])
    targets = torch.tensor([[1, 1], [1, 2]])
    assert hierarchical_loss([coarse, fine], targets)["accuracy"].item() == 0.5


def test_there_is_a_head_for_each_rank():
    training = ClassifierTraining(n_blocks=2, start="", labels=("family", "genus"))
    network = begun_classifier(training, {"genus": "ABC", "family": "EF"}).eval()
    answers = network.head(network.features(torch.rand(2, 3, 32, 32)))
    assert [one.shape[1] for one in answers] == [2, 3]
