"""Latents: what a trained autoencoder makes of pictures, and of codes between and beyond them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch

from wunderkammer.core.errors import StageError
from wunderkammer.training.networks import Reconstruction, Scaling
from wunderkammer.training.reconstruction import structural_similarity
from wunderkammer.training.trained_encoder import TrainedEncoder

Image = npt.NDArray[np.uint8]
Images = npt.NDArray[np.uint8]
Codes = npt.NDArray[np.float32]

_AT_ONCE = 32


class Likeness(NamedTuple):
    """How like its original a reconstruction is.

    Attributes
    ----------
    error : float
        Mean absolute difference of pixels in [0, 1]; 0 is the best.
    similarity : float
        Structural similarity, in [-1, 1]; 1 is the best.
    """

    error: float
    similarity: float


class Latents:
    """The codes of an autoencoder, plain or variational.

    Parameters
    ----------
    encoder : TrainedEncoder

    Raises
    ------
    StageError
        If it has no decoder.
    """

    def __init__(self, encoder: TrainedEncoder) -> None:
        if not isinstance(encoder.network, Reconstruction):
            kind = encoder.training.settings()["kind"]
            raise StageError(
                f"an encoder of the kind '{kind}' makes no pictures: it has no decoder.",
                hint="Train one of the kind autoencoder or vae.",
            )
        self._encoder = encoder
        self._network = encoder.network.autoencoder
        preparation = encoder.preparation
        self._scaling = Scaling(preparation.mean, preparation.std)

    def squares(self, pictures: Sequence[Image]) -> Images:
        """Return pictures as the network sees them, uint8 (n, side, side, 3)."""
        found: Images = self._encoder.squares(pictures).permute(0, 2, 3, 1).contiguous().numpy()
        return found

    def codes(self, squares: Images) -> Codes:
        """Return the code of each square, (n, n_latent); of a variational one, the mean."""
        parts = []
        with torch.inference_mode():
            for start in range(0, len(squares), _AT_ONCE):
                pixels = _pixels(squares[start : start + _AT_ONCE])
                parts.append(self._network.encode(self._scaling(pixels))[0].numpy())
        return np.concatenate(parts)

    def pictures(self, codes: Codes) -> Images:
        """Return the picture of each code, uint8 (n, side, side, 3)."""
        parts = []
        with torch.inference_mode():
            for start in range(0, len(codes), _AT_ONCE):
                some = torch.from_numpy(np.ascontiguousarray(codes[start : start + _AT_ONCE]))
                made = self._network.decode(some.float()).clamp(0, 1)
                parts.append((made * 255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy())
        return np.concatenate(parts)


def likeness(squares: Images, made: Images) -> list[Likeness]:
    """Return how like each picture is to the square it was made from."""
    one, other = _pixels(squares), _pixels(made)
    error = (one - other).abs().mean((1, 2, 3)).tolist()
    similarity = structural_similarity(one, other).tolist()
    return [Likeness(*both) for both in zip(error, similarity, strict=True)]


def between(first: Codes, last: Codes, n_steps: int) -> Codes:
    """Return codes on the straight line from one to another, both included.

    Parameters
    ----------
    first, last : ndarray of float32, shape (n_latent,)
    n_steps : int
        How many, at least 2.

    Examples
    --------
    >>> between(np.zeros(1, np.float32), np.ones(1, np.float32), 3)[:, 0].tolist()
    [0.0, 0.5, 1.0]
    """
    share = np.linspace(0, 1, n_steps, dtype=np.float32)[:, None]
    return np.asarray((1 - share) * first + share * last, np.float32)


def traversal(codes: Codes, channel: int, n_steps: int, reach: float = 2.5) -> Codes:
    """Return codes along one channel through the middle of some codes.

    Parameters
    ----------
    codes : ndarray of float32, shape (n, n_latent)
        Of many media; all other channels stay at their means.
    channel : int
    n_steps : int
    reach : float
        How far to go to either side, in standard deviations of the channel.
    """
    middle, spread = codes.mean(axis=0), float(codes[:, channel].std())
    found = np.repeat(middle[None], n_steps, axis=0).astype(np.float32)
    found[:, channel] += np.linspace(-reach, reach, n_steps, dtype=np.float32) * spread
    return found


def most_variable(vectors: npt.NDArray[np.floating], n: int) -> list[int]:
    """Return the channels of some vectors that vary most, the most variable first."""
    variance = np.asarray(vectors, np.float64).var(axis=0)
    order: list[int] = np.argsort(-variance, kind="stable")[:n].tolist()
    return order


def _pixels(squares: Images) -> torch.Tensor:
    """Return squares as float32 (n, 3, side, side) in [0, 1]."""
    return torch.from_numpy(np.ascontiguousarray(squares)).permute(0, 3, 1, 2).float() / 255
