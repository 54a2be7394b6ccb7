"""A U-Net on the trunk of EfficientNet-lite0."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from wunderkammer.nets.efficientnet import LiteTrunk

MULTIPLE = 32
"""Height and width of the input are multiples of this."""

_STRIDES = 5


class UNet(nn.Module):
    """Images to the logit of "this pixel belongs to a specimen" [1]_.

    Parameters
    ----------
    n_blocks : int
        Blocks of the trunk, see :class:`~wunderkammer.nets.efficientnet.LiteTrunk`.
    widths : sequence of int
        Channels of the way up, from stride 16 to stride 1.

    References
    ----------
    .. [1] Ronneberger, O., Fischer, P. & Brox, T. (2015). U-Net: convolutional
       networks for biomedical image segmentation. MICCAI, 234-241.
    """

    def __init__(self, n_blocks: int = 12, widths: Sequence[int] = (80, 64, 32, 16, 16)) -> None:
        super().__init__()
        self.trunk = LiteTrunk(n_blocks)
        *skips, deepest = self.trunk.channels
        self.context = _Context(deepest)
        self.up = nn.ModuleList()
        inner = deepest
        for skip, width in zip([*reversed(skips), 3], widths, strict=True):
            self.up.append(_Up(inner, skip, width))
            inner = width
        self.head = nn.Conv2d(inner, 1, 1)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return logits.

        Parameters
        ----------
        pixels : Tensor, shape (n, 3, height, width)
            RGB as ``(value - 127) / 128``; height and width are multiples of 32.

        Returns
        -------
        Tensor, shape (n, 1, height, width)
        """
        *skips, inner = self.trunk(pixels)
        inner = self.context(inner)
        for up, skip in zip(self.up, [*reversed(skips), pixels], strict=True):
            inner = up(inner, skip)
        logits: torch.Tensor = self.head(inner)
        return logits


class _Context(nn.Module):
    """Tells each place of the deepest maps what the whole image holds."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.whole = nn.Sequential(nn.Conv2d(width, width, 1), nn.ReLU())
        self.around = nn.Sequential(
            nn.Conv2d(width, width, 5, padding=2, groups=width, bias=False),
            nn.BatchNorm2d(width),
            nn.Conv2d(width, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
        )

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        whole = self.whole(maps.mean((2, 3), keepdim=True))
        result: torch.Tensor = maps + self.around(maps + whole)
        return result


class _Up(nn.Module):
    """Twice the size, joined with the maps of the way down."""

    def __init__(self, inner: int, skip: int, outer: int) -> None:
        super().__init__()
        self.narrow = nn.Conv2d(inner, outer, 1, bias=False)
        self.join = nn.Sequential(
            nn.Conv2d(outer + skip, outer, 3, padding=1, bias=False),
            nn.BatchNorm2d(outer),
            nn.ReLU(),
            nn.Conv2d(outer, outer, 3, padding=1, bias=False),
            nn.BatchNorm2d(outer),
            nn.ReLU(),
        )

    def forward(self, maps: torch.Tensor, skip: torch.Tensor) -> torch.Tensor:
        maps = nn.functional.interpolate(
            self.narrow(maps), scale_factor=2.0, mode="bilinear", align_corners=False
        )
        joined: torch.Tensor = self.join(torch.cat([maps, skip], 1))
        return joined
