"""Leaving values out in training, drawn from a generator of one's own."""

from __future__ import annotations

import torch
from torch import nn


class Dropping(nn.Module):
    """Dropout [1]_ whose draws do not come from the generator that all of torch shares.

    Networks that are trained side by side then draw the same whatever the others do.

    Parameters
    ----------
    share : float
        Share of the values that are left out in training; the others grow by as much.

    Attributes
    ----------
    generator : torch.Generator or None
        Where draws come from, on the device of the values; None: torch's own.

    References
    ----------
    .. [1] Srivastava, N. et al. (2014). Dropout: a simple way to prevent neural networks from
       overfitting. JMLR 15, 1929-1958.
    """

    def __init__(self, share: float = 0.5) -> None:
        super().__init__()
        self.share = share
        self.generator: torch.Generator | None = None

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return the values, some of them 0 in training; as they are in evaluation."""
        if not self.training or self.share <= 0:
            return values
        drawn = torch.rand(values.shape, generator=self.generator, device=values.device)
        return values * (drawn >= self.share) / (1 - self.share)


def draw_from(network: nn.Module, generator: torch.Generator | None) -> None:
    """Let all that a network leaves out be drawn from a generator."""
    for module in network.modules():
        if isinstance(module, Dropping):
            module.generator = generator
