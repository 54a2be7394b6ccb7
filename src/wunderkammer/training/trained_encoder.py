"""A trained encoder, from its weights: what uses it need not load what trains it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from wunderkammer.imaging.preparing import prepared
from wunderkammer.training.encoder_settings import (
    KINDS,
    AutoencoderTraining,
    ClassifierTraining,
    SimclrTraining,
)
from wunderkammer.training.networks import (
    Reconstruction,
    Representation,
    Scaling,
    begun_classifier,
    begun_simclr,
)
from wunderkammer.training.pictures import preparation_of
from wunderkammer.training.weights import Weights, read_weights

KIND = "encoder"
"""What the weights of every kind of encoder are called."""


class TrainedEncoder:
    """A trained encoder, from its weights: pictures to vectors.

    Parameters
    ----------
    weights : Weights
        Of the kind :data:`KIND`.

    Attributes
    ----------
    network : Reconstruction or Representation
        The whole network, with decoder or heads.
    training : EncoderTraining
    n_features : int
    preparation : Preparation
        How a picture becomes the network's input.
    """

    def __init__(self, weights: Weights) -> None:
        told = weights.settings
        self.training = KINDS[told["training"]["kind"]].model_validate(told["training"])
        classes = told.get("classes", {})
        network: Reconstruction | Representation
        if isinstance(self.training, AutoencoderTraining):
            network = Reconstruction(self.training)
        elif isinstance(self.training, ClassifierTraining):
            network = begun_classifier(self.training.model_copy(update={"start": ""}), classes)
        elif isinstance(self.training, SimclrTraining):
            network = begun_simclr(self.training.model_copy(update={"start": ""}))
        else:
            network = Representation(self.training)
        network.load_state_dict(dict(weights.tensors))
        self.network: Reconstruction | Representation = network.eval()
        self.network.requires_grad_(requires_grad=False)
        self.n_features: int = network.n_features
        self.preparation = preparation_of(self.training, told["mean"], told["spread"])

    @classmethod
    def read(cls, folder: Path) -> TrainedEncoder:
        """Read the weights of an encoder.

        Raises
        ------
        StageError
            If they are missing, broken, or of another kind of network.
        """
        return cls(read_weights(folder, KIND))

    def squares(self, pictures: Sequence[npt.NDArray[np.uint8]]) -> torch.Tensor:
        """Return pictures as squares (n, 3, side, side) of 8 bit."""
        some = np.stack([prepared(one, self.preparation) for one in pictures])
        return torch.from_numpy(some).permute(0, 3, 1, 2)

    def features(self, squares: torch.Tensor) -> torch.Tensor:
        """Return vectors (n, n_features) of squares (n, 3, side, side) of 8 bit."""
        scaling = Scaling(self.preparation.mean, self.preparation.std)
        return self.network.features(scaling(squares.float() / 255)).float()


class FeaturesOnly(nn.Module):
    """A trained network as a function from its input to the features.

    Parameters
    ----------
    network : Module
        Has ``features(inputs)``.
    """

    def __init__(self, network: Reconstruction | Representation) -> None:
        super().__init__()
        self.inner = network

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return vectors (n, n_features) of scaled pixels (n, 3, side, side)."""
        return self.inner.features(inputs)
