"""What the trainings of all encoders share: their input, their steps, what they are held to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import lightning
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from wunderkammer.training.encoder_settings import EncoderTraining
from wunderkammer.training.networks import Places, Scaling
from wunderkammer.training.pictures import Pictures, Store
from wunderkammer.training.trainer import one_cycle

Figures = dict[str, torch.Tensor]

_WARM_UP = 0.1
_OUTSIDE: Mapping[str, float] = {"grey": 127 / 255, "black": 0.0}
_DRAW, _HELD_OUT, _VIEW = 1, 2, 3
"""First numbers of what is drawn, so that no two draws are alike."""


class RepresentationModule(lightning.LightningModule):
    """Base of the trainings: a subclass says which places a batch has, and its loss.

    Parameters
    ----------
    training : EncoderTraining
    network : Module
        Has ``features(inputs)``.
    pictures : Pictures
    scaling : Scaling
    """

    def __init__(
        self,
        training: EncoderTraining,
        network: nn.Module,
        pictures: Pictures,
        scaling: Scaling,
    ) -> None:
        super().__init__()
        self.training_settings, self.network = training, network
        self.pictures, self.scaling = pictures, scaling
        self._store: Store | None = None

    def draw(self, places: Places, epoch: int) -> list[Places]:
        """Return the places of each batch of an epoch; by default all of them, shuffled."""
        rng = np.random.default_rng([self.training_settings.seed, _DRAW, epoch])
        return batches(rng.permutation(places), self.training_settings.batch_size)

    def held_out(self, places: Places) -> list[Places]:
        """Return the places of each held-out batch, the same each time."""
        return batches(places, self.training_settings.batch_size, whole=False)

    def loss(self, places: torch.Tensor, pixels: torch.Tensor) -> Figures:
        """Return ``loss`` and other figures of a batch.

        Parameters
        ----------
        places : Tensor of int64
            As :meth:`draw` or :meth:`held_out` gave them.
        pixels : Tensor of float32, shape (n, 3, side, side)
            Views of the pictures at these places, flattened, in [0, 1].
        """
        raise NotImplementedError

    def inputs(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the network's input for pixels in [0, 1]."""
        return self.scaling(pixels)

    def looked_at(self, places: torch.Tensor, rng: np.random.Generator | None) -> torch.Tensor:
        """Return pictures in [0, 1], changed at random if there is a generator."""
        if self._store is None or self._store.device != self.device:
            self._store = Store(self.pictures, str(self.device))
        pixels = self._store.batch(places.flatten()).float() / 255
        if rng is None:
            return pixels
        outside = _OUTSIDE.get(self.training_settings.padding, 1.0)
        with exactly(self.device):
            return self.training_settings.views.apply(pixels, rng, outside)

    def transfer_batch_to_device(
        self, batch: torch.Tensor, device: torch.device, dataloader_idx: int
    ) -> torch.Tensor:
        """Return the places where they are: their pixels go to the device, they do not."""
        return batch

    def on_train_batch_start(self, batch: torch.Tensor, batch_idx: int) -> None:
        """Draw noise and what is left out by seed and step: resuming then changes nothing."""
        seed = self.training_settings.seed
        torch.manual_seed(_seed(seed, self.global_step, self.global_rank))

    def training_step(self, batch: torch.Tensor, _: int) -> torch.Tensor:
        """Return the loss of a batch of places."""
        seed, rank = self.training_settings.seed, self.global_rank
        rng = np.random.default_rng([seed, _VIEW, self.global_step, rank])
        figures = self.loss(batch, self.looked_at(batch, rng))
        for name, value in figures.items():
            self.log(name, value, on_epoch=True, on_step=False, batch_size=len(batch))
        return figures["loss"]

    def validation_step(self, batch: torch.Tensor, batch_idx: int) -> None:
        """Note the figures of what is held out."""
        for name, value in self.held_out_figures(batch, batch_idx).items():
            self.log(
                f"held_out_{name}", value, on_epoch=True, batch_size=len(batch), sync_dist=True
            )

    def held_out_figures(self, batch: torch.Tensor, batch_idx: int) -> Figures:
        """Return the figures of a held-out batch, looked at as it is."""
        return self.loss(batch, self.looked_at(batch, None))

    def configure_optimizers(self) -> Any:
        """Return AdamW, with one cycle or at one learning rate."""
        settings = self.training_settings
        rate, decay = settings.learning_rate, settings.weight_decay
        if settings.schedule == "constant":
            return torch.optim.AdamW(self.network.parameters(), rate, weight_decay=decay)
        return one_cycle(self, rate, decay, _WARM_UP)


def batches(places: Places, size: int, *, whole: bool = True) -> list[Places]:
    """Return places in pieces of one size; the last, smaller one only if nothing else is there.

    Parameters
    ----------
    places : ndarray of int64
        Cut along its first axis.
    size : int
    whole : bool
        Whether a smaller piece at the end is left out: it would weigh as much as a whole one.
    """
    pieces = [places[start : start + size] for start in range(0, len(places), size)]
    return pieces[:-1] if whole and len(pieces) > 1 and len(pieces[-1]) < size else pieces


def held_out_rng(seed: int, which: int) -> np.random.Generator:
    """Return the generator of a held-out batch: the same in every epoch."""
    return np.random.default_rng([seed, _HELD_OUT, which])


def exactly(device: torch.device) -> torch.autocast:
    """Return a block in which nothing is rounded to half precision: distances, places, losses."""
    return torch.autocast(device.type, enabled=False)


def _seed(*numbers: int) -> int:
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])


class _Batches(Dataset[torch.Tensor]):
    """Places by the batch: the pixels are fetched where they are computed with."""

    def __init__(self, some: Sequence[Places]) -> None:
        self.some = some

    def __len__(self) -> int:
        return len(self.some)

    def __getitem__(self, which: int) -> torch.Tensor:
        return torch.from_numpy(np.ascontiguousarray(self.some[which]))


class PlacesOfParts(lightning.LightningDataModule):
    """What is trained on and what is held out meanwhile, as places.

    Parameters
    ----------
    module : RepresentationModule
        Says which batches there are.
    train, validation : ndarray of int64
    """

    def __init__(self, module: RepresentationModule, train: Places, validation: Places) -> None:
        super().__init__()
        self.module, self.train, self.validation = module, train, validation

    def train_dataloader(self) -> DataLoader[torch.Tensor]:
        """Return the batches of the current epoch."""
        epoch = self.trainer.current_epoch if self.trainer else 0
        return DataLoader(_Batches(self.module.draw(self.train, epoch)), batch_size=None)

    def val_dataloader(self) -> DataLoader[torch.Tensor]:
        """Return what is held out."""
        return DataLoader(_Batches(self.module.held_out(self.validation)), batch_size=None)
