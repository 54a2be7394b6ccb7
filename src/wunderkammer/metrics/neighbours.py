"""Nearest neighbours among features, never two media of one specimen, and what they tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.device import Device
from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.metrics._distances import (
    DistanceBlocks,
    Metric,
    centre,
    prepared,
    slices,
)
from wunderkammer.metrics._labels import (
    Coded,
    Codes,
    checked_features,
    coded,
    group_codes,
    refuse_one_label,
)
from wunderkammer.metrics._threads import on_threads
from wunderkammer.metrics.intervals import Interval, mean_interval

_ROWS, _COLUMNS = 512, 2_048

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The k nearest references of each query, nearest first.

    Attributes
    ----------
    indices : ndarray of int64, shape (n_queries, k)
        Rows of the references; -1 where fewer than k were allowed.
    distances : ndarray of float64, shape (n_queries, k)
        Infinite where there is none.
    groups, query_groups : ndarray of int64
        The group of each reference and of each query, as codes.
    """

    indices: Codes
    distances: Floats
    groups: Codes
    query_groups: Codes

    def figures(self) -> dict[str, Any]:
        """Return both tables as plain lists; None where there is no neighbour."""
        distances = [
            [None if np.isinf(one) else one for one in row] for row in self.distances.tolist()
        ]
        return {"indices": self.indices.tolist(), "distances": distances}


@dataclass(frozen=True, slots=True)
class NeighbourFigures:
    """How well the neighbours of media tell their label.

    Attributes
    ----------
    k : int
        Neighbours that vote.
    accuracy : Interval
        Share of the media whose label most of their neighbours have.
    balanced_accuracy : float
        Mean over labels of that share among the label's media.
    recall_at : mapping of int to float
        Share of the media with at least one of their label among so many nearest.
    most_common : float
        Share of the most common label: the accuracy of knowing nothing else.
    n_media, n_labels : int
        Media that could be told, and their labels.
    n_alone : int
        Media left out because no reference outside their own group has their label.
    """

    k: int
    accuracy: Interval
    balanced_accuracy: float
    recall_at: Mapping[int, float]
    most_common: float
    n_media: int
    n_labels: int
    n_alone: int

    def figures(self) -> dict[str, Any]:
        """Return all of it as plain values."""
        return {
            "k": self.k,
            "accuracy": self.accuracy.figures(),
            "balanced_accuracy": self.balanced_accuracy,
            "recall_at": {str(k): value for k, value in self.recall_at.items()},
            "most_common": self.most_common,
            "n_media": self.n_media,
            "n_labels": self.n_labels,
            "n_alone": self.n_alone,
        }


def nearest_neighbours(
    features: npt.ArrayLike,
    k: int,
    *,
    queries: npt.ArrayLike | None = None,
    groups: Iterable[Any] | None = None,
    query_groups: Iterable[Any] | None = None,
    metric: Metric = "euclidean",
    device: Device | None = None,
) -> Neighbours:
    """Return the k nearest media outside each one's own group, exactly.

    Parameters
    ----------
    features : array_like, shape (n, n_features)
        The references.
    k : int
    queries : array_like, shape (n_queries, n_features), optional
        Whose neighbours are looked for; default: each reference's, never itself.
    groups, query_groups : iterable, optional
        What references and queries belong to, such as their specimen: two of one group
        never face each other. None, NaN and ``""`` are groups of their own.
    metric : {"euclidean", "cosine"}, optional
    device : Device, optional
        Default: one thread of the processor.

    Raises
    ------
    NotEnoughMediaError
        If k is below 1 or there are fewer than k references.
    StageError
        If features are not finite, or groups are not one for each medium.

    Notes
    -----
    Time grows with ``n_queries * n``; memory beyond copies of both tables as float32
    stays under 50 MB for each thread. Of references at the same distance, any may be taken.
    """
    references = checked_features(features)
    asked = references if queries is None else checked_features(queries)
    if not 1 <= k <= len(references):
        raise NotEnoughMediaError(
            f"metrics: {k} neighbours are asked for, and there are {len(references):,} media.",
            hint="Ask for fewer, at least 1.",
        )
    own, theirs = _both_groups(groups, query_groups, len(references), asked, queries is None)
    origin = centre(references, metric)
    rows = prepared(references, metric, origin)
    others = rows if queries is None else prepared(asked, metric, origin)
    distances = DistanceBlocks(others, rows, metric, device or Device())
    indices = np.empty((len(asked), k), np.int64)
    lengths = np.empty((len(asked), k))

    def work(part: slice) -> None:
        indices[part], lengths[part] = _nearest_of(distances, part, k, own, theirs)

    on_threads(work, slices(len(asked), _ROWS), device or Device())
    return Neighbours(indices, lengths, own, theirs)


def _both_groups(
    groups: Iterable[Any] | None,
    query_groups: Iterable[Any] | None,
    n: int,
    queries: npt.NDArray[Any],
    among_themselves: bool,
) -> tuple[Codes, Codes]:
    """Return the groups of references and of queries as codes of one list."""
    if among_themselves:
        own = group_codes(groups, n)
        return own, own
    if (groups is None) != (query_groups is None):
        raise StageError(
            "metrics: groups were given for one of references and queries only.",
            hint="Give both, or neither.",
        )
    if groups is None or query_groups is None:
        own = group_codes(None, n)
        return own, group_codes(None, len(queries), taken=n)
    first, second = list(groups), list(query_groups)
    coded(first, n)
    both = group_codes([*first, *second], n + len(queries))
    return both[:n], both[n:]


def _nearest_of(
    distances: DistanceBlocks, rows: slice, k: int, own: Codes, theirs: Codes
) -> tuple[Codes, Floats]:
    """Return the nearest references of some queries and how far they are, nearest first."""
    n_rows = rows.stop - rows.start
    best = np.full((n_rows, k), -1)
    reach = np.full((n_rows, k), np.inf)
    for columns in slices(len(own), _COLUMNS):
        block = distances(rows, columns)
        _part_groups(block, theirs[rows], own[columns])
        places, lengths = _smallest(block, min(k, columns.stop - columns.start), distances.on_gpu)
        found = np.concatenate([best, np.where(np.isinf(lengths), -1, places + columns.start)], 1)
        ways = np.concatenate([reach, lengths], 1)
        kept = np.argsort(ways, axis=1, kind="stable")[:, :k]
        best = np.take_along_axis(found, kept, axis=1)
        reach = np.take_along_axis(ways, kept, axis=1)
    return best, reach


def _part_groups(block: Any, theirs: Codes, own: Codes) -> None:
    """Put media of the same group infinitely far apart."""
    (shared,) = np.nonzero(np.isin(own, theirs))
    rows, columns = np.nonzero(theirs[:, None] == own[shared])
    if len(rows):
        block[rows, shared[columns]] = float("inf")


def _smallest(block: Any, k: int, on_gpu: bool) -> tuple[Codes, Floats]:
    """Return the columns of the k smallest values of each row, and the values."""
    if on_gpu:
        values, columns = block.topk(k, dim=1, largest=False)
        return columns.cpu().numpy(), values.double().cpu().numpy()
    places = np.argpartition(block, k - 1, axis=1)[:, :k]
    return places, np.take_along_axis(block, places, axis=1).astype(np.float64)


def neighbour_figures(
    neighbours: Neighbours,
    labels: Iterable[Any],
    *,
    query_labels: Iterable[Any] | None = None,
    k: int = 5,
    at: Sequence[int] = (1, 5, 10),
    seed: int = 0,
) -> NeighbourFigures:
    """Measure how well neighbours tell a label: a taxon, or what should not be told at all.

    With the institution or the photographer as label this is leakage: what the features
    know of where an image was made. Compare it with ``most_common``.

    Parameters
    ----------
    neighbours : Neighbours
    labels : iterable
        Of the references; None, NaN and ``""`` are no label, and do not vote.
    query_labels : iterable, optional
        Of the queries; default: the same.
    k : int, optional
        Neighbours that vote; of labels with as many votes, that of the nearest wins.
    at : sequence of int, optional
        Numbers of neighbours to give recall for; those beyond what was looked up are left out.
    seed : int, optional
        Of the interval, for which whole groups are drawn.

    Raises
    ------
    NotEnoughMediaError
        If there are fewer than two labels, or nothing that could be told.

    Notes
    -----
    Recall@k as in retrieval by metric learning [1]_. A medium that no reference outside its own
    group shares its label with cannot be told by anybody, and is left out of all figures.

    References
    ----------
    .. [1] Jégou, H., Douze, M. & Schmid, C. (2011). Product quantization for nearest
       neighbor search. IEEE TPAMI 33, 117-128.
    """
    given = list(labels)
    known = coded(given, len(neighbours.groups))
    asked_labels = given if query_labels is None else query_labels
    asked = coded(asked_labels, len(neighbours.query_groups), known.names)
    refuse_one_label(known, "telling a label by neighbours")
    can = (asked.codes >= 0) & (_n_others(neighbours, known, asked) > 0)
    if not can.any():
        raise NotEnoughMediaError(
            "metrics: no medium has another one of its label outside its own specimen.",
            hint="Choose a higher rank.",
        )
    seen = np.where(neighbours.indices >= 0, known.codes[neighbours.indices], -1)
    right = voted(seen[:, :k]) == asked.codes
    hits = (seen == asked.codes[:, None])[can]
    truth = asked.codes[can]
    n_each = np.bincount(truth)
    rates = np.bincount(truth, right[can])[n_each > 0] / n_each[n_each > 0]
    return NeighbourFigures(
        k=min(k, seen.shape[1]),
        accuracy=mean_interval(right[can], groups=neighbours.query_groups[can], seed=seed),
        balanced_accuracy=float(rates.mean()),
        recall_at={
            one: float(hits[:, :one].any(axis=1).mean()) for one in at if one <= seen.shape[1]
        },
        most_common=float(n_each.max() / n_each.sum()),
        n_media=int(can.sum()),
        n_labels=int((n_each > 0).sum()),
        n_alone=int((_labelled(asked_labels, len(can)) & ~can).sum()),
    )


def voted(codes: Codes) -> Codes:
    """Return the code most of each row have; -1 does not vote, the first of a tie wins."""
    votes = (codes[:, :, None] == codes[:, None, :]).sum(axis=2)
    votes[codes < 0] = -1
    first = votes.argmax(axis=1)
    return np.asarray(codes[np.arange(len(codes)), first])


def _labelled(labels: Iterable[Any], n: int) -> Bools:
    return np.asarray(coded(labels, n).codes >= 0)


def _n_others(neighbours: Neighbours, known: Coded, asked: Coded) -> Codes:
    """Return how many references outside its group share each query's label."""
    same = np.append(known.counts, 0)[asked.codes]
    pairs = np.stack([known.codes, neighbours.groups])
    kinds, counts = np.unique(pairs, axis=1, return_counts=True)
    within = {
        (label, group): n for label, group, n in zip(*kinds.tolist(), counts.tolist(), strict=True)
    }
    asked_pairs = zip(asked.codes.tolist(), neighbours.query_groups.tolist(), strict=True)
    return np.asarray(same - np.array([within.get(pair, 0) for pair in asked_pairs]))
