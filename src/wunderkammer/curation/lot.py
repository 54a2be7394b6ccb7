"""The lot: a random order of all media that needs no memory."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Ranks = npt.NDArray[np.int64]


def lot_ranks(media_ids: Sequence[str], seed: int, task: str) -> Ranks:
    """Return each medium's place in the lot of a task; 0 is drawn first.

    Parameters
    ----------
    media_ids : sequence of str, length n
        In any order; each once.
    seed : int
    task : str
        Its name: tasks are drawn independently of each other.

    Returns
    -------
    ndarray of int64, shape (n,)
        A permutation of 0 … n - 1.

    Notes
    -----
    Media are ordered by the SHA-256 of seed, task and id. So the lot is the same for
    whoever draws it and whenever, and two media keep their order when others come.
    The first k media of it are a uniform sample without replacement.

    Examples
    --------
    >>> ids = ["a" * 20, "b" * 20, "c" * 20]
    >>> sorted(lot_ranks(ids, 0, "quality").tolist())
    [0, 1, 2]
    """
    start = hashlib.sha256(f"{seed}\x1f{task}\x1f".encode())
    drawn = []
    for media_id in media_ids:
        one = start.copy()
        one.update(media_id.encode())
        drawn.append(one.digest())
    order = sorted(range(len(drawn)), key=drawn.__getitem__)
    ranks = np.empty(len(drawn), np.int64)
    ranks[order] = np.arange(len(drawn))
    return ranks


def prefix_length(ranks: Ranks, answered: npt.NDArray[np.bool_]) -> int:
    """Return how many media at the beginning of the lot have been answered without a gap.

    Parameters
    ----------
    ranks : ndarray of int64, shape (n,)
        From :func:`lot_ranks`.
    answered : ndarray of bool, shape (n,)
        Whether a person has said anything of a medium, if only that it is not sure.

    Notes
    -----
    Whatever else was labelled by the machine's choice, these media are a uniform
    sample: each was bound to be asked, whatever its features or its answer.
    """
    waiting = ranks[~answered]
    return int(waiting.min()) if len(waiting) else len(ranks)


def in_prefix(ranks: Ranks, answered: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return which media belong to the answered beginning of the lot, shape (n,)."""
    return np.asarray(ranks < prefix_length(ranks, answered))
