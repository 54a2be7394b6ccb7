"""The trunk of EfficientNet-lite0: mobile inverted bottlenecks with ReLU6."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import nn

STAGES: tuple[tuple[int, int, int, int], ...] = (
    # channels, blocks, stride of the first, kernel
    (16, 1, 1, 3),
    (24, 2, 2, 3),
    (40, 2, 2, 5),
    (80, 3, 2, 3),
    (112, 3, 1, 5),
    (192, 4, 2, 5),
    (320, 1, 1, 3),
)
STEM = 32
_EXPANSION = 6
_EPSILON = 1e-3


class LiteTrunk(nn.Module):
    """EfficientNet-lite0 [1]_ without its head, up to a number of blocks.

    Parameters
    ----------
    n_blocks : int
        How many of its 16 blocks there are: 12 end in 192 channels at a stride
        of 32, 11 in 112 channels at 16.
    in_channels : int
        Channels of the input.

    Notes
    -----
    Blocks are named as in the published weights, see :func:`from_published`.
    Padding is that of the published network: one pixel more at the right and
    below where a stride of 2 leaves a rest.

    References
    ----------
    .. [1] Tan, M. & Le, Q. (2019). EfficientNet: rethinking model scaling for
       convolutional neural networks. ICML, 6105-6114.
    """

    def __init__(self, n_blocks: int = 12, in_channels: int = 3) -> None:
        super().__init__()
        self.stem = _Convolution(in_channels, STEM, 3, stride=2)
        self.blocks = nn.ModuleList()
        self.channels: list[int] = []
        previous = STEM
        plan = [
            (width, stride if first else 1, kernel)
            for width, repeats, stride, kernel in STAGES
            for first in [True] + [False] * (repeats - 1)
        ]
        for place, (width, stride, kernel) in enumerate(plan[:n_blocks]):
            if stride == 2:
                self.channels.append(previous)
            expansion = _EXPANSION if place else 1
            self.blocks.append(_Bottleneck(previous, width, kernel, stride, expansion))
            previous = width
        self.channels.append(previous)

    def forward(self, pixels: torch.Tensor) -> list[torch.Tensor]:
        """Return the last maps of each stride: 2, 4, 8, 16, 32 as far as it goes.

        Parameters
        ----------
        pixels : Tensor, shape (n, in_channels, height, width)
            Normalised as ``(value - 127) / 128`` for 8-bit values.
        """
        maps: list[torch.Tensor] = []
        inner = self.stem(pixels)
        for block in self.blocks:
            if block.stride == 2:
                maps.append(inner)
            inner = block(inner)
        return [*maps, inner]


class _Convolution(nn.Module):
    """Convolution padded as TensorFlow does ("same"), normalisation, optionally ReLU6."""

    def __init__(
        self,
        inner: int,
        outer: int,
        kernel: int,
        *,
        stride: int = 1,
        groups: int = 1,
        active: bool = True,
    ) -> None:
        super().__init__()
        self.stride, self.kernel = stride, kernel
        padding = 0 if stride == 2 else kernel // 2
        self.convolution = nn.Conv2d(
            inner, outer, kernel, stride, padding, groups=groups, bias=False
        )
        self.norm = nn.BatchNorm2d(outer, eps=_EPSILON, momentum=0.01)
        self.active = active

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        if self.stride == 2:
            maps = nn.functional.pad(maps, self._rest(maps.shape[-2], maps.shape[-1]))
        if maps.device.type == "cpu" and self.convolution.groups > 1:
            # in bfloat16 the way back through these is four times slower on processors
            with torch.autocast("cpu", enabled=False):
                maps = self.convolution(maps.float())
        else:
            maps = self.convolution(maps)
        maps = self.norm(maps)
        return nn.functional.relu6(maps) if self.active else maps

    def _rest(self, height: int, width: int) -> tuple[int, int, int, int]:
        down, right = (max(0, self.kernel - (2 - side % 2)) for side in (height, width))
        return (right // 2, right - right // 2, down // 2, down - down // 2)


class _Bottleneck(nn.Module):
    """Mobile inverted bottleneck: widen, convolve each channel by itself, narrow."""

    def __init__(self, inner: int, outer: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        self.stride = stride
        wide = inner * expansion
        self.expand = _Convolution(inner, wide, 1) if expansion > 1 else None
        self.depthwise = _Convolution(wide, wide, kernel, stride=stride, groups=wide)
        self.project = _Convolution(wide, outer, 1, active=False)
        self.skips = stride == 1 and inner == outer

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        inner = self.expand(maps) if self.expand is not None else maps
        inner = self.project(self.depthwise(inner))
        result: torch.Tensor = maps + inner if self.skips else inner
        return result


_PARTS = {
    "_expand_conv": "expand.convolution",
    "_bn0": "expand.norm",
    "_depthwise_conv": "depthwise.convolution",
    "_bn1": "depthwise.norm",
    "_project_conv": "project.convolution",
    "_bn2": "project.norm",
}


def from_published(state: Mapping[str, torch.Tensor], n_blocks: int) -> dict[str, torch.Tensor]:
    """Return the state of a :class:`LiteTrunk` from that of the published network."""
    renamed = {}
    for name, value in state.items():
        parts = name.split(".")
        if parts[0] in {"_conv_stem", "_bn0"}:
            inner = "convolution" if parts[0] == "_conv_stem" else "norm"
            renamed[f"stem.{inner}.{parts[-1]}"] = value
        elif parts[0] == "_blocks" and int(parts[1]) < n_blocks:
            renamed[f"blocks.{parts[1]}.{_PARTS[parts[2]]}.{parts[-1]}"] = value
    return renamed
