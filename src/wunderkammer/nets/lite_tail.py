"""The last blocks of EfficientNet-lite0 with a head: what is fine-tuned, and what is not."""

from __future__ import annotations

import torch
from torch import nn

from wunderkammer.nets.dropping import Dropping
from wunderkammer.nets.efficientnet import LiteTrunk

N_BLOCKS = 16


class LiteStart(nn.Module):
    """The stem and the first blocks of a trunk: they stay as they are.

    Parameters
    ----------
    trunk : LiteTrunk
        Its blocks are shared, not copied.
    n_blocks : int
        How many of them.
    """

    def __init__(self, trunk: LiteTrunk, n_blocks: int) -> None:
        super().__init__()
        self.stem = trunk.stem
        self.blocks = nn.Sequential(*list(trunk.blocks)[:n_blocks])
        self.requires_grad_(False)
        self.eval()

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return maps of 8-bit pixels (n, 3, height, width)."""
        maps: torch.Tensor = self.blocks(self.stem((pixels.float() - 127) / 128))
        return maps


class LiteTail(nn.Module):
    """The other blocks, the mean of their last maps, and a linear head.

    Parameters
    ----------
    trunk : LiteTrunk
        Of 16 blocks; those that are taken are no longer its own.
    n_first : int
        Blocks that are left to :class:`LiteStart`.
    n_classes : int
    drop : float
        Share of the features that are left out in training.

    Notes
    -----
    Normalisations keep the statistics they came with, in training too: those of a few dozen
    media would be worse. The head begins at zero, so that all classes begin equal.
    """

    def __init__(self, trunk: LiteTrunk, n_first: int, n_classes: int, drop: float = 0.2) -> None:
        super().__init__()
        self.blocks = nn.Sequential(*list(trunk.blocks)[n_first:])
        self.drop = Dropping(drop)
        self.head = nn.Linear(trunk.channels[-1], n_classes)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def train(self, mode: bool = True) -> LiteTail:
        """Begin or end training; normalisations never take part in it."""
        super().train(mode)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        return self

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Return logits (n, n_classes) of the maps that the first blocks made."""
        logits: torch.Tensor = self.head(self.drop(self.blocks(maps).mean((2, 3))))
        return logits
