"""Learning how far cut-outs are turned: settings, looks, and the Lightning module."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import lightning
import numpy as np
import numpy.typing as npt
import torch
from pydantic import Field
from torch.utils.data import DataLoader, Dataset

from wunderkammer.core.errors import ImageError, WunderkammerError
from wunderkammer.core.files import written_whole
from wunderkammer.core.settings import Settings
from wunderkammer.imaging.angles import wrapped_deg
from wunderkammer.imaging.centring import centred, turning
from wunderkammer.imaging.turning import padded_crop
from wunderkammer.nets.rotation import RotationNet
from wunderkammer.training.damage import Damage
from wunderkammer.training.examples import Skipped
from wunderkammer.training.trainer import one_cycle

Rgba = npt.NDArray[np.uint8]
Pair = tuple[torch.Tensor, torch.Tensor]

HELD_OUT_TURNS = 2
"""Angles at which each held-out cut-out is looked at after every epoch."""

_FINE = 1.5
_WARM_UP = 0.15


@dataclass(frozen=True, slots=True)
class TurnExample:
    """A cut-out whose turn is known.

    Attributes
    ----------
    media_id : str
        Names it in the split.
    group : str
        What must not be parted by the split, such as the specimen.
    load : callable
        Returns the cut-out, uint8, shape (height, width, 4), straight alpha.
    angle_deg : float
        How far it is turned from upright, counter-clockwise as seen.
    weight : float
        How often it is looked at, relative to others.
    part : str
        ``"train"``, ``"validation"`` or ``"test"`` where that is fixed; empty: the split says.
    """

    media_id: str
    group: str
    load: Callable[[], Rgba]
    angle_deg: float
    weight: float = 1.0
    part: str = ""


@dataclass(frozen=True, slots=True)
class PreparedTurn:
    """A cut-out that can be trained on, stored small."""

    media_id: str
    group: str
    path: Path
    angle_deg: float
    weight: float
    part: str

    def read(self) -> Rgba:
        """Return the cut-out."""
        rgba: Rgba = np.load(self.path)
        return rgba


class OrienterTraining(Settings):
    """How a rotation network is trained."""

    seed: int = Field(0, description="Fixes the split, the order, every augmentation.")
    start: Literal["shipped", "imagenet", "nothing"] = Field(
        "shipped",
        description="Where it starts: the weights that come with Wunderkammer, those of a network "
        "that knows ordinary photographs, or random ones.",
    )
    n_blocks: int = Field(
        8, description="Blocks of the network; other than 8 cannot start as shipped.", ge=1, le=16
    )
    side_px: int = Field(
        96, description="Side of what is looked at; other than 96 cannot start as shipped.", ge=32
    )
    n_epochs: int = Field(40, description="Most times every example is looked at.", ge=1)
    n_looks: int = Field(
        0, description="Examples an epoch, drawn by weight; 0: as many as there are.", ge=0
    )
    batch_size: int = Field(32, description="Examples a step.", ge=1)
    learning_rate: float = Field(2e-3, description="Highest learning rate, of AdamW.", gt=0)
    weight_decay: float = Field(1e-4, description="Weight decay of AdamW.", ge=0)
    patience: int = Field(
        12, description="Epochs without a smaller held-out error before it stops.", ge=1
    )
    damage: Damage = Field(
        default_factory=Damage, description="How examples are changed before each look."
    )


def prepare_turns(
    examples: Iterable[TurnExample], folder: Path, side_px: int
) -> tuple[list[PreparedTurn], list[Skipped]]:
    """Check examples and store them small; what cannot be used is named, not used.

    Parameters
    ----------
    examples : iterable of TurnExample
    folder : Path
        Where they are stored, one file each; what lies there is written anew.
    side_px : int
        Side of the network's input.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done: list[PreparedTurn] = []
    skipped: list[Skipped] = []
    for example in examples:
        try:
            done.append(_prepared(example, folder, round(_FINE * side_px)))
        except (WunderkammerError, OSError) as error:
            named = error if isinstance(error, WunderkammerError) else ImageError(str(error))
            skipped.append(Skipped(example.media_id, named))
    return done, skipped


def _prepared(example: TurnExample, folder: Path, longest_px: int) -> PreparedTurn:
    if not np.isfinite(example.angle_deg):
        raise ImageError(
            f"Its turn is {example.angle_deg}: a number of degrees was wanted.",
            hint="Mend its row, or take it out.",
        )
    small = padded_crop(example.load(), longest_px)
    path = folder / f"{hashlib.sha256(example.media_id.encode()).hexdigest()[:20]}.npy"
    with written_whole(path) as temporary, temporary.open("wb") as file:
        np.save(file, small)
    angle = wrapped_deg(example.angle_deg)
    return PreparedTurn(example.media_id, example.group, path, angle, example.weight, example.part)


class TurnLooks(Dataset[Pair]):
    """The looks of one epoch: each depends on seed, epoch and place alone.

    Parameters
    ----------
    examples : sequence of PreparedTurn
    training : OrienterTraining
    epoch : int
    """

    def __init__(
        self, examples: Sequence[PreparedTurn], training: OrienterTraining, epoch: int
    ) -> None:
        self.training, self.epoch = training, epoch
        rng = np.random.default_rng([training.seed, epoch, 1])
        weights = np.array([one.weight for one in examples], np.float64)
        n = training.n_looks or len(examples)
        # Evenly spaced quantiles of the weights: everyone gets a share, in turn over the epochs.
        ends = np.cumsum(weights) / weights.sum()
        places = np.searchsorted(ends, (np.arange(n) + rng.random()) / n, "right")
        order = rng.permutation(np.minimum(places, len(examples) - 1))
        self.examples = [examples[int(place)] for place in order]

    def __len__(self) -> int:
        """Return how many looks there are."""
        return len(self.examples)

    def __getitem__(self, place: int) -> Pair:
        """Return a square (4, side, side) of 8 bit and the unit vector of its turn."""
        rng = np.random.default_rng([self.training.seed, self.epoch, 2, place])
        example = self.examples[place]
        angle = float(rng.uniform(-180, 180))
        square = self.training.damage.apply(
            example.read(), example.angle_deg, angle, self.training.side_px, rng
        )
        return as_tensor(square), unit(angle)


class HeldOut(Dataset[Pair]):
    """Held-out cut-outs at angles drawn by seed, otherwise as they are.

    Parameters
    ----------
    examples : sequence of PreparedTurn
    training : OrienterTraining
    n_turns : int
        Angles for each.
    """

    def __init__(
        self, examples: Sequence[PreparedTurn], training: OrienterTraining, n_turns: int
    ) -> None:
        self.examples, self.side_px, self.n_turns = examples, training.side_px, n_turns
        rng = np.random.default_rng([training.seed, 3])
        self.angles = rng.uniform(-180, 180, len(examples) * n_turns)

    def __len__(self) -> int:
        """Return how many looks there are."""
        return len(self.examples) * self.n_turns

    def __getitem__(self, place: int) -> Pair:
        """Return a square and the unit vector of its turn."""
        example, angle = self.examples[place // self.n_turns], float(self.angles[place])
        square = centred(example.read(), self.side_px, turning(angle - example.angle_deg))
        return as_tensor(square), unit(angle)


def as_tensor(square: Rgba) -> torch.Tensor:
    """Return a square (side, side, 4) with its channels first."""
    return torch.from_numpy(np.ascontiguousarray(square.transpose(2, 0, 1)))


def unit(angle_deg: float) -> torch.Tensor:
    """Return the unit vector (cosine, sine) of an angle."""
    radians = np.radians(angle_deg)
    return torch.tensor([np.cos(radians), np.sin(radians)], dtype=torch.float32)


def angles_of(vectors: torch.Tensor) -> torch.Tensor:
    """Return the angle of each (cosine, sine), degrees in (-180, 180]."""
    return torch.rad2deg(torch.atan2(vectors[:, 1], vectors[:, 0]))


class OrientationModule(lightning.LightningModule):
    """A rotation network that learns from turned cut-outs.

    Parameters
    ----------
    training : OrienterTraining
    network : RotationNet
    """

    def __init__(self, training: OrienterTraining, network: RotationNet) -> None:
        super().__init__()
        self.training_settings = training
        self.network = network

    def on_train_batch_start(self, batch: Pair, batch_idx: int) -> None:
        """Draw what is left out by seed and step: a resumed training equals an unbroken one.

        The start of an epoch is no place for it: Lightning passes over that of the epoch in
        which it goes on.
        """
        seed = np.random.SeedSequence([self.training_settings.seed, self.global_step])
        torch.manual_seed(int(seed.generate_state(1)[0]))

    def training_step(self, batch: Pair, _: int) -> torch.Tensor:
        """Return the loss of a batch: the squared distance from the unit vectors."""
        squares, truth = batch
        loss: torch.Tensor = (self.network(squares).float() - truth).square().sum(1).mean()
        self.log("loss", loss, on_epoch=True, on_step=False, batch_size=len(squares))
        return loss

    def validation_step(self, batch: Pair, _: int) -> None:
        """Note the mean error in degrees; specimens upside down weigh most in it."""
        squares, truth = batch
        away = angles_of(self.network(squares).float()) - angles_of(truth)
        errors = (torch.remainder(away + 180, 360) - 180).abs()
        self.log("held_out_error_deg", errors.mean(), on_epoch=True, batch_size=len(squares))
        self.log("held_out_median_deg", errors.median(), on_epoch=True, batch_size=len(squares))

    def configure_optimizers(self) -> Any:
        """Return the optimiser and its schedule."""
        settings = self.training_settings
        return one_cycle(self, settings.learning_rate, settings.weight_decay, _WARM_UP)


class Turns(lightning.LightningDataModule):
    """What is trained on and what is held out meanwhile.

    Parameters
    ----------
    train, validation : sequence of PreparedTurn
    training : OrienterTraining
    n_workers : int
        Processes that make looks; 0 makes them in this one.
    """

    def __init__(
        self,
        train: Sequence[PreparedTurn],
        validation: Sequence[PreparedTurn],
        training: OrienterTraining,
        n_workers: int = 0,
    ) -> None:
        super().__init__()
        self.train, self.validation = train, validation
        self.training_settings, self.n_workers = training, n_workers

    def train_dataloader(self) -> DataLoader[Pair]:
        """Return the looks of the current epoch."""
        epoch = self.trainer.current_epoch if self.trainer else 0
        looks = TurnLooks(self.train, self.training_settings, epoch)
        size = self.training_settings.batch_size
        return DataLoader(looks, size, num_workers=self.n_workers, drop_last=len(looks) > size)

    def val_dataloader(self) -> DataLoader[Pair]:
        """Return what is held out."""
        looks = HeldOut(self.validation, self.training_settings, HELD_OUT_TURNS)
        return DataLoader(looks, 64, num_workers=self.n_workers)
