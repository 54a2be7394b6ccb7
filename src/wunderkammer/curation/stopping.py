"""Stopping: whether more labels are worth their time, as advice with its reasons."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import Field

from wunderkammer.core.settings import Settings
from wunderkammer.curation.changes import Measures
from wunderkammer.metrics.intervals import share_interval

CLASSES, PREDICTIONS, CHANGE = "classes", "predictions", "change of mind"
UNCERTAINTY, ACCURACY, BUDGET = "uncertainty", "accuracy", "budget"
"""Names of the criteria."""


class StopSettings(Settings):
    """When labelling has done what it can."""

    n_each: int = Field(
        3,
        ge=0,
        description="Labels that every class must have: an ensemble that never saw a class is "
        "stable and sure, and wrong.",
    )
    n_last: int = Field(
        40,
        ge=1,
        description="Labels over which predictions must have been stable; so many that the "
        "advice does not depend on how many labels a round brings.",
    )
    share_last: float = Field(
        0.4, gt=0, le=1, description="The same as a share of all labels, where that is less."
    )
    kappa: float = Field(
        0.975,
        ge=0,
        le=1,
        description="Agreement beyond chance over these labels: 1 less what each round changed.",
    )
    change: float = Field(
        0.02,
        ge=0,
        le=1,
        description="Share of the media about which a member changed its mind over these labels, "
        "at which minds are made up.",
    )
    uncertainty: float = Field(
        0.1,
        ge=0,
        le=1,
        description="Mean entropy of the media without a label, as a share of the largest "
        "possible, at which the ensemble is sure enough.",
    )
    accuracy: float = Field(
        0.99,
        gt=0,
        lt=1,
        description="Share of all media predicted rightly at which nothing more is wanted; the "
        "lower end of its interval must reach it.",
    )
    budget: int | None = Field(
        None, ge=1, description="Labels after which to stop anyhow; none: no such limit."
    )


@dataclass(frozen=True, slots=True)
class Criterion:
    """One reason to stop, or not to.

    Attributes
    ----------
    name : str
        ``classes``, ``predictions``, ``change of mind``, ``uncertainty``, ``accuracy`` or
        ``budget``.
    met : bool
    value : float or None
        What was found; None where there are too few rounds to tell.
    wanted : float
        What it must reach, or fall to.
    sentence : str
        The same in words.
    """

    name: str
    met: bool
    value: float | None
    wanted: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Whether to stop labelling, and why.

    Attributes
    ----------
    stop : bool
    reason : str
        One sentence.
    criteria : tuple of Criterion
    """

    stop: bool
    reason: str
    criteria: tuple[Criterion, ...]

    def figures(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        return asdict(self)


def advise(history: Sequence[Measures], settings: StopSettings | None = None) -> Advice:
    """Say whether to stop labelling.

    Parameters
    ----------
    history : sequence of Measures
        Of all rounds of a task, the first one first.
    settings : StopSettings, optional

    Notes
    -----
    Six criteria are looked at. *Classes*: each has labels. *Predictions* are stable by their
    agreement with those of the round before, Cohen's κ over all media. In [1]_ its mean over
    three rounds of 20 labels must be at least 0.99, which is ``1 - Σ (1 - κ) >= 0.97``. It is
    taken in this form, 0.975 over 40 labels, whatever a round brings: rounds of 5 labels
    change less than rounds of 50. *Change of mind* is the share of media about which a member
    says something else than in the round before, added up over the same rounds. *Uncertainty*
    is the mean entropy of what has no label yet [2]_. *Accuracy* is that of the random sample,
    its lower end. *Budget* is what was set.

    The advice is to stop when all classes are known, predictions are stable and, beside, minds
    are made up or the ensemble is sure: stable predictions alone may be wrong ones that nobody
    asked about, and low entropy alone may be early conceit. Accuracy and budget stop by
    themselves. The advice is about learning: whether the result is good enough for its purpose
    is told by the audit alone.

    References
    ----------
    .. [1] Bloodgood, M. & Vijay-Shanker, K. (2009). A method for stopping active learning
       based on stabilizing predictions and the need for user-adjustable stopping. CoNLL,
       39-47.
    .. [2] Zhu, J., Wang, H., Hovy, E. & Ma, M. (2010). Confidence-based stopping criteria for
       active learning for data annotation. ACM Transactions on Speech and Language
       Processing 6(3), 1-24.
    """
    limits = settings or StopSettings()
    if not history:
        return Advice(False, "There is no round yet: label a few media and train.", ())
    criteria = tuple(
        one(history, limits) for one in (_classes, _predictions, _change, _uncertainty, _accuracy)
    ) + _budget(history, limits)
    return _advice(history, {one.name: one for one in criteria})


def _advice(history: Sequence[Measures], criteria: Mapping[str, Criterion]) -> Advice:
    """Return what the criteria come to."""
    seen, stable, sure = criteria[CLASSES], criteria[PREDICTIONS], criteria[UNCERTAINTY]
    settled = criteria[CHANGE]
    every = tuple(criteria.values())
    if history[-1].n_labels >= history[-1].n_media:
        return Advice(True, "Stop: every medium has a label.", every)
    for one in (criteria.get(BUDGET), criteria[ACCURACY]):
        if one is not None and one.met:
            return Advice(True, f"Stop: {_lowered(one.sentence)}", every)
    if not seen.met:
        return Advice(False, f"Go on: {_lowered(seen.sentence)}", every)
    if stable.met and (settled.met or sure.met):
        other = settled if settled.met else sure
        reason = f"Stop: {_lowered(stable.sentence[:-1])}, and {_lowered(other.sentence)}"
        return Advice(True, reason, every)
    missing = stable if not stable.met else settled
    return Advice(False, f"Go on: {_lowered(missing.sentence)}", every)


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _classes(history: Sequence[Measures], limits: StopSettings) -> Criterion:
    fewest = min(history[-1].label_counts, default=0)
    met = fewest >= limits.n_each
    return Criterion(
        CLASSES, met, float(fewest), float(limits.n_each),
        f"The class with the fewest labels has {fewest:,}, and {limits.n_each:,} of each are "
        "wanted.",
    )  # fmt: skip


def _recent(history: Sequence[Measures], limits: StopSettings) -> Sequence[Measures] | None:
    """Return the rounds that brought the last labels, two at least; None if there are too few."""
    n = history[-1].n_labels
    wanted = min(limits.n_last, limits.share_last * n)
    for first in range(len(history) - 2, 0, -1):
        if any(one.kappa is None for one in history[first:]):
            return None
        if n - history[first - 1].n_labels >= wanted:
            return history[first:]
    return None


def _predictions(history: Sequence[Measures], limits: StopSettings) -> Criterion:
    recent = _recent(history, limits)
    if recent is None:
        return Criterion(
            PREDICTIONS, False, None, limits.kappa,
            "There are too few rounds to tell whether predictions are stable.",
        )  # fmt: skip
    value = 1 - sum(1 - (one.kappa or 0.0) for one in recent)
    met = value >= limits.kappa
    how = "are stable" if met else "still change"
    return Criterion(
        PREDICTIONS, met, value, limits.kappa,
        f"Predictions {how}: over the last {len(recent)} rounds they agree to κ = {_cut(value)}, "
        f"and {limits.kappa:g} is wanted.",
    )  # fmt: skip


def _change(history: Sequence[Measures], limits: StopSettings) -> Criterion:
    recent = _recent(history, limits)
    if recent is None or not all(one.members_changed for one in recent):
        return Criterion(
            CHANGE, False, None, limits.change,
            "There are too few rounds to tell whether members still change their minds.",
        )  # fmt: skip
    value = sum(
        sum(one.members_changed) / (len(one.members_changed) * max(1, one.n_compared))
        for one in recent
    )
    met = value <= limits.change
    how = "has made up its mind" if met else "still changes its mind"
    return Criterion(
        CHANGE, met, value, limits.change,
        f"A member {how}: over the last {len(recent)} rounds it said something else about "
        f"{100 * value:.2g} % of the media, and at most {100 * limits.change:g} % is wanted.",
    )  # fmt: skip


def _uncertainty(history: Sequence[Measures], limits: StopSettings) -> Criterion:
    value = history[-1].uncertainty
    met = value <= limits.uncertainty
    how = "is sure" if met else "is not sure yet"
    return Criterion(
        UNCERTAINTY, met, value, limits.uncertainty,
        f"The ensemble {how} of the media without a label: their entropy is {100 * value:.2g} % of "
        f"the largest possible, and at most {100 * limits.uncertainty:g} % is wanted.",
    )  # fmt: skip


def _accuracy(history: Sequence[Measures], limits: StopSettings) -> Criterion:
    last = history[-1]
    if not last.n_audited:
        return Criterion(
            ACCURACY,
            False,
            None,
            limits.accuracy,
            "No medium of the random sample is labelled yet.",
        )
    found = share_interval(last.n_right, last.n_audited)
    met = found.low >= limits.accuracy
    return Criterion(
        ACCURACY, met, found.low, limits.accuracy,
        f"Of {last.n_audited:,} media of the random sample {last.n_right:,} are predicted rightly "
        f"without having been seen, which means at least {100 * found.low:.3g} % of all; "
        f"{100 * limits.accuracy:g} % is wanted.",
    )  # fmt: skip


def _budget(history: Sequence[Measures], limits: StopSettings) -> tuple[Criterion, ...]:
    if limits.budget is None:
        return ()
    n = history[-1].n_labels
    sentence = f"{n:,} labels have been given, and the budget is {limits.budget:,}."
    return (Criterion(BUDGET, n >= limits.budget, float(n), float(limits.budget), sentence),)


def _cut(value: float) -> str:
    """Return a figure with three decimals, never rounded up."""
    return f"{math.floor(1000 * value + 1e-9) / 1000:.3f}"
