"""AlexNet, as the one-column network that is known by this name today."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from wunderkammer.nets.dropping import Dropping

WIDTHS = (64, 192, 384, 256, 256)
"""Channels of the five convolutions."""

N_HIDDEN = 4096
_POOLED_PX = 6


class AlexNet(nn.Module):
    """AlexNet [1]_ in its one-column form [2]_: five convolutions and three layers above.

    Parameters
    ----------
    n_classes : int
    widths : sequence of int
        Channels of the five convolutions.
    n_hidden : int
        Width of both fully connected layers.
    drop : float
        Share of values that are left out before each of these in training; nothing is left
        out of a prediction.

    Notes
    -----
    Its parameters are called as in the weights that are published for torch. With two classes
    it has 57 million, nine tenths of them in the fully connected layers.

    References
    ----------
    .. [1] Krizhevsky, A., Sutskever, I. & Hinton, G. E. (2012). ImageNet classification with
       deep convolutional neural networks. NeurIPS 25.
    .. [2] Krizhevsky, A. (2014). One weird trick for parallelizing convolutional neural
       networks. arXiv:1404.5997.
    """

    def __init__(
        self,
        n_classes: int,
        widths: Sequence[int] = WIDTHS,
        n_hidden: int = N_HIDDEN,
        drop: float = 0.5,
    ) -> None:
        super().__init__()
        one, two, three, four, five = widths
        self.features = nn.Sequential(
            nn.Conv2d(3, one, 11, stride=4, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
            nn.Conv2d(one, two, 5, padding=2), nn.ReLU(), nn.MaxPool2d(3, 2),
            nn.Conv2d(two, three, 3, padding=1), nn.ReLU(),
            nn.Conv2d(three, four, 3, padding=1), nn.ReLU(),
            nn.Conv2d(four, five, 3, padding=1), nn.ReLU(), nn.MaxPool2d(3, 2),
        )  # fmt: skip
        self.pool = nn.AdaptiveAvgPool2d(_POOLED_PX)
        self.classifier = nn.Sequential(
            Dropping(drop), nn.Linear(five * _POOLED_PX**2, n_hidden), nn.ReLU(),
            Dropping(drop), nn.Linear(n_hidden, n_hidden), nn.ReLU(),
            nn.Linear(n_hidden, n_classes),
        )  # fmt: skip

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return logits (n, n_classes) of pixels (n, 3, side, side), 63 a side or more."""
        maps = self.pool(self.features(pixels))
        logits: torch.Tensor = self.classifier(maps.flatten(1))
        return logits
