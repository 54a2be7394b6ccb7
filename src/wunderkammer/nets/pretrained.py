"""Networks of other libraries as modules that turn pixels into vectors."""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import nn

Vector = Literal["pooled", "cls"]


class PooledMaps(nn.Module):
    """The mean of the last maps of a network that has ``extract_features(pixels)``.

    Parameters
    ----------
    network : Module
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return vectors (n, n_features) of a network's input (n, 3, side, side)."""
        network: Any = self.network
        maps: torch.Tensor = network.extract_features(pixels)
        return maps.mean((2, 3))


class HiddenState(nn.Module):
    """One vector of what a transformer, or another model of that library, answers.

    Parameters
    ----------
    model : Module
        Takes ``pixel_values``, and answers with ``last_hidden_state`` and ``pooler_output``.
    vector : str
        ``pooled``: what the model itself makes of all it saw; ``cls``: its first token.
    """

    def __init__(self, model: nn.Module, vector: Vector = "pooled") -> None:
        super().__init__()
        self.model, self.vector = model, vector

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return vectors (n, n_features) of a network's input (n, 3, side, side).

        Raises
        ------
        ValueError
            If the model has no such vector.
        """
        answer = self.model(pixel_values=pixels)
        found: torch.Tensor | None = (
            getattr(answer, "pooler_output", None)
            if self.vector == "pooled"
            else answer.last_hidden_state
        )
        if found is None or (self.vector == "cls" and found.ndim != 3):
            raise ValueError(f"the model has no vector '{self.vector}'")
        return found.flatten(1) if self.vector == "pooled" else found[:, 0]
