"""Learning by telling labels apart: one rank, or several at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.training.encoder_settings import ClassifierTraining
from wunderkammer.training.networks import Places, Representation
from wunderkammer.training.pictures import Pictures
from wunderkammer.training.representation import Figures, RepresentationModule, exactly

UNKNOWN = -100
"""Target of a picture without a label, or with one that was not trained on."""


def classes_of(
    pictures: Pictures, train: Places, ranks: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return the labels of each rank that are trained on, sorted.

    Raises
    ------
    NotEnoughMediaError
        If a rank has fewer than two.
    """
    found = {}
    for rank in ranks:
        names = {pictures.examples[place].labels.get(rank, "") for place in train.tolist()}
        found[rank] = tuple(sorted(names - {""}))
        if len(found[rank]) < 2:
            raise NotEnoughMediaError(
                f"the pictures to train on have {len(found[rank])} {rank}, and 2 are needed.",
                hint="Choose other labels with --labels, or add media.",
            )
    return found


class ClassifierModule(RepresentationModule):
    """A backbone that learns to tell labels apart, with a head for each rank.

    Parameters
    ----------
    training, network, pictures, scaling
        See :class:`~wunderkammer.training.representation.RepresentationModule`.
    classes : mapping of str to sequence of str
        Labels of each rank, see :func:`classes_of`.
    """

    training_settings: ClassifierTraining
    network: Representation

    def __init__(
        self,
        training: ClassifierTraining,
        network: Representation,
        pictures: Pictures,
        scaling: Any,
        classes: Mapping[str, Sequence[str]],
    ) -> None:
        super().__init__(training, network, pictures, scaling)
        places = [
            {name: place for place, name in enumerate(classes[rank])} for rank in training.labels
        ]
        rows = [
            [known.get(one.labels.get(rank, ""), UNKNOWN)
             for rank, known in zip(training.labels, places, strict=True)]
            for one in pictures.examples
        ]  # fmt: skip
        self.targets = torch.from_numpy(np.array(rows, np.int64))

    def loss(self, places: torch.Tensor, pixels: torch.Tensor) -> Figures:
        """Return the sum of the ranks' cross-entropies, and the accuracy of the last rank."""
        answers = self.network.head(self.network.features(self.inputs(pixels)))
        targets = self.targets[places].to(self.device)
        with exactly(self.device):
            return hierarchical_loss([one.float() for one in answers], targets)


def hierarchical_loss(answers: Sequence[torch.Tensor], targets: torch.Tensor) -> Figures:
    """Return the sum of cross-entropies over ranks, and how often the last rank is right.

    Parameters
    ----------
    answers : sequence of Tensor, shape (n, n_classes)
        Logits of each rank.
    targets : Tensor of int64, shape (n, n_ranks)
        Classes; :data:`UNKNOWN` does not count. A rank of which nothing is known adds 0.
    """
    loss = torch.stack([_entropy(*pair) for pair in zip(answers, targets.T, strict=True)]).sum()
    known = targets[:, -1] != UNKNOWN
    right = answers[-1].argmax(1) == targets[:, -1]
    return {"loss": loss, "accuracy": right[known].float().sum() / known.sum().clamp(min=1)}


def _entropy(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    total = nn.functional.cross_entropy(logits, targets, ignore_index=UNKNOWN, reduction="sum")
    return total / (targets != UNKNOWN).sum().clamp(min=1)
