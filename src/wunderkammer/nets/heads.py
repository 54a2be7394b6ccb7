"""Heads: what stands on a backbone while it is trained, and is taken off afterwards."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn


class ProjectionHead(nn.Sequential):
    """Two layers between the vectors that are kept and those that are compared [1]_.

    Parameters
    ----------
    n_features, n_projected : int

    References
    ----------
    .. [1] Chen, T., Kornblith, S., Norouzi, M. & Hinton, G. (2020). A simple framework
       for contrastive learning of visual representations. ICML, 1597-1607.
    """

    def __init__(self, n_features: int, n_projected: int = 128) -> None:
        super().__init__(
            nn.Linear(n_features, n_features, bias=False),
            nn.BatchNorm1d(n_features),
            nn.ReLU(),
            nn.Linear(n_features, n_projected, bias=False),
        )


class ClassifierHeads(nn.Module):
    """A classifier for each rank, on layers that they share.

    Parameters
    ----------
    n_features : int
    n_classes : sequence of int
        Classes of each rank.
    n_hidden : int
        Width of a shared layer between normalisations; 0: none.
    drop : float
        Share of values left out in training before the last layer; half as many before
        the shared one.

    Notes
    -----
    With 512 hidden values and ``drop`` 0.5 it is the head of Walker et al. (2022) [1]_.

    References
    ----------
    .. [1] Walker, B. E., Tucker, A. & Nicolson, N. (2022). Harnessing large-scale
       herbarium image datasets through representation learning. Frontiers in Plant
       Science 12, 806407.
    """

    def __init__(
        self, n_features: int, n_classes: Sequence[int], n_hidden: int = 0, drop: float = 0.5
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.BatchNorm1d(n_features)]
        width = n_features
        if n_hidden:
            layers += [nn.Dropout(drop / 2), nn.Linear(n_features, n_hidden, bias=False)]
            layers += [nn.ReLU(), nn.BatchNorm1d(n_hidden)]
            width = n_hidden
        self.shared = nn.Sequential(*layers, nn.Dropout(drop))
        self.ranks = nn.ModuleList(nn.Linear(width, n, bias=False) for n in n_classes)

    def forward(self, vectors: torch.Tensor) -> list[torch.Tensor]:
        """Return the logits (n, n_classes) of each rank."""
        inner = self.shared(vectors)
        return [rank(inner) for rank in self.ranks]
