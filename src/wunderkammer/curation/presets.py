"""Presets: which networks become members, and how they are trained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.settings import Settings
from wunderkammer.imaging.preparing import Fit, Preparation, prepared

if TYPE_CHECKING:
    import torch

    from wunderkammer.curation._members import Looked

Images = npt.NDArray[np.uint8]


class NetworkSettings(Settings):
    """What all networks that become members have in common."""

    n_members: int = Field(5, ge=1, le=50, description="Members of the ensemble.")
    seed: int = Field(0, ge=0, description="Draws first weights, orders, views, folds.")
    n_folds: int = Field(
        5,
        ge=0,
        le=50,
        description="Folds in which labelled media are held out in turn, every member being "
        "trained again without each; 0: none is held out, and nothing is measured.",
    )
    side_px: int = Field(224, ge=32, description="Side of the square that is looked at.")
    fit: Fit = Field("pad", description="How a picture becomes a square.")
    n_views: Literal[1, 2, 4] = Field(
        2, description="1: as it is; 2: mirrored too; 4: upside down as well."
    )
    batch_size: int = Field(32, ge=1, description="Pictures of a step.")
    learning_rate: float = Field(3e-4, gt=0, description="Of Adam.")
    n_epochs: int = Field(60, ge=1, description="Most epochs.")
    n_epochs_unjudged: int = Field(
        20, ge=1, description="Epochs where too little is held out to see when to stop."
    )
    patience: int = Field(8, ge=1, description="Epochs without a lower held-out loss to stop at.")
    judged: bool = Field(
        True, description="Whether each member holds a fifth of the media out to see when to stop."
    )
    until_right: bool = Field(
        False, description="Whether to stop once all that is learnt from is predicted rightly."
    )
    balance: bool = Field(True, description="Whether every class counts the same.")
    drop: float = Field(0.2, ge=0, lt=1, description="Share of values left out in training.")

    def preparation(self) -> Preparation:
        """Return how a picture becomes the square that is looked at."""
        return Preparation(self.side_px, (0, 0, 0), (1, 1, 1), "area", self.fit, "edge")

    def network(self, n_classes: int) -> torch.nn.Module:
        """Return a member before any training."""
        raise NotImplementedError

    def looked(self, pictures: Images, device: torch.device, workers: Any) -> Looked:
        """Return pictures as the trained part of a member takes them."""
        raise NotImplementedError


class AlexnetMembers(NetworkSettings):
    """AlexNets from scratch, as illustrations of the Biodiversity Heritage Library were sorted.

    Squashed to 256 px, mirrored both ways, Adam at 1e-4, until all is learnt by heart. Other
    than there, nothing is left out of a prediction: what members disagree about is no noise.
    """

    name: Literal["alexnet"] = "alexnet"
    side_px: int = Field(256, ge=64, description="Side of the square that is looked at.")
    fit: Fit = Field("squash", description="How a picture becomes a square.")
    n_views: Literal[1, 2, 4] = Field(
        4, description="1: as it is; 2: mirrored too; 4: upside down as well."
    )
    batch_size: int = Field(64, ge=1, description="Pictures of a step.")
    learning_rate: float = Field(1e-4, gt=0, description="Of Adam.")
    n_epochs_unjudged: int = Field(100, ge=1, description="Most epochs.")
    judged: bool = Field(False, description="Whether a fifth is held out to see when to stop.")
    until_right: bool = Field(
        True, description="Whether to stop once all that is learnt from is predicted rightly."
    )
    balance: bool = Field(False, description="Whether every class counts the same.")
    drop: float = Field(0.5, ge=0, lt=1, description="Share of values left out in training.")
    widths: tuple[int, int, int, int, int] = Field(
        (64, 192, 384, 256, 256), description="Channels of the convolutions."
    )
    n_hidden: int = Field(4096, ge=1, description="Width of the layers above them.")

    def network(self, n_classes: int) -> torch.nn.Module:
        """Return a network with random weights."""
        from wunderkammer.curation._members import alexnet

        return alexnet(self, n_classes)

    def looked(self, pictures: Images, device: torch.device, workers: Any) -> Looked:
        """Return the pixels."""
        from wunderkammer.curation._members import Pixels

        return Pixels(pictures, self.n_views, device)


class TrunkMembers(NetworkSettings):
    """The last blocks of EfficientNet-lite0 fine-tuned, from what it learnt of ImageNet.

    The blocks before them stay, so each picture passes them once for all members and epochs.
    """

    name: Literal["trunk"] = "trunk"
    n_frozen: int = Field(12, ge=1, le=15, description="Blocks, of 16, that stay as they are.")

    def network(self, n_classes: int) -> torch.nn.Module:
        """Return the last blocks with a head."""
        from wunderkammer.curation._members import tail

        return tail(self, n_classes)

    def looked(self, pictures: Images, device: torch.device, workers: Any) -> Looked:
        """Return the maps of the blocks that stay."""
        from wunderkammer.curation._members import Maps, published_trunk
        from wunderkammer.nets.lite_tail import LiteStart

        start = LiteStart(published_trunk(), self.n_frozen).to(device)
        return Maps(pictures, self.n_views, start, workers)


PRESETS: Mapping[str, type[NetworkSettings]] = {"alexnet": AlexnetMembers, "trunk": TrunkMembers}


def as_pictures(images: Iterable[Images], settings: NetworkSettings) -> Images:
    """Return images as the squares that members look at, uint8, (n, side_px, side_px, 3)."""
    how = settings.preparation()
    found = [prepared(one, how) for one in images]
    shape = (0, settings.side_px, settings.side_px, 3)
    return np.stack(found) if found else np.zeros(shape, np.uint8)
