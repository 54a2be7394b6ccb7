"""VGG-16 up to its second fully connected layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import nn

WIDTHS = (64, 128, 256, 512, 512)
"""Channels of the five blocks."""

N_HIDDEN = 4096
_CONVOLUTIONS = (2, 2, 3, 3, 3)
_POOLED_PX = 7


class Vgg16Fc2(nn.Module):
    """VGG-16 [1]_ up to the second fully connected layer, its rectifier included.

    Parameters
    ----------
    widths : sequence of int
        Channels of the five blocks.
    n_hidden : int
        Width of both fully connected layers: the length of the vectors.

    Notes
    -----
    Its parameters are called as in the weights that are published for torch, so that
    those fit as they are; without the classifier's last layer it has 134 million.

    References
    ----------
    .. [1] Simonyan, K. & Zisserman, A. (2015). Very deep convolutional networks for
       large-scale image recognition. ICLR.
    """

    def __init__(self, widths: Sequence[int] = WIDTHS, n_hidden: int = N_HIDDEN) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        previous = 3
        for width, repeats in zip(widths, _CONVOLUTIONS, strict=True):
            for _ in range(repeats):
                layers += [nn.Conv2d(previous, width, 3, padding=1), nn.ReLU()]
                previous = width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.pool = nn.AdaptiveAvgPool2d(_POOLED_PX)
        self.classifier = nn.Sequential(
            nn.Linear(previous * _POOLED_PX**2, n_hidden),
            nn.ReLU(),
            nn.Identity(),  # where the published network drops values in training
            nn.Linear(n_hidden, n_hidden),
            nn.ReLU(),
        )

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return vectors (n, n_hidden), none below 0, of a network's input (n, 3, side, side)."""
        maps = self.pool(self.features(pixels))
        vectors: torch.Tensor = self.classifier(maps.flatten(1))
        return vectors

    def load_published(self, state: Mapping[str, torch.Tensor]) -> None:
        """Take published weights, less those of the layers above.

        Raises
        ------
        RuntimeError
            If one is missing or of another shape.
        """
        wanted = self.state_dict().keys()
        self.load_state_dict({name: value for name, value in state.items() if name in wanted})
