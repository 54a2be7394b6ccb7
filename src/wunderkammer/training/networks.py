"""The networks of encoders as training begins with them, and how pictures enter them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from wunderkammer.core.errors import StageError
from wunderkammer.nets.autoencoder import Autoencoder
from wunderkammer.nets.backbone import PooledLite, backbone
from wunderkammer.nets.heads import ClassifierHeads, ProjectionHead
from wunderkammer.nets.resnet import ResNet18, from_published
from wunderkammer.training.encoder_settings import (
    AutoencoderTraining,
    ClassifierTraining,
    EncoderTraining,
    SimclrTraining,
    TripletTraining,
    VaeTraining,
)
from wunderkammer.training.imagenet import start_from_imagenet
from wunderkammer.training.pictures import Pictures, channel_statistics

Places = npt.NDArray[np.int64]


class Scaling:
    """How 8-bit pixels become a network's input: scaled by mean and standard deviation.

    Parameters
    ----------
    mean, spread : sequence of float
        Of each colour, in [0, 1].
    """

    def __init__(
        self, mean: Sequence[float] = (0, 0, 0), spread: Sequence[float] = (1, 1, 1)
    ) -> None:
        self.mean, self.spread = tuple(mean), tuple(spread)

    @classmethod
    def of(cls, training: EncoderTraining, pictures: Pictures, train: Places) -> Scaling:
        """Return that of a training: measured on its training part, or none."""
        return cls(*channel_statistics(pictures, train)) if training.normalise else cls()

    def __call__(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the input for pixels (n, 3, side, side) in [0, 1]."""
        shape = (1, 3, 1, 1)
        mean, spread = (
            pixels.new_tensor(values).view(shape) for values in (self.mean, self.spread)
        )
        return ((pixels - mean) / spread).contiguous(memory_format=torch.channels_last)


class Representation(nn.Module):
    """A network whose vectors are kept as features.

    Parameters
    ----------
    training : EncoderTraining
        Of a kind that stands on a backbone.
    head : Module, optional
        What stands on the backbone while it is trained.
    """

    def __init__(self, training: Any, head: nn.Module | None = None) -> None:
        super().__init__()
        self.encoder, self.n_features = backbone(training.network, training.n_blocks)
        self.head = head if head is not None else nn.Identity()
        self.unit_length = bool(getattr(training, "unit_length", False))

    def features(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return features (n, n_features) of a network's input (n, 3, side, side)."""
        vectors: torch.Tensor = self.encoder(inputs)
        return nn.functional.normalize(vectors.float()) if self.unit_length else vectors


class Reconstruction(nn.Module):
    """An autoencoder, of which the code or what comes before it is kept.

    Parameters
    ----------
    training : AutoencoderTraining
    """

    def __init__(self, training: AutoencoderTraining) -> None:
        super().__init__()
        self.autoencoder = Autoencoder(
            training.network,
            side_px=training.side_px,
            n_latent=training.n_latent,
            width=training.width,
            n_residual=training.n_residual,
            variational=isinstance(training, VaeTraining),
            sigmoid=training.sigmoid,
        )
        self.before_code = training.features == "trunk"
        self.n_features = self.autoencoder.n_trunk if self.before_code else training.n_latent

    def features(self, inputs: torch.Tensor) -> torch.Tensor:
        """Return features (n, n_features) of a network's input; of a VAE, the means."""
        if self.before_code:
            vectors: torch.Tensor = self.autoencoder.trunk(inputs)
            return vectors
        return self.autoencoder.encode(inputs)[0]


def begun_autoencoder(training: AutoencoderTraining) -> Reconstruction:
    """Return the network as training begins with it."""
    network = Reconstruction(training)
    start_from(network.autoencoder.trunk, training.start)
    return network


def begun_triplets(training: TripletTraining) -> Representation:
    """Return the network as training begins with it."""
    network = Representation(training)
    start_from(network.encoder, training.start)
    return network


def begun_classifier(
    training: ClassifierTraining, classes: Mapping[str, Sequence[str]]
) -> Representation:
    """Return the network as training begins with it."""
    network = Representation(training)
    n_classes = [len(classes[rank]) for rank in training.labels]
    network.head = ClassifierHeads(network.n_features, n_classes, training.n_hidden, training.drop)
    start_from(network.encoder, training.start)
    return network


def begun_simclr(training: SimclrTraining) -> Representation:
    """Return the network as training begins with it."""
    network = Representation(training)
    network.head = ProjectionHead(network.n_features, training.n_projected)
    start_from(network.encoder, training.start)
    return network


def start_from(network: nn.Module, start: str) -> None:
    """Give a backbone the weights it starts from.

    Parameters
    ----------
    network : Module
        See :func:`wunderkammer.nets.backbone.backbone`.
    start : str
        ``"imagenet"``, a file of published weights, or empty for none.

    Raises
    ------
    StageError
        If there is no such file, or it is of another network.
    """
    if not start:
        return
    if start == "imagenet" and isinstance(network, PooledLite):
        start_from_imagenet(network.trunk)
        return
    if not isinstance(network, ResNet18) or not Path(start).is_file():
        raise StageError(
            f"start = '{start}': there is no such file of ResNet-18 weights.",
            hint="Name a file of published weights (.pth or .safetensors), or leave start empty "
            "to begin with random ones.",
        )
    try:
        network.load_state_dict(from_published(_read(Path(start))))
    except RuntimeError as error:
        text = str(error).splitlines()[0]
        raise StageError(
            f"start = '{start}': the file does not fit ResNet-18: {text}",
            hint="A small stem needs weights that were trained with one.",
        ) from None


def _read(path: Path) -> Mapping[str, torch.Tensor]:
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(path)
    state: Mapping[str, torch.Tensor] = torch.load(path, map_location="cpu", weights_only=True)
    return state
