"""Excitation: pictures made so that a channel of a network answers as strongly as it can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from wunderkammer.core.errors import ConfigurationError
from wunderkammer.imaging.preparing import Preparation

_SCALE, _TURN_DEG = 0.1, 8.0
_START = 0.01
_COLOURS = ((0.26, 0.09, 0.02), (0.27, 0.00, -0.05), (0.27, -0.09, 0.03))
"""How the colours of photographs go together, see :func:`_coloured`."""


@dataclass(frozen=True, slots=True)
class Excitation:
    """How pictures are optimised.

    Attributes
    ----------
    n_steps : int
        Steps of the ascent.
    learning_rate : float
        Of Adam, on the spectrum of the picture.
    shift : float
        Random shift at each step, as a share of the side; with it go a scale of up to a
        tenth and a turn of up to 8 degrees.
    seed : int
        Of start and shifts.
    """

    n_steps: int = 256
    learning_rate: float = 0.05
    shift: float = 0.06
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Excited:
    """Pictures that excite channels.

    Attributes
    ----------
    lowest, highest : ndarray of uint8, shape (n_channels, side, side, 3)
    lowest_value, highest_value : ndarray of float32, shape (n_channels,)
        What the channels answer to these pictures.
    """

    lowest: npt.NDArray[np.uint8]
    highest: npt.NDArray[np.uint8]
    lowest_value: npt.NDArray[np.float32]
    highest_value: npt.NDArray[np.float32]


def excited(
    network: nn.Module,
    channels: Sequence[int],
    preparation: Preparation,
    excitation: Excitation | None = None,
) -> Excited:
    """Return pictures that bring channels of a network as low and as high as they go.

    Parameters
    ----------
    network : Module
        Takes scaled pixels (n, 3, side, side) and returns vectors (n, n_features), each
        of its own picture only, as in evaluation.
    channels : sequence of int
    preparation : Preparation
        How a picture becomes the network's input.
    excitation : Excitation, optional

    Raises
    ------
    ConfigurationError
        If the network has no such channel.

    Notes
    -----
    Gradient ascent on the Fourier spectrum of a picture, whose amplitudes are scaled by the
    inverse of their frequency and whose colours go together as those of photographs do; the
    picture is shifted, scaled and turned a little at each step [1]_. Without these the
    result is noise. What comes out shows what a channel answers to, and is no picture of
    a specimen.

    References
    ----------
    .. [1] Olah, C., Mordvintsev, A. & Schubert, L. (2017). Feature visualization. Distill.
    """
    excitation = excitation or Excitation()
    n, side = len(channels), preparation.side_px
    targets = torch.tensor([*channels, *channels])
    signs = torch.cat([-torch.ones(n), torch.ones(n)])
    rng = np.random.default_rng(excitation.seed)
    shape = (2 * n, 3, side, side // 2 + 1, 2)
    spectrum = torch.from_numpy(rng.normal(scale=_START, size=shape).astype(np.float32))
    spectrum.requires_grad_()
    optimiser = torch.optim.Adam([spectrum], excitation.learning_rate)

    def answers(pixels: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = network(_scaled(pixels, preparation))
        if max(channels, default=-1) >= found.shape[1]:
            raise ConfigurationError(
                f"channels: the network has {found.shape[1]}, from 0, and {max(channels)} was "
                "asked for."
            )
        return found.gather(1, targets[:, None])[:, 0]

    with torch.enable_grad():
        for _ in range(excitation.n_steps):
            optimiser.zero_grad()
            moved = _moved(_painted(spectrum, side), excitation.shift, rng)
            (-(signs * answers(moved)).sum()).backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    with torch.no_grad():
        pixels = _painted(spectrum, side)
        values = answers(pixels).numpy()
        whole = (pixels.permute(0, 2, 3, 1) * 255).round().to(torch.uint8).numpy()
    return Excited(whole[:n], whole[n:], values[:n], values[n:])


def _painted(spectrum: torch.Tensor, side: int) -> torch.Tensor:
    """Return pictures (n, 3, side, side) in [0, 1] of spectra."""
    across = torch.fft.rfftfreq(side)
    down = torch.fft.fftfreq(side)
    frequency = torch.hypot(down[:, None], across[None]).clamp_min(1 / side)
    complexes = torch.view_as_complex(spectrum) / frequency
    planes = torch.fft.irfft2(complexes, s=(side, side), norm="ortho")
    return torch.sigmoid(_coloured(planes))


def _coloured(planes: torch.Tensor) -> torch.Tensor:
    """Return planes of independent colours as the red, green and blue of photographs.

    The matrix is the root of the covariance of colours over ImageNet, as published with [1]_
    of :func:`excited`.
    """
    matrix = planes.new_tensor(_COLOURS)
    matrix = matrix / matrix.norm(dim=0).max()
    return torch.einsum("nchw,dc->ndhw", planes, matrix)


def _moved(pixels: torch.Tensor, shift: float, rng: np.random.Generator) -> torch.Tensor:
    """Return pictures shifted, scaled and turned at random; their edges go on outside."""
    n = len(pixels)
    angle = np.radians(rng.uniform(-_TURN_DEG, _TURN_DEG, n))
    scale = rng.uniform(1 - _SCALE, 1 + _SCALE, n)
    x, y = rng.uniform(-2 * shift, 2 * shift, (2, n))
    rows = [
        [scale * np.cos(angle), -scale * np.sin(angle), x],
        [scale * np.sin(angle), scale * np.cos(angle), y],
    ]
    theta = torch.from_numpy(np.array(rows, np.float32)).permute(2, 0, 1)
    grid = nn.functional.affine_grid(theta, list(pixels.shape), align_corners=False)
    return nn.functional.grid_sample(pixels, grid, padding_mode="reflection", align_corners=False)


def _scaled(pixels: torch.Tensor, preparation: Preparation) -> torch.Tensor:
    """Return a network's input for pixels in [0, 1]."""
    mean, std = (
        pixels.new_tensor(values).view(1, 3, 1, 1) for values in (preparation.mean, preparation.std)
    )
    return (pixels - mean) / std
