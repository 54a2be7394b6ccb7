"""Autoencoders: images to a short code and back."""

from __future__ import annotations

import itertools
from typing import Literal

import torch
from torch import nn

from wunderkammer.nets.resnet import N_FEATURES, ResNet18

SIDES = (16, 32, 64, 128, 256, 512)
"""Sides that the convolutional autoencoder can take."""

_MULTIPLES = (1, 1, 2, 2, 4, 8, 8, 8)
"""Channels at each halving, as multiples of the width."""


class Autoencoder(nn.Module):
    """An encoder to a code and a decoder back, plain or variational [1]_.

    Parameters
    ----------
    network : str
        ``"convolutional"``: residual blocks, each halving by a convolution of stride 2;
        ``"resnet18"``: :class:`~wunderkammer.nets.resnet.ResNet18` with the small stem,
        and its mirror image.
    side_px : int
        Side of the square images: one of :data:`SIDES`.
    n_latent : int
        Length of the code.
    width : int
        Channels at full size, of the convolutional one.
    n_residual : int
        Residual blocks before each halving, of the convolutional one.
    variational : bool
        Whether the code is a mean and a log variance.
    sigmoid : bool
        Whether what is decoded is pressed into [0, 1].

    References
    ----------
    .. [1] Kingma, D. P. & Welling, M. (2014). Auto-encoding variational Bayes. ICLR.
    """

    def __init__(
        self,
        network: Literal["convolutional", "resnet18"] = "convolutional",
        *,
        side_px: int = 128,
        n_latent: int = 128,
        width: int = 32,
        n_residual: int = 2,
        variational: bool = False,
        sigmoid: bool = False,
    ) -> None:
        super().__init__()
        self.sigmoid = sigmoid
        self.trunk: nn.Module
        self.decoder: nn.Module
        if network == "resnet18":
            self.trunk = ResNet18(small_stem=True)
            self.decoder = ResNetDecoder(n_latent, side_px)
            before: list[nn.Module] = []
            self.n_trunk = N_FEATURES
        else:
            self.trunk = ConvolutionalEncoder(side_px, n_latent, width, n_residual)
            self.decoder = ConvolutionalDecoder(side_px, n_latent, width, n_residual)
            before = _hidden(n_latent, n_latent)
            self.n_trunk = n_latent
        if variational and network == "convolutional":
            before += [nn.Linear(n_latent, n_latent), nn.BatchNorm1d(n_latent), nn.ReLU()]
        self.before = nn.Sequential(*before)
        self.mean = nn.Linear(self.n_trunk, n_latent)
        self.log_variance = nn.Linear(self.n_trunk, n_latent) if variational else None

    def encode(self, pixels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
        """Return mean and log variance (n, n_latent) of pixels (n, 3, side, side).

        A plain autoencoder has no variance: the mean is its code.
        """
        inner = self.before(self.trunk(pixels))
        spread = None if self.log_variance is None else self.log_variance(inner)
        return self.mean(inner), spread

    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """Return images (n, 3, side, side), in [0, 1] but for what is decoded wrongly."""
        pixels: torch.Tensor = self.decoder(codes)
        return torch.sigmoid(pixels) if self.sigmoid else pixels


def drawn(mean: torch.Tensor, log_variance: torch.Tensor | None) -> torch.Tensor:
    """Return a code drawn from its normal distribution; the mean where there is no variance."""
    if log_variance is None:
        return mean
    return mean + torch.randn_like(mean) * torch.exp(0.5 * log_variance)


class ConvolutionalEncoder(nn.Sequential):
    """Residual blocks and halvings down to 4 x 4, then one vector.

    Parameters
    ----------
    side_px, n_latent, width, n_residual : int
        See :class:`Autoencoder`.
    """

    def __init__(self, side_px: int, n_latent: int, width: int, n_residual: int) -> None:
        widths = _widths(side_px, width)
        layers = _normalised(nn.Conv2d(3, width, 3, padding=1), width)
        for inner, outer in itertools.pairwise(widths):
            layers += [_Residual(inner) for _ in range(n_residual)]
            layers += _normalised(nn.Conv2d(inner, outer, 4, 2, 1), outer)
        layers += [_Residual(widths[-1]) for _ in range(n_residual)]
        layers += _normalised(nn.Conv2d(widths[-1], n_latent, 4), n_latent)
        super().__init__(*layers, nn.Flatten())


class ConvolutionalDecoder(nn.Sequential):
    """The mirror image of :class:`ConvolutionalEncoder`.

    Parameters
    ----------
    side_px, n_latent, width, n_residual : int
        See :class:`Autoencoder`.
    """

    def __init__(self, side_px: int, n_latent: int, width: int, n_residual: int) -> None:
        widths = _widths(side_px, width)[::-1]
        layers = _hidden(n_latent, n_latent)
        layers.append(nn.Unflatten(1, (n_latent, 1, 1)))
        layers += _normalised(nn.ConvTranspose2d(n_latent, widths[0], 4), widths[0])
        layers += [_Residual(widths[0]) for _ in range(n_residual)]
        for inner, outer in itertools.pairwise(widths):
            layers += _normalised(nn.ConvTranspose2d(inner, outer, 4, 2, 1), outer)
            layers += [_Residual(outer) for _ in range(n_residual)]
        super().__init__(*layers, nn.Conv2d(widths[-1], 3, 3, padding=1))


def _widths(side_px: int, width: int) -> list[int]:
    """Return the channels at full size and after each halving, down to 4 x 4."""
    n_halvings = (side_px // 4).bit_length() - 1
    return [width * multiple for multiple in _MULTIPLES[: n_halvings + 1]]


def _normalised(convolution: nn.Module, n_channels: int) -> list[nn.Module]:
    return [convolution, nn.BatchNorm2d(n_channels), nn.ReLU()]


def _hidden(inner: int, outer: int) -> list[nn.Module]:
    return [nn.Linear(inner, outer), nn.BatchNorm1d(outer), nn.ReLU()]


class _Residual(nn.Module):
    """Two convolutions beside a way around them, all of one width."""

    def __init__(self, n_channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *_normalised(nn.Conv2d(n_channels, n_channels, 3, padding=1), n_channels),
            nn.Conv2d(n_channels, n_channels, 3, padding=1),
            nn.BatchNorm2d(n_channels),
        )

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        return nn.functional.relu(self.layers(maps) + maps)


class ResNetDecoder(nn.Module):
    """ResNet-18 turned round: a code to an image.

    Parameters
    ----------
    n_latent : int
    side_px : int
        A multiple of 8.
    """

    def __init__(self, n_latent: int, side_px: int) -> None:
        super().__init__()
        self.side_px = side_px
        self.begin = nn.Linear(n_latent, N_FEATURES * 4 * 4)
        plan = ((512, 256, 2), (256, 128, 2), (128, 64, 2), (64, 64, 1))
        blocks = [
            block
            for inner, outer, scale in plan
            for block in (_Growing(inner, outer, scale), _Growing(outer, outer))
        ]
        self.blocks = nn.Sequential(*blocks)
        self.end = nn.Conv2d(64, 3, 3, padding=1, bias=False)

    def forward(self, codes: torch.Tensor) -> torch.Tensor:
        """Return images (n, 3, side_px, side_px) of codes (n, n_latent)."""
        maps = self.begin(codes).unflatten(1, (N_FEATURES, 4, 4))
        maps = nn.functional.interpolate(maps, size=self.side_px // 8)
        pixels: torch.Tensor = self.end(self.blocks(maps))
        return pixels


class _Growing(nn.Module):
    """A residual block whose second convolution enlarges and narrows."""

    def __init__(self, inner: int, outer: int, scale: int = 1) -> None:
        super().__init__()
        larger = [nn.Upsample(scale_factor=scale)] if scale > 1 else []
        self.layers = nn.Sequential(
            nn.Conv2d(inner, inner, 3, padding=1, bias=False),
            nn.BatchNorm2d(inner),
            nn.ReLU(),
            *larger,
            nn.Conv2d(inner, outer, 3, padding=1, bias=False),
            nn.BatchNorm2d(outer),
        )
        self.around: nn.Module = nn.Identity()
        if scale > 1 or inner != outer:
            self.around = nn.Sequential(
                *larger, nn.Conv2d(inner, outer, 1, bias=False), nn.BatchNorm2d(outer)
            )

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        return nn.functional.relu(self.layers(maps) + self.around(maps))
