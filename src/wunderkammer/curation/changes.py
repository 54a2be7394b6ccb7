"""Changes: what a round says of all media, and how far it is from the round before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from wunderkammer.core.errors import StageError
from wunderkammer.curation.calibration import mean_probabilities

Codes = npt.NDArray[np.int64]
Logits = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Measures:
    """What a round is judged by when the question is whether to stop.

    Attributes
    ----------
    n_media, n_labels : int
        All media, and those with a label that was trained on.
    mean_entropy : float
        Mean over all media of the entropy of the members' mean prediction, in nats.
    uncertainty : float
        Mean over the media without a label of that entropy divided by its maximum ``ln c``:
        in [0, 1], comparable between numbers of classes; 0 where every medium has a label.
    n_disagreeing : int
        Media whose members do not all say the same class.
    members_changed : tuple of int
        Media whose class changed since the round before, for each member; empty in the first
        round, and where the number of members is another.
    ensemble_changed : int or None
        The same of the ensemble's class; None in the first round.
    kappa : float or None
        Agreement of the ensemble's classes with those of the round before, beyond chance.
    n_compared : int
        Media that both rounds predict: those that came since are not compared.
    class_shares : tuple of float
        Share of all media that the ensemble gives each class.
    label_counts : tuple of int
        Labels of each class that were trained on.
    n_audited, n_right : int
        Labelled media of the uniform random sample, and those that members which did not see
        them predict rightly.
    """

    n_media: int
    n_labels: int
    mean_entropy: float
    uncertainty: float
    n_disagreeing: int
    members_changed: tuple[int, ...] = ()
    ensemble_changed: int | None = None
    kappa: float | None = None
    n_compared: int = 0
    class_shares: tuple[float, ...] = ()
    label_counts: tuple[int, ...] = ()
    n_audited: int = 0
    n_right: int = 0

    def figures(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        return asdict(self)

    @classmethod
    def of(cls, figures: Mapping[str, Any]) -> Measures:
        """Return what :meth:`figures` wrote; what it does not know is left aside."""
        known = {name: figures[name] for name in cls.__dataclass_fields__ if name in figures}
        for name in ("members_changed", "class_shares", "label_counts"):
            known[name] = tuple(known.get(name, ()))
        return cls(**known)


def measures(
    logits: Logits,
    labels: Codes,
    *,
    before: Logits | None = None,
    temperature: float = 1.0,
    n_audited: int = 0,
    n_right: int = 0,
) -> Measures:
    """Measure a round.

    Parameters
    ----------
    logits : ndarray, shape (n_members, n_media, n_classes)
        Of all media, in any order.
    labels : ndarray of int64, shape (n_media,)
        Class of the label; below 0 where there is none, see
        :mod:`wunderkammer.curation.kinds`.
    before : ndarray, shape (n_members, n_media, n_classes), optional
        The same of the round before, the same media in the same places; NaN for those that
        were not there. Its members need not be as many.
    temperature : float, optional
        Divides the logits.
    n_audited, n_right : int, optional
        See :class:`Measures`.

    Raises
    ------
    StageError
        If the arrays are of different media.
    """
    said = np.asarray(labels, np.int64)
    if logits.shape[1] != len(said):
        raise StageError(
            f"changes: labels of {len(said):,} media came with logits of {logits.shape[1]:,}."
        )
    mean = mean_probabilities(logits, temperature)
    entropy = _entropy(mean)
    votes, classes = logits.argmax(axis=2), mean.argmax(axis=1)
    n_classes = logits.shape[2]
    open_ = said < 0
    found = Measures(
        n_media=len(said),
        n_labels=int((said >= 0).sum()),
        mean_entropy=float(entropy.mean()) if len(entropy) else 0.0,
        uncertainty=float(entropy[open_].mean() / np.log(n_classes)) if open_.any() else 0.0,
        n_disagreeing=int((votes != votes[0]).any(axis=0).sum()),
        class_shares=_shares(classes, n_classes),
        label_counts=tuple(np.bincount(said[~open_], minlength=n_classes).tolist()),
        n_audited=n_audited,
        n_right=n_right,
    )
    return found if before is None else _compared(found, logits, before, temperature)


def _compared(found: Measures, logits: Logits, before: Logits, temperature: float) -> Measures:
    """Return measures with what changed since the round before."""
    if before.shape[1:] != logits.shape[1:]:
        raise StageError(
            f"changes: logits of shape {before.shape} cannot be compared with {logits.shape}.",
            hint="Bring the media of both rounds into one order first.",
        )
    both = np.isfinite(before).all(axis=(0, 2))
    now, then = logits[:, both], before[:, both]
    members = (
        tuple((now.argmax(axis=2) != then.argmax(axis=2)).sum(axis=1).tolist())
        if len(now) == len(then)
        else ()
    )
    classes, earlier = (mean_probabilities(one, temperature).argmax(axis=1) for one in (now, then))
    return replace(
        found,
        members_changed=members,
        ensemble_changed=int((classes != earlier).sum()),
        kappa=kappa(classes, earlier),
        n_compared=int(both.sum()),
    )


def _entropy(mean: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(-(mean * np.log(np.maximum(mean, 1e-300))).sum(axis=1))


def _shares(classes: Codes, n_classes: int) -> tuple[float, ...]:
    n = max(1, len(classes))
    return tuple((np.bincount(classes, minlength=n_classes)[:n_classes] / n).tolist())


def kappa(one: npt.ArrayLike, other: npt.ArrayLike) -> float | None:
    """Return Cohen's κ of two predictions of the same media.

    Parameters
    ----------
    one, other : array_like of int, shape (n,)
        Classes from 0.

    Returns
    -------
    float or None
        1 where all are the same, also if only one class occurs; 0 where they agree as
        often as by chance; None without media.

    Notes
    -----
    ``(p_o - p_e) / (1 - p_e)`` with the share ``p_o`` of media of the same class and ``p_e``
    the share expected of two that keep their frequencies [1]_. Where 19 of 20 media are of one
    class, a change of 1 % of them weighs as it should: much.

    References
    ----------
    .. [1] Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and
       Psychological Measurement 20, 37-46.

    Examples
    --------
    >>> kappa([0, 0, 1, 1], [0, 0, 1, 1]), kappa([0, 0, 1, 1], [0, 1, 0, 1])
    (1.0, 0.0)
    """
    first, second = np.asarray(one, np.int64), np.asarray(other, np.int64)
    if not len(first):
        return None
    same = float((first == second).mean())
    size = int(max(first.max(), second.max())) + 1
    shares = [np.bincount(codes, minlength=size) / len(codes) for codes in (first, second)]
    chance = float((shares[0] * shares[1]).sum())
    return 1.0 if chance >= 1 else (same - chance) / (1 - chance)
