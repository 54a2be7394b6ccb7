"""Training a segmenter: settings, the Lightning module and its data, held-out figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import lightning
import numpy as np
import numpy.typing as npt
import torch
from pydantic import Field
from torch.utils.data import DataLoader, Dataset

from wunderkammer.core.settings import Settings
from wunderkammer.nets.unet import MULTIPLE, UNet
from wunderkammer.training.augmentation import Augmentation
from wunderkammer.training.examples import Prepared
from wunderkammer.training.looking import half, letterboxed
from wunderkammer.training.losses import mask_loss
from wunderkammer.training.trainer import one_cycle

_WARM_UP = 0.05
"""Share of all steps in which the learning rate rises."""


class SegmenterTraining(Settings):
    """How a segmenter is trained."""

    seed: int = Field(0, description="Fixes the split, the order, every augmentation.")
    start: Literal["shipped", "imagenet", "nothing"] = Field(
        "shipped",
        description="Where it starts: the weights that come with Wunderkammer, those of a network "
        "that knows ordinary photographs, or random ones.",
    )
    n_epochs: int = Field(40, description="Most times every example is looked at.", ge=1)
    n_looks: int = Field(
        0, description="Examples an epoch, drawn at random; 0: each example once.", ge=0
    )
    batch_size: int = Field(8, description="Examples a step.", ge=1)
    learning_rate: float = Field(1e-3, description="Highest learning rate, of AdamW.", gt=0)
    weight_decay: float = Field(1e-4, description="Weight decay of AdamW.", ge=0)
    side_px: int = Field(
        352,
        description="Side of what is looked at in training, a multiple of 32.",
        ge=64,
        multiple_of=MULTIPLE,
    )
    look_px: int = Field(
        512, description="Longest side of an image when the network is used and measured.", ge=64
    )
    n_sizes: int = Field(
        0,
        description="Sizes at which it is looked at then: 1, or 2, whole and half; 0: 2 for a "
        "network that starts from the shipped weights, which know both well, 1 for any other.",
        ge=0,
        le=2,
    )
    boundary_weight: float = Field(
        2.0, description="Added weight of the outline in the loss; 0: none.", ge=0
    )
    patience: int = Field(
        8, description="Epochs without a better held-out overlap before it stops.", ge=1
    )
    augmentation: Augmentation = Field(
        default_factory=Augmentation, description="How examples are changed before each look."
    )

    @property
    def sizes_px(self) -> tuple[int, ...]:
        """Longest sides at which an image is looked at in use, the finest first."""
        n = self.n_sizes or (2 if self.start == "shipped" else 1)
        return (self.look_px, half(self.look_px))[:n]


class SegmentationModule(lightning.LightningModule):
    """A U-Net that learns from squares with masks.

    Parameters
    ----------
    training : SegmenterTraining
    network : UNet
    """

    def __init__(self, training: SegmenterTraining, network: UNet) -> None:
        super().__init__()
        self.training_settings = training
        self.network = network

    def training_step(self, batch: tuple[torch.Tensor, torch.Tensor], _: int) -> torch.Tensor:
        """Return the loss of a batch."""
        pixels, truth = batch
        logits = self.network(_channels_last(as_floats(pixels)))
        loss = mask_loss(
            logits.float(), truth.float(), boundary_weight=self.training_settings.boundary_weight
        )
        self.log("loss", loss, on_epoch=True, on_step=False, batch_size=len(pixels))
        return loss

    def validation_step(self, batch: tuple[torch.Tensor, torch.Tensor], _: int) -> None:
        """Note the mean overlap of masks with truth."""
        pixels, truth = batch
        found = self.network(_channels_last(as_floats(pixels))) > 0
        wanted = truth > 0.5
        both = (found & wanted).sum((1, 2, 3)).float()
        either = (found | wanted).sum((1, 2, 3)).float()
        overlap = torch.where(either > 0, both / either.clamp(min=1), torch.ones_like(both))
        self.log("held_out_iou", overlap.mean(), on_epoch=True, batch_size=len(pixels))

    def configure_optimizers(self) -> Any:
        """Return the optimiser and its schedule."""
        settings = self.training_settings
        return one_cycle(self, settings.learning_rate, settings.weight_decay, _WARM_UP)


def as_floats(pixels: torch.Tensor) -> torch.Tensor:
    """Return 8-bit images (n, 3, height, width) as a network's input."""
    return (pixels.float() - 127.0) / 128.0


def _channels_last(pixels: torch.Tensor) -> torch.Tensor:
    return pixels.to(memory_format=torch.channels_last)


class Looks(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """The looks of one epoch: each depends on seed, epoch and place alone.

    Parameters
    ----------
    examples : sequence of Prepared
    training : SegmenterTraining
    epoch : int
    """

    def __init__(
        self, examples: Sequence[Prepared], training: SegmenterTraining, epoch: int
    ) -> None:
        self.training, self.epoch = training, epoch
        rng = np.random.default_rng([training.seed, epoch, 1])
        order = rng.permutation(len(examples))
        n = training.n_looks or len(examples)
        self.examples = [examples[int(i)] for i in np.resize(order, n)]

    def __len__(self) -> int:
        """Return how many looks there are."""
        return len(self.examples)

    def __getitem__(self, place: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Return pixels (3, side, side) of 8 bit and truth (1, side, side)."""
        rng = np.random.default_rng([self.training.seed, self.epoch, 2, place])
        image, mask = self.examples[place].read()
        texture = within(*self.examples[int(rng.integers(len(self.examples)))].read())
        image, mask = self.training.augmentation.apply(
            image, mask, self.training.side_px, rng, texture
        )
        return _tensors(image, mask)


def within(image: npt.NDArray[np.uint8], mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    """Return the part of a photograph that its specimen fills; all of it if there is none."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return image
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


class Whole(Dataset[tuple[torch.Tensor, torch.Tensor]]):
    """Examples as the network meets them in use: whole, unchanged."""

    def __init__(self, examples: Sequence[Prepared], look_px: int) -> None:
        self.examples, self.look_px = examples, look_px

    def __len__(self) -> int:
        """Return how many examples there are."""
        return len(self.examples)

    def __getitem__(self, place: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Return pixels and truth in a square."""
        image, mask = self.examples[place].read()
        frame, _ = letterboxed(image, self.look_px, MULTIPLE, square=True)
        grey = np.repeat(mask[:, :, None].astype(np.uint8) * 255, 3, axis=2)
        framed, (height, width) = letterboxed(grey, self.look_px, MULTIPLE, square=True)
        truth = np.zeros(framed.shape[:2], np.bool_)
        truth[:height, :width] = framed[:height, :width, 0] > 127
        return _tensors(frame, truth)


def _tensors(
    image: npt.NDArray[np.uint8], mask: npt.NDArray[np.bool_]
) -> tuple[torch.Tensor, torch.Tensor]:
    pixels = torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))
    return pixels, torch.from_numpy(mask[None])


class Examples(lightning.LightningDataModule):
    """What is trained on and what is held out meanwhile.

    Parameters
    ----------
    train, validation : sequence of Prepared
    training : SegmenterTraining
    n_workers : int
        Processes that make looks; 0 makes them in this one.
    """

    def __init__(
        self,
        train: Sequence[Prepared],
        validation: Sequence[Prepared],
        training: SegmenterTraining,
        n_workers: int = 0,
    ) -> None:
        super().__init__()
        self.train, self.validation = train, validation
        self.training_settings, self.n_workers = training, n_workers

    def train_dataloader(self) -> DataLoader[tuple[torch.Tensor, torch.Tensor]]:
        """Return the looks of the current epoch."""
        epoch = self.trainer.current_epoch if self.trainer else 0
        looks = Looks(self.train, self.training_settings, epoch)
        size = self.training_settings.batch_size
        return DataLoader(looks, size, num_workers=self.n_workers, drop_last=len(looks) > size)

    def val_dataloader(self) -> DataLoader[tuple[torch.Tensor, torch.Tensor]]:
        """Return what is held out, whole."""
        whole = Whole(self.validation, self.training_settings.look_px)
        return DataLoader(whole, 2, num_workers=self.n_workers)
