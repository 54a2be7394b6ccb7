"""The rotation network: how far a cut-out is turned from upright."""

from __future__ import annotations

import torch
from torch import nn

from wunderkammer.nets.efficientnet import LiteTrunk

KIND = "rotation-net"
"""What its weights are called."""

LOOKS = (1, 2, 4, 8)
"""Ways of looking: as it is, also upside down, in all quarter turns, and all of them mirrored."""

_MIDDLE = 127.0
_HALF = 128.0


class RotationNet(nn.Module):
    """Regresses the cosine and sine of a specimen's turn from its cut-out.

    Parameters
    ----------
    n_blocks : int
        Blocks of the :class:`~wunderkammer.nets.efficientnet.LiteTrunk`, 1 to 16.
    side_px : int
        Side of its square input.
    n_channels, n_hidden : int
        Width of the two layers between the trunk and the answer.
    drop : float
        Share of the hidden units left out in training.

    Notes
    -----
    The answer is not normalised: trained by squared error against unit vectors,
    it is the mean of the vectors that are possible, so its length shrinks where
    the network is unsure. What lies where decides the turn, so the maps are not
    averaged over the plane but read place by place.
    """

    def __init__(
        self,
        n_blocks: int = 8,
        side_px: int = 96,
        n_channels: int = 48,
        n_hidden: int = 128,
        drop: float = 0.1,
    ) -> None:
        super().__init__()
        self.trunk = LiteTrunk(n_blocks, in_channels=4)
        with torch.no_grad():
            self.trunk.eval()
            last = self.trunk(torch.zeros(1, 4, side_px, side_px))[-1]
            self.trunk.train()
        n_places = last.shape[-2] * last.shape[-1]
        self.narrow = nn.Sequential(
            nn.Conv2d(last.shape[1], n_channels, 1, bias=False),
            nn.BatchNorm2d(n_channels),
            nn.ReLU6(),
        )
        self.answer = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(drop),
            nn.Linear(n_channels * n_places, n_hidden),
            nn.ReLU(),
            nn.Linear(n_hidden, 2),
        )

    def forward(self, squares: torch.Tensor) -> torch.Tensor:
        """Return the raw (cosine, sine) of the turn, counter-clockwise as seen.

        Parameters
        ----------
        squares : Tensor of uint8, shape (n, 4, side_px, side_px)
            RGB weighted with alpha, and alpha, as
            :func:`wunderkammer.imaging.centring.centred` makes them.

        Returns
        -------
        Tensor of float32, shape (n, 2)
        """
        vectors: torch.Tensor = self.answer(self.narrow(self.trunk(_normalised(squares))[-1]))
        return vectors


def _normalised(squares: torch.Tensor) -> torch.Tensor:
    """Lay the colours on mid-grey, which is zero; alpha goes from -1 to 1."""
    values = squares.to(torch.float32)
    alpha = values[:, 3:]
    colours = (values[:, :3] - alpha * (_MIDDLE / 255)) / _HALF
    return torch.cat([colours, alpha / 127.5 - 1], dim=1)


def looked(network: nn.Module, squares: torch.Tensor, looks: int) -> torch.Tensor:
    """Return the mean answer over several ways of looking at each square.

    Parameters
    ----------
    network : Module
        A :class:`RotationNet`.
    squares : Tensor of uint8, shape (n, 4, side, side)
    looks : int
        One of ``LOOKS``.

    Returns
    -------
    Tensor of float32, shape (n, 2)
        Each answer turned and mirrored back before the mean is taken: where the
        looks agree it is long, where they contradict each other it is short.
    """
    n, quarters = len(squares), min(looks, 4)
    step = 4 // quarters
    views = [squares] if looks <= 4 else [squares, squares.flip(-1)]
    seen = [torch.rot90(view, step * k, (-2, -1)) for view in views for k in range(quarters)]
    answers = network(torch.cat(seen)).reshape(len(views), quarters, n, 2)
    total = torch.zeros_like(answers[0, 0])
    for mirrored, of_view in enumerate(answers):
        for k, answer in enumerate(of_view):
            back = _turned(answer, -step * k)
            total = total + (back * back.new_tensor([1.0, -1.0]) if mirrored else back)
    return total / (len(views) * quarters)


def _turned(vectors: torch.Tensor, quarters: int) -> torch.Tensor:
    """Turn (cosine, sine) by quarter turns, exactly."""
    cosine, sine = vectors[:, 0], vectors[:, 1]
    ways = ((cosine, sine), (-sine, cosine), (-cosine, -sine), (sine, -cosine))
    return torch.stack(ways[quarters % 4], dim=1)
