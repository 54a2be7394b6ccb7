"""Acquisition: which media are worth asking a person about next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.errors import StageError
from wunderkammer.core.one_thread import one_thread
from wunderkammer.core.settings import Settings
from wunderkammer.curation.calibration import mean_probabilities

Acquisition = Literal["entropy", "bald", "vote-entropy", "margin", "disagreement", "random"]
ACQUISITIONS: tuple[str, ...] = get_args(Acquisition)

Reason = Literal["acquisition", "diversity", "random"]

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_CHUNK_VALUES = 1 << 22


class AcquisitionSettings(Settings):
    """How the next media to be labelled are chosen."""

    acquisition: Acquisition = Field(
        "margin",
        description="What makes a medium worth a label: entropy of the mean prediction; bald, "
        "the mutual information between prediction and member; vote-entropy, of the members' "
        "classes; margin between the two likeliest classes; disagreement, the share of members "
        "that contradict the ensemble; or random.",
    )
    random_share: float = Field(
        0.1, description="Share of each batch that comes from the lot.", ge=0, le=1
    )
    diversity: float = Field(
        1.0,
        description="How much a batch is spread over the features: 0 the highest scores as they "
        "come, 1 as in k-means++.",
        ge=0,
        le=4,
    )
    shortlist: float = Field(
        5.0, description="Highest scores that a batch is spread over, in batches.", ge=1
    )
    rarity: float = Field(
        0.5,
        description="How much classes that are rarely predicted are preferred: 0 not at all, "
        "1 so that each would get its equal share of a random batch.",
        ge=0,
        le=1,
    )
    warm: int = Field(
        5,
        description="Labels that the rarest class needs until it is no more than the random share "
        "that comes from the lot: with none of them all does, with half of them half.",
        ge=0,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """How sure an ensemble is of each of n media; entropies in nats.

    Attributes
    ----------
    probabilities : ndarray of float64, shape (n, n_classes)
        Mean over the members.
    classes : ndarray of int64, shape (n,)
        The likeliest of each.
    entropy : ndarray of float64, shape (n,)
        Of the mean prediction: all there is to be unsure about.
    mutual_information : ndarray of float64, shape (n,)
        Entropy less the mean entropy of the members (BALD): what members are unsure about
        among each other, and a label could settle.
    vote_entropy : ndarray of float64, shape (n,)
        Of the shares of members for each class.
    margin : ndarray of float64, shape (n,)
        Probability of the likeliest class less that of the second: low is unsure.
    disagreement : ndarray of bool, shape (n,)
        Whether members' likeliest classes differ.
    """

    probabilities: Floats
    classes: Codes
    entropy: Floats
    mutual_information: Floats
    vote_entropy: Floats
    margin: Floats
    disagreement: Flags

    def scores(self, acquisition: Acquisition) -> Floats:
        """Return how much each medium is worth a label, from 0 on; of ``random``, all the same.

        Raises
        ------
        StageError
            If there is no such acquisition.
        """
        if acquisition == "entropy":
            return self.entropy
        if acquisition == "bald":
            return self.mutual_information
        if acquisition == "vote-entropy":
            return self.vote_entropy
        if acquisition == "margin":
            return 1 - self.margin
        if acquisition == "disagreement":
            # among equal votes the less sure ones first
            share = self.entropy / np.log(self.probabilities.shape[1])
            return np.asarray(self.disagreement + share / 2)
        if acquisition == "random":
            return np.ones(len(self.entropy))
        raise StageError(
            f"acquisition: there is none called '{acquisition}'.",
            hint=f"Known: {', '.join(ACQUISITIONS)}.",
        )


def uncertainty(logits: npt.NDArray[np.floating], temperature: float = 1.0) -> Uncertainty:
    """Return how sure an ensemble is.

    Parameters
    ----------
    logits : ndarray, shape (n_members, n, n_classes)
        Rows that are not finite give NaN, and class 0.
    temperature : float, optional
        Divides the logits.

    Notes
    -----
    Entropy and mutual information as in [1]_, vote entropy as in [2]_.

    References
    ----------
    .. [1] Houlsby, N., Huszár, F., Ghahramani, Z. & Lengyel, M. (2011). Bayesian active
       learning for classification and preference learning. arXiv:1112.5745.
    .. [2] Dagan, I. & Engelson, S. P. (1995). Committee-based sampling for training
       probabilistic classifiers. ICML, 150-157.
    """
    mean = mean_probabilities(logits, temperature)
    alone = np.mean(
        [_entropy(mean_probabilities(one[None], temperature)) for one in logits], axis=0
    )
    votes = logits.argmax(axis=2)
    shares = np.stack([(votes == one).mean(axis=0) for one in range(logits.shape[2])], axis=1)
    entropy = _entropy(mean)
    highest = np.sort(mean, axis=1)
    return Uncertainty(
        probabilities=mean,
        classes=np.asarray(mean.argmax(axis=1), np.int64),
        entropy=entropy,
        mutual_information=np.maximum(entropy - alone, 0),
        vote_entropy=_entropy(shares),
        margin=highest[:, -1] - highest[:, -2],
        disagreement=np.asarray((votes != votes[0]).any(axis=0)),
    )


def _entropy(probabilities: Floats) -> Floats:
    """Return the entropy of each row in nats."""
    return np.asarray(-(probabilities * np.log(np.maximum(probabilities, 1e-300))).sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Media to be labelled next.

    Attributes
    ----------
    rows : ndarray of int64, shape (k,)
        Their places, in the order in which to ask.
    reasons : tuple of str
        Why each is asked: ``acquisition``, one of the highest scores; ``diversity``, chosen
        for being unlike the others; ``random``, next in the lot.
    """

    rows: Codes
    reasons: tuple[Reason, ...]


def choose(  # noqa: PLR0913  (each is a fact about the media with its own name)
    found: Uncertainty | None,
    features: npt.NDArray[np.floating],
    ranks: Codes,
    *,
    waiting: Flags,
    labelled: Flags,
    n: int,
    codes: Codes | None = None,
    settings: AcquisitionSettings | None = None,
    seed: int = 0,
) -> Batch:
    """Choose the next media to be labelled.

    Parameters
    ----------
    found : Uncertainty or None
        Of all n media; None before the first round: then all comes from the lot.
    features : ndarray, shape (n, n_features)
    ranks : ndarray of int64, shape (n,)
        The lot, see :func:`~wunderkammer.curation.lot.lot_ranks`.
    waiting : ndarray of bool, shape (n,)
        Whether a medium may be asked.
    labelled : ndarray of bool, shape (n,)
        Media that are known: what resembles them is of less interest.
    n : int
        Length of the batch; fewer where fewer are waiting.
    codes : ndarray of int64, shape (n,), optional
        Class of each medium's label, below 0 where it has none: more comes from the lot while a
        class has fewer than ``settings.warm`` labels. Not given, that is left aside.
    settings : AcquisitionSettings, optional
    seed : int, optional
        Of the draws; give another in each round.

    Raises
    ------
    StageError
        If the arrays are of different media.

    Notes
    -----
    What comes from the lot is taken first: the random share, or more while a class is hardly
    known. An ensemble that has seen two bad media does not know what it does not know, and its
    doubts teach less than a plain sample [3]_. Scores are then divided by how often a medium's
    class is predicted, to the power ``rarity``: where 5 % are bad, the doubtful ones among
    those that look bad come first. Of what is left, a shortlist of the highest is spread over
    the features as k-means++ spreads its centres [1]_: media are drawn one by one in
    proportion to their score times the squared distance to whatever is labelled or drawn
    already, as in [2]_. Where no medium has a higher score than another, the shortlist is all
    of them. Draws follow the lot, so the order of the rows does not matter.

    References
    ----------
    .. [1] Arthur, D. & Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding.
       SODA, 1027-1035.
    .. [2] Ash, J. T., Zhang, C., Krishnamurthy, A., Langford, J. & Agarwal, A. (2020). Deep
       batch active learning by diverse, uncertain gradient lower bounds. ICLR.
    .. [3] Hacohen, G., Dekel, A. & Weinshall, D. (2022). Active learning on a budget: opposite
       strategies suit high and low budgets. ICML, 8175-8195.
    """
    how = settings or AcquisitionSettings()
    if not len(features) == len(ranks) == len(waiting) == len(labelled):
        raise StageError(
            f"acquisition: features of {len(features):,} media came with a lot of {len(ranks):,}, "
            f"{len(waiting):,} marks of waiting and {len(labelled):,} of labelled."
        )
    lot = np.flatnonzero(waiting)
    lot = lot[np.argsort(ranks[lot], kind="stable")]
    n = min(n, len(lot))
    if found is None or how.acquisition == "random":
        by_lot: list[Reason] = ["random"] * n
        return Batch(lot[:n], tuple(by_lot))
    drawn = lot[: round(n * max(how.random_share, 1 - _trust(found, codes, how.warm)))]
    left = lot[len(drawn) :]
    known = np.concatenate([np.flatnonzero(labelled), drawn])
    worth = _worth(found, left, how)
    with one_thread():  # sums never change their order
        chosen = _spread(worth, left, known, features, n - len(drawn), how, seed)
    return _mixed(chosen, drawn, worth, left)


def _trust(found: Uncertainty, codes: Codes | None, warm: int) -> float:
    """Return how much the scores count: the share of ``warm`` labels that every class has."""
    if codes is None or not warm:
        return 1.0
    fewest = int(np.bincount(codes[codes >= 0], minlength=found.probabilities.shape[1]).min())
    return min(1.0, fewest / warm)


def _worth(found: Uncertainty, left: Codes, how: AcquisitionSettings) -> Floats:
    """Return what a label of each medium is worth, whatever else is asked, shape (n,).

    From 0 to 1, but for the factor that rare classes get.
    """
    scores = np.nan_to_num(found.scores(how.acquisition))
    highest = float(scores[left].max(initial=0))
    flat = not len(left) or np.ptp(scores[left]) < 1e-9
    worth = np.ones(len(scores)) if flat else scores / highest
    n_classes = found.probabilities.shape[1]
    shares = (np.bincount(found.classes[left], minlength=n_classes) + 1) / (len(left) + n_classes)
    return np.asarray(worth * (1 / (n_classes * shares[found.classes])) ** how.rarity)


def _spread(
    worth: Floats, left: Codes, known: Codes, features: npt.NDArray[np.floating], n: int,
    how: AcquisitionSettings, seed: int,
) -> Codes:  # fmt: skip
    """Return the rows that worth and distances choose together, of those left."""
    best = left[np.argsort(-worth[left], kind="stable")]
    if not how.diversity or n <= 0:
        return best[: max(n, 0)]
    short = best[: _shortlist(worth[best], n, how)]
    vectors = np.asarray(features[short], np.float32)
    distance = _nearest(vectors, np.asarray(features[known], np.float32))
    rng = np.random.default_rng([seed, len(known)])
    taken: list[int] = []
    for _ in range(n):
        weight = worth[short] * distance**how.diversity
        weight[taken] = 0
        total = np.cumsum(weight)
        if total[-1] <= 0:  # all that is left is the same as something taken
            rest = [place for place in range(len(short)) if place not in taken]
            taken += rest[: n - len(taken)]
            break
        place = int(np.searchsorted(total, rng.random() * total[-1], side="right"))
        taken.append(place)
        distance = np.minimum(distance, _nearest(vectors, vectors[[place]]))
    return short[taken]


def _shortlist(worth: Floats, n: int, how: AcquisitionSettings) -> int:
    """Return how many of the highest are looked at: media of one worth are not parted."""
    length = min(len(worth), round(n * how.shortlist))
    return int((worth >= worth[length - 1] * (1 - 1e-9)).sum()) if length else 0


def _nearest(vectors: npt.NDArray[np.float32], others: npt.NDArray[np.float32]) -> Floats:
    """Return the squared distance of each vector to the nearest of the others, 1 if none."""
    if not len(others):
        return np.ones(len(vectors))
    found = np.full(len(vectors), np.inf)
    own = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)
    theirs = np.einsum("ij,ij->i", others, others, dtype=np.float64)
    step = max(1, _CHUNK_VALUES // max(1, len(others), vectors.shape[1]))
    for start in range(0, len(vectors), step):
        part = slice(start, start + step)
        squared = own[part, None] + theirs - 2 * (vectors[part] @ others.T)
        found[part] = np.maximum(squared.min(axis=1), 0)
    return found


def _mixed(chosen: Codes, drawn: Codes, worth: Floats, left: Codes) -> Batch:
    """Return both parts of a batch as one, the random ones spread over it, with reasons."""
    best = left[np.argsort(-worth[left], kind="stable")][: len(chosen)]
    top = set(best.tolist())
    rows: list[int] = []
    reasons: list[Reason] = []
    machine, lot = chosen.tolist(), drawn.tolist()
    n = len(machine) + len(lot)
    for place in range(n):
        if (place + 1) * len(drawn) // n > place * len(drawn) // n:
            rows.append(lot.pop(0))
            reasons.append("random")
        else:
            rows.append(machine.pop(0))
            reasons.append("acquisition" if rows[-1] in top else "diversity")
    return Batch(np.array(rows, np.int64), tuple(reasons))
