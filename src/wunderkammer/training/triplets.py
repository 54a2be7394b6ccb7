"""Learning by triplets: a picture is nearer to one of its label than to one of another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from wunderkammer.core.errors import NotEnoughMediaError
from wunderkammer.training.encoder_settings import TripletTraining
from wunderkammer.training.networks import Places, Representation
from wunderkammer.training.pictures import Pictures
from wunderkammer.training.representation import (
    Figures,
    RepresentationModule,
    batches,
    exactly,
    held_out_rng,
)

_DRAW = 11


class TripletModule(RepresentationModule):
    """A backbone that learns from triplets, drawn beforehand or chosen within a batch.

    Parameters
    ----------
    training, network, pictures, scaling
        See :class:`~wunderkammer.training.representation.RepresentationModule`.
    """

    training_settings: TripletTraining
    network: Representation

    def __init__(
        self, training: TripletTraining, network: Representation, pictures: Pictures, scaling: Any
    ) -> None:
        super().__init__(training, network, pictures, scaling)
        names = [one.labels.get(training.label, "") for one in pictures.examples]
        self.labels = np.unique(names, return_inverse=True)[1].reshape(-1)
        self.labelled = np.array([place for place, name in enumerate(names) if name], np.int64)
        self.mined = training.sampler in {"semi-hard", "batch-hard"}

    def draw(self, places: Places, epoch: int) -> list[Places]:
        """Return triplets (batch_size, 3), or places of which each label has several."""
        settings = self.training_settings
        rng = np.random.default_rng([settings.seed, _DRAW, epoch])
        if self.mined:
            size = max(1, settings.batch_size // settings.n_per_label)
            return balanced(places, self.labels, size, settings.n_per_label, rng)
        triplets = random_triplets(
            rng.permutation(places), places, self.labels, rng, itself=settings.sampler == "random"
        )
        return batches(triplets, settings.batch_size)

    def held_out(self, places: Places) -> list[Places]:
        """Return held-out triplets (batch_size, 3), drawn once; none is made with itself."""
        settings = self.training_settings
        rng = held_out_rng(settings.seed, 0)
        labels = self.labels
        try:
            triplets = random_triplets(places, places, labels, rng)
        except NotEnoughMediaError:
            triplets = random_triplets(places, self.labelled, labels, rng)
        return batches(triplets, settings.batch_size, whole=False)

    def loss(self, places: torch.Tensor, pixels: torch.Tensor) -> Figures:
        """Return the triplet loss, and the share of triplets in the wrong order."""
        settings = self.training_settings
        vectors = self.network.features(self.inputs(pixels))
        with exactly(self.device):
            vectors = vectors.float()
            if places.ndim == 2:
                chosen = torch.arange(len(vectors), device=vectors.device).view(-1, 3).unbind(1)
            else:
                labels = torch.from_numpy(self.labels)[places].to(vectors.device)
                mine = semi_hard if settings.sampler == "semi-hard" else batch_hard
                chosen = mine(torch.cdist(vectors.detach(), vectors.detach()), labels)
            anchor, positive, negative = (vectors[which] for which in chosen)
            loss = nn.functional.triplet_margin_loss(anchor, positive, negative, settings.margin)
            near, far = ((anchor - other).norm(dim=1) for other in (positive, negative))
            wrong = (near >= far).float().mean()
        return {"loss": loss, "wrong": wrong}


def random_triplets(
    anchors: Places,
    places: Places,
    labels: Places,
    rng: np.random.Generator,
    *,
    itself: bool = False,
) -> Places:
    """Return a triplet for each anchor that can have one.

    Parameters
    ----------
    anchors : ndarray of int64
        Places of pictures.
    places : ndarray of int64
        Places of those that positives and negatives are taken from.
    labels : ndarray of int64
        Label of every picture, by its place.
    rng : numpy.random.Generator
    itself : bool
        Whether a positive may be its anchor, as in Walker et al. (2022) [1]_; if not, an
        anchor that is alone with its label has no triplet.

    Returns
    -------
    ndarray of int64, shape (n_triplets, 3)
        Anchor, positive, negative. The negative's label is drawn uniformly among the
        others, then one of its pictures: rare labels come as often as common ones.

    Raises
    ------
    NotEnoughMediaError
        If there are no two labels, or no anchor has a positive.

    References
    ----------
    .. [1] Walker, B. E., Tucker, A. & Nicolson, N. (2022). Harnessing large-scale
       herbarium image datasets through representation learning. Frontiers in Plant
       Science 12, 806407.
    """
    members = _members(places, labels)
    names = sorted(members)
    made = []
    for anchor in anchors.tolist():
        label = int(labels[anchor])
        same = members.get(label, np.array([], np.int64))
        others = same if itself else same[same != anchor]
        n_other = len(names) - (label in members)
        if not len(others) or not n_other:
            continue
        which = int(rng.integers(n_other))
        which += label in members and which >= names.index(label)
        negative = rng.choice(members[names[which]])
        made.append((anchor, int(rng.choice(others)), int(negative)))
    if not made:
        raise _too_few(len(names))
    return np.array(made, np.int64)


def balanced(
    places: Places, labels: Places, n_labels: int, n_each: int, rng: np.random.Generator
) -> list[Places]:
    """Return batches in which some labels have several pictures each.

    Parameters
    ----------
    places, labels : ndarray of int64
        See :func:`random_triplets`. Labels with a single picture are left out.
    n_labels, n_each : int
        Labels of a batch, and pictures of each; one that has fewer brings them all.
    rng : numpy.random.Generator

    Returns
    -------
    list of ndarray
        As many as it takes to look at about as many pictures as there are.

    Raises
    ------
    NotEnoughMediaError
        If fewer than two labels have two pictures.
    """
    members = {one: some for one, some in _members(places, labels).items() if len(some) > 1}
    if len(members) < 2:
        raise _too_few(len(members))
    n_labels = min(max(2, n_labels), len(members))
    rounds = _rounds(np.array(sorted(members)), n_labels, rng)
    queues = {one: _rounds(some, min(n_each, len(some)), rng) for one, some in members.items()}
    n_batches = max(1, round(len(places) / (n_labels * n_each)))
    return [
        np.concatenate([next(queues[one]) for one in next(rounds).tolist()])
        for _ in range(n_batches)
    ]


def _rounds(some: Places, n: int, rng: np.random.Generator) -> Iterator[Places]:
    """Yield n different ones each time, without end; all come before one comes again."""
    queue = rng.permutation(some)
    while True:
        chosen, queue = queue[:n], queue[n:]
        if len(chosen) < n:
            fresh = rng.permutation(some)
            added = fresh[~np.isin(fresh, chosen)][: n - len(chosen)]
            chosen, queue = np.concatenate([chosen, added]), fresh[~np.isin(fresh, added)]
        yield chosen


def _members(places: Places, labels: Places) -> dict[int, Places]:
    of = labels[places]
    return {int(label): places[of == label] for label in np.unique(of)}


def _too_few(n_labels: int) -> NotEnoughMediaError:
    return NotEnoughMediaError(
        f"no triplets can be made: {n_labels} labels have enough pictures, and two labels of two "
        "pictures are needed.",
        hint="Choose labels of a higher rank, such as --labels family, or add media.",
    )


Chosen = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


def semi_hard(distances: torch.Tensor, labels: torch.Tensor) -> Chosen:
    """Return for each pair of one label the nearest negative farther than the positive [1]_.

    Parameters
    ----------
    distances : Tensor, shape (n, n)
    labels : Tensor of int64, shape (n,)

    Returns
    -------
    anchors, positives, negatives : Tensor of int64
        Where every negative is nearer than the positive, the farthest of them is taken.

    References
    ----------
    .. [1] Schroff, F., Kalenichenko, D. & Philbin, J. (2015). FaceNet: a unified embedding
       for face recognition and clustering. CVPR, 815-823.
    """
    same = labels[:, None] == labels
    alone = torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    has_negative = (~same).any(1)
    anchors, positives = torch.nonzero(same & ~alone & has_negative[:, None], as_tuple=True)
    away = distances[anchors]
    farther = ~same[anchors] & (away > distances[anchors, positives][:, None])
    nearest = away.masked_fill(~farther, torch.inf).argmin(1)
    farthest = away.masked_fill(same[anchors], -torch.inf).argmax(1)
    return anchors, positives, torch.where(farther.any(1), nearest, farthest)


def batch_hard(distances: torch.Tensor, labels: torch.Tensor) -> Chosen:
    """Return for each anchor its farthest positive and its nearest negative [1]_.

    Parameters
    ----------
    distances : Tensor, shape (n, n)
    labels : Tensor of int64, shape (n,)

    References
    ----------
    .. [1] Hermans, A., Beyer, L. & Leibe, B. (2017). In defense of the triplet loss for
       person re-identification. arXiv:1703.07737.
    """
    same = labels[:, None] == labels
    alone = torch.eye(len(labels), dtype=torch.bool, device=labels.device)
    anchors = torch.nonzero((same & ~alone).any(1) & (~same).any(1)).flatten()
    positives = distances.masked_fill(~same | alone, -torch.inf)[anchors].argmax(1)
    negatives = distances.masked_fill(same, torch.inf)[anchors].argmin(1)
    return anchors, positives, negatives
