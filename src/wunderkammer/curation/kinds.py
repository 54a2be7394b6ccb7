"""Kinds: media by how sure the ensemble is and whether its members agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.errors import StageError
from wunderkammer.core.settings import Settings

if TYPE_CHECKING:
    from wunderkammer.curation.acquisition import Uncertainty

NO_LABEL, UNSURE_LABEL = -1, -2
"""Codes of media that nobody labelled, and of those that people answered "not sure" for."""

KINDS = ("A", "B", "C", "D", "NOTSURE", "MISPREDICTION", "UNCERTAIN")
"""The first four are of media without a label, the others of labelled ones."""

TITLES: Mapping[str, str] = {
    "A": "Easy",
    "B": "Unsure together",
    "C": "Disagree, yet sure",
    "D": "Unsure and disagreeing",
    "NOTSURE": "Not sure, but the ensemble is",
    "MISPREDICTION": "Predicted otherwise",
    "UNCERTAIN": "Right, but unsure",
}

EXPLANATIONS: Mapping[str, str] = {
    "A": "All members say the same and are sure of it: nothing to do here, a glance at a few "
    "is enough.",
    "B": "All members say the same, yet none is sure: often these are hard for a person too, "
    "and each label teaches much.",
    "C": "One member or a faint doubt stands against the rest, and the rest is sure: what is "
    "proposed is usually right and can be accepted quickly.",
    "D": "Members contradict each other and are not sure: do not trust what is proposed, "
    "look for yourself.",
    "NOTSURE": 'You answered "not sure", and by now the ensemble is sure: look once more, with '
    "its answer beside.",
    "MISPREDICTION": "At least one member, trained without this medium, says something else than "
    "its label: perhaps the label is a slip.",
    "UNCERTAIN": "The label is what the ensemble would say without it, but it is not sure: an "
    "odd medium, or a label given by chance.",
}
"""One sentence for a curator about each kind."""

Codes = npt.NDArray[np.int64]
Kinds = npt.NDArray[np.str_]
Logits = npt.NDArray[np.floating]


class Thresholds(Settings):
    """What counts as a high entropy, and as sure in spite of a disagreement."""

    quantile: float = Field(
        0.9,
        ge=0,
        le=1,
        description="Share of the media without a label whose entropy is not high.",
    )
    confidence: float = Field(
        0.9,
        ge=0,
        le=1,
        description="Probability of its class from which on the ensemble is sure although its "
        "members disagree.",
    )
    entropy: float | None = Field(
        None, ge=0, description="Entropy in nats above which it is high, instead of a quantile."
    )


def high_entropy(entropy: npt.NDArray[np.floating], labels: Codes, thresholds: Thresholds) -> float:
    """Return the entropy in nats above which it is high.

    It is the one given, or the quantile over the media without a label; over all media where
    every one has a label.
    """
    if thresholds.entropy is not None:
        return thresholds.entropy
    pool = entropy[labels == NO_LABEL] if (labels == NO_LABEL).any() else entropy
    pool = pool[np.isfinite(pool)]
    return float(np.quantile(pool, thresholds.quantile)) if len(pool) else 0.0


def kinds(
    uncertainty: Uncertainty, logits: Logits, labels: Codes, thresholds: Thresholds | None = None
) -> Kinds:
    """Return the kind of each medium.

    Parameters
    ----------
    uncertainty : Uncertainty
        Of the logits.
    logits : ndarray, shape (n_members, n_media, n_classes)
        Rows of labelled media must come from members that did not see them; NaN where there
        are none.
    labels : ndarray of int64, shape (n_media,)
        Class of the label, or :data:`NO_LABEL`, or :data:`UNSURE_LABEL`.
    thresholds : Thresholds, optional

    Returns
    -------
    ndarray of str, shape (n_media,)
        One of :data:`KINDS`; ``""`` for labelled media that nothing is wrong with.

    Raises
    ------
    StageError
        If there are not as many labels as media.

    Notes
    -----
    The kinds are those with which the illustrations of the Biodiversity Heritage Library were
    sorted in 27 rounds, by entropy and agreement; what was left open there is settled so that
    every medium without a label has exactly one. Entropy is that of the members' mean
    prediction, and *high* is above the threshold, not at it; members *agree* where all have the
    same likeliest class.

    Without a label: agreeing and not high is A, agreeing and high B, disagreeing and high D.
    Disagreeing and not high is C only where the answer can be relied on: all members but one
    (of three at least) vote for the ensemble's class, or its probability reaches
    ``confidence``; else it is D, so that nothing doubtful is proposed for a quick yes.

    With a label: MISPREDICTION where at least one member is wrong, whatever the entropy;
    UNCERTAIN where all are right and the entropy is high. "Not sure" is NOTSURE where the
    entropy is not high, and else has no kind: the ensemble knows no better.
    """
    said = np.asarray(labels, np.int64)
    if logits.shape[1] != len(said):
        raise StageError(
            f"kinds: one label is needed for each medium, -1 for none; {len(said):,} came for "
            f"{logits.shape[1]:,} media."
        )
    limits = thresholds or Thresholds()
    high = uncertainty.entropy > high_entropy(uncertainty.entropy, said, limits)
    known = np.isfinite(logits).all(axis=(0, 2))
    votes = logits.argmax(axis=2)
    agree = (votes == votes[0]).all(axis=0)
    open_, unsure, labelled = said == NO_LABEL, said == UNSURE_LABEL, (said >= 0) & known
    wrong = (votes != said).any(axis=0)
    relied_on = _relied_on(uncertainty, votes, limits.confidence)
    found = np.full(len(said), "", "<U13")
    found[open_] = "D"
    found[open_ & known & agree] = np.where(high, "B", "A")[open_ & known & agree]
    found[open_ & known & ~agree & ~high & relied_on] = "C"
    found[unsure & known & ~high] = "NOTSURE"
    found[labelled & wrong] = "MISPREDICTION"
    found[labelled & ~wrong & high] = "UNCERTAIN"
    return found


def _relied_on(
    uncertainty: Uncertainty, votes: npt.NDArray[np.int64], confidence: float
) -> npt.NDArray[np.bool_]:
    """Return where all but one vote for the ensemble's class, or its probability is high."""
    n_members = len(votes)
    all_but_one = (votes == uncertainty.classes).sum(axis=0) >= n_members - 1
    sure: npt.NDArray[np.bool_] = uncertainty.probabilities.max(axis=1) >= confidence
    return sure | all_but_one if n_members >= 3 else sure


def counts(found: Kinds) -> dict[str, int]:
    """Return how many media there are of each of :data:`KINDS`."""
    return {kind: int((found == kind).sum()) for kind in KINDS}
