"""Learning by contrast, without labels: two views of one picture belong together."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from wunderkammer.training.encoder_settings import SimclrTraining
from wunderkammer.training.networks import Places, Representation
from wunderkammer.training.representation import (
    Figures,
    RepresentationModule,
    batches,
    exactly,
    held_out_rng,
)


class SimclrModule(RepresentationModule):
    """A backbone that learns from pairs of views [1]_.

    References
    ----------
    .. [1] Chen, T., Kornblith, S., Norouzi, M. & Hinton, G. (2020). A simple framework
       for contrastive learning of visual representations. ICML, 1597-1607.
    """

    training_settings: SimclrTraining
    network: Representation

    def draw(self, places: Places, epoch: int) -> list[Places]:
        """Return places by the batch, each of them twice in a row."""
        return [np.repeat(some, 2) for some in super().draw(places, epoch)]

    def held_out(self, places: Places) -> list[Places]:
        """Return held-out places by the batch, each of them twice in a row."""
        some = batches(places, self.training_settings.batch_size)
        return [np.repeat(one, 2) for one in some]

    def held_out_figures(self, batch: torch.Tensor, batch_idx: int) -> Figures:
        """Return the figures of a held-out batch, in views that are the same each time."""
        rng = held_out_rng(self.training_settings.seed, batch_idx)
        return self.loss(batch, self.looked_at(batch, rng))

    def loss(self, places: torch.Tensor, pixels: torch.Tensor) -> Figures:
        """Return the loss of pairs, and the share of views whose own pair is nearest."""
        vectors = self.network.head(self.network.features(self.inputs(pixels)))
        with exactly(self.device):
            logits, own = similarities(vectors.float(), self.training_settings.temperature)
            loss = nn.functional.cross_entropy(logits, own)
            found = (logits.argmax(1) == own).float().mean()
        return {"loss": loss, "pairs_found": found}


def similarities(vectors: torch.Tensor, temperature: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Return logits and targets of the normalised, temperature-scaled cross-entropy (NT-Xent).

    Parameters
    ----------
    vectors : Tensor, shape (2 n, d)
        The two views of each picture stand one after the other.
    temperature : float

    Returns
    -------
    logits : Tensor, shape (2 n, 2 n)
        Cosine by temperature; never of a view with itself.
    own : Tensor of int64, shape (2 n,)
        The row of each view's pair.
    """
    unit = nn.functional.normalize(vectors)
    logits = (unit @ unit.T / temperature).clone()
    logits.fill_diagonal_(-torch.inf)
    rows = torch.arange(len(vectors), device=vectors.device)
    return logits, rows ^ 1
