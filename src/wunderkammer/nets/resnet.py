"""ResNet-18, with the names of the published weights."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

N_FEATURES = 512
"""Length of its vectors."""

_WIDTHS = (64, 128, 256, 512)


class ResNet18(nn.Module):
    """ResNet-18 [1]_ up to the mean of its last maps; there is no classifier.

    Parameters
    ----------
    small_stem : bool
        Begin with a convolution of 3 x 3 at full size and no pooling, as is done for
        images of some 32 pixels; otherwise with 7 x 7 at a stride of 2, and pooling.

    Notes
    -----
    Layers are named as in the weights that are published, see :func:`from_published`.

    References
    ----------
    .. [1] He, K., Zhang, X., Ren, S. & Sun, J. (2016). Deep residual learning for
       image recognition. CVPR, 770-778.
    """

    def __init__(self, *, small_stem: bool = False) -> None:
        super().__init__()
        if small_stem:
            self.conv1 = nn.Conv2d(3, 64, 3, padding=1, bias=False)
        else:
            self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.pooled = not small_stem
        previous = 64
        for place, width in enumerate(_WIDTHS, 1):
            first = _Block(previous, width, stride=1 if place == 1 else 2)
            setattr(self, f"layer{place}", nn.Sequential(first, _Block(width, width)))
            previous = width
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return vectors (n, 512) of normalised pixels (n, 3, height, width)."""
        maps = nn.functional.relu(self.bn1(self.conv1(pixels)))
        if self.pooled:
            maps = nn.functional.max_pool2d(maps, 3, stride=2, padding=1)
        for place in range(1, len(_WIDTHS) + 1):
            maps = getattr(self, f"layer{place}")(maps)
        return maps.mean((2, 3))


class _Block(nn.Module):
    """Two convolutions beside a way around them."""

    def __init__(self, inner: int, outer: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inner, outer, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outer)
        self.conv2 = nn.Conv2d(outer, outer, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outer)
        self.downsample: nn.Module = nn.Identity()
        if stride > 1 or inner != outer:
            around = nn.Conv2d(inner, outer, 1, stride, bias=False)
            self.downsample = nn.Sequential(around, nn.BatchNorm2d(outer))

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        inner = nn.functional.relu(self.bn1(self.conv1(maps)))
        return nn.functional.relu(self.bn2(self.conv2(inner)) + self.downsample(maps))


def from_published(state: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the state of a :class:`ResNet18` from that of a published one: all but ``fc``."""
    return {name: value for name, value in state.items() if not name.startswith("fc.")}
