"""Backbones: networks that turn an image into one vector, by name."""

from __future__ import annotations

from typing import Literal

import torch
from torch import nn

from wunderkammer.nets.efficientnet import LiteTrunk
from wunderkammer.nets.resnet import N_FEATURES, ResNet18

Name = Literal["lite", "resnet18", "resnet18-small-stem"]
"""``lite`` is quick on a processor; ``resnet18`` larger; the small stem is for small images."""


class PooledLite(nn.Module):
    """The trunk of EfficientNet-lite0 and the mean of its last maps.

    Parameters
    ----------
    n_blocks : int
        See :class:`~wunderkammer.nets.efficientnet.LiteTrunk`: 16 end in 320 channels.
    """

    def __init__(self, n_blocks: int = 16) -> None:
        super().__init__()
        self.trunk = LiteTrunk(n_blocks)

    @property
    def n_features(self) -> int:
        """Length of its vectors."""
        return self.trunk.channels[-1]

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return vectors (n, n_features) of normalised pixels (n, 3, height, width)."""
        maps: torch.Tensor = self.trunk(pixels)[-1]
        return maps.mean((2, 3))


def backbone(name: Name, n_blocks: int = 16) -> tuple[nn.Module, int]:
    """Return a backbone without trained weights, and the length of its vectors.

    Parameters
    ----------
    name : str
    n_blocks : int
        Blocks of ``lite``; the others have theirs.
    """
    if name == "lite":
        lite = PooledLite(n_blocks)
        return lite, lite.n_features
    return ResNet18(small_stem=name == "resnet18-small-stem"), N_FEATURES
