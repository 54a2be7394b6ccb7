"""Simulation: a curator who knows the truth shows what each way of asking would have cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydantic import Field

from wunderkammer.core.errors import NotEnoughMediaError, StageError
from wunderkammer.core.settings import Settings
from wunderkammer.curation.acquisition import AcquisitionSettings, choose, uncertainty
from wunderkammer.curation.changes import Measures, measures
from wunderkammer.curation.ensemble import EnsembleSettings, fit_ensemble, fit_heads
from wunderkammer.curation.kinds import NO_LABEL
from wunderkammer.curation.lot import in_prefix, lot_ranks

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_SPLIT, _LOT = "simulation: held out", "simulation: lot"


class SimulationSettings(Settings):
    """How a simulated curator works."""

    n_first: int = Field(10, description="Labels from the lot before the first round.", ge=1)
    batch: int = Field(10, description="Labels between two rounds.", ge=1)
    budget: int = Field(100, description="Labels at which the curator stops.", ge=1)
    held_out: float = Field(
        0.5,
        description="Share of the media that is never asked about, and measured on.",
        gt=0,
        lt=1,
    )
    measured: bool = Field(
        False,
        description="Whether rounds are measured as in the application, for the stop rule.",
    )
    ensemble: EnsembleSettings = Field(
        EnsembleSettings(), description="How the members are fitted."
    )
    acquisition: AcquisitionSettings = Field(
        AcquisitionSettings(), description="How the next media are chosen."
    )


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """What an ensemble was worth after each round, on media that were never asked about.

    Attributes
    ----------
    n_labels : ndarray of int64, shape (n_rounds,)
    balanced_accuracy : ndarray of float64, shape (n_rounds,)
        Mean of the shares of each class that are predicted rightly.
    auc : ndarray of float64, shape (n_rounds,)
        Area under the ROC curve; of more than two classes the mean of each against the rest.
    average_precision : ndarray of float64, shape (n_rounds,)
        Of the rarest class.
    collection : ndarray of float64, shape (n_rounds,)
        Balanced accuracy of the media that may be asked about, labels counting as right: how
        well they are sorted, by people and ensemble together.
    n_rare : ndarray of int64, shape (n_rounds,)
        Labels of the rarest class found so far.
    history : tuple of Measures
        What the stop rule is told of each round; empty unless measured.
    """

    n_labels: Codes
    balanced_accuracy: Floats
    auc: Floats
    average_precision: Floats
    collection: Floats
    n_rare: Codes
    history: tuple[Measures, ...]

    def area(self, metric: str = "balanced_accuracy") -> float:
        """Return the mean height of a metric over the labels, by the trapezium rule."""
        values: Floats = getattr(self, metric)
        if len(values) < 2:
            return float(values[-1])
        width = float(self.n_labels[-1] - self.n_labels[0])
        return float(np.trapezoid(values, self.n_labels)) / width

    def labels_to_reach(self, level: float, metric: str = "balanced_accuracy") -> float:
        """Return the labels from which on a metric is at ``level`` or above; infinite if never.

        Between two rounds the line that joins them counts.
        """
        return labels_to_reach(self.n_labels, getattr(self, metric), level)


def labels_to_reach(n_labels: npt.ArrayLike, values: npt.ArrayLike, level: float) -> float:
    """Return the number of labels at which a learning curve first reaches a level.

    Infinite where it never does; between two rounds the line that joins them counts.

    Examples
    --------
    >>> labels_to_reach([10, 20, 30], [0.5, 0.7, 0.8], 0.6)
    15.0
    """
    at, height = np.asarray(n_labels, np.float64), np.asarray(values, np.float64)
    reached = np.flatnonzero(height >= level)
    if not len(reached):
        return float("inf")
    k = int(reached[0])
    if k == 0:
        return float(at[0])
    share = (level - height[k - 1]) / (height[k] - height[k - 1])
    return float(at[k - 1] + share * (at[k] - at[k - 1]))


def simulate(
    features: npt.NDArray[np.floating],
    truth: Codes,
    classes: Sequence[str],
    media_ids: Sequence[str],
    settings: SimulationSettings | None = None,
    *,
    seed: int = 0,
) -> Curve:
    """Let a curator who knows the truth label media, round after round.

    Parameters
    ----------
    features : ndarray, shape (n, n_features)
    truth : ndarray of int64, shape (n,)
        Class of each medium.
    classes : sequence of str
    media_ids : sequence of str
    settings : SimulationSettings, optional
    seed : int, optional
        Draws which media are held out, the lot, and the ensemble: the same seed asks the same
        first media whatever the acquisition.

    Raises
    ------
    StageError
        If features, truth and media are not as many.
    NotEnoughMediaError
        If the media that may be asked about, or those held out, are of fewer than two classes.
    """
    how = settings or SimulationSettings()
    if not len(features) == len(truth) == len(media_ids):
        raise StageError(
            f"simulation: {len(features):,} features, {len(truth):,} classes and "
            f"{len(media_ids):,} media do not belong together."
        )
    n_held_out = round(len(truth) * how.held_out)
    held_out = lot_ranks(media_ids, seed, _SPLIT) < n_held_out
    for name, part in (("held out", held_out), ("asked about", ~held_out)):
        if len(np.unique(truth[part])) < 2:
            raise NotEnoughMediaError(
                f"simulation: the {int(part.sum()):,} media {name} are of one class.",
                hint="Give more media, or draw with another seed.",
            )
    pool = np.flatnonzero(~held_out)
    ids = [media_ids[place] for place in pool.tolist()]
    curator = _Curator(features[pool], truth[pool], tuple(classes), ids, how, seed)
    return curator.work(features[held_out], truth[held_out])


class _Curator:
    """A curator at work on the media that may be asked about."""

    def __init__(
        self, features: npt.NDArray[np.floating], truth: Codes, classes: tuple[str, ...],
        media_ids: Sequence[str], how: SimulationSettings, seed: int,
    ) -> None:  # fmt: skip
        self.features, self.truth, self.classes, self.how = features, truth, classes, how
        self.seed = seed
        self.ensemble_settings = how.ensemble.model_copy(update={"seed": how.ensemble.seed + seed})
        self.ranks = lot_ranks(media_ids, seed, _LOT)
        self.labelled = self.ranks < min(how.n_first, how.budget)
        self.before: npt.NDArray[np.float32] | None = None
        self.history: list[Measures] = []

    def work(self, features: npt.NDArray[np.floating], truth: Codes) -> Curve:
        """Label until the budget is spent; features and truth are of the media held out."""
        rows: list[tuple[int, float, float, float, float, int]] = []
        counts = np.bincount(np.concatenate([truth, self.truth]), minlength=len(self.classes))
        rarest = int(np.where(counts > 0, counts, counts.max() + 1).argmin())
        while True:
            batch = self._round(rows, features, truth, rarest)
            if not len(batch):
                break
            self.labelled[batch] = True
        columns = list(zip(*rows, strict=True))
        return Curve(
            np.array(columns[0], np.int64), np.array(columns[1]), np.array(columns[2]),
            np.array(columns[3]), np.array(columns[4]), np.array(columns[5], np.int64),
            tuple(self.history),
        )  # fmt: skip

    def _round(
        self, rows: list[tuple[int, float, float, float, float, int]],
        features: npt.NDArray[np.floating], truth: Codes, rarest: int,
    ) -> Codes:  # fmt: skip
        """Fit, note what it is worth, and return the media to label next."""
        known = np.flatnonzero(self.labelled)
        said = self.truth[known]
        if self.how.measured:
            fitted = fit_ensemble(self.features[known], said, self.classes, self.ensemble_settings)
            ensemble, held_out = fitted.ensemble, fitted.held_out
        else:
            ensemble = fit_heads(self.features[known], said, self.classes, self.ensemble_settings)
        told = uncertainty(ensemble.logits(features), ensemble.temperature).probabilities
        logits = ensemble.logits(self.features)
        found = uncertainty(logits, ensemble.temperature)
        together = np.where(self.labelled, self.truth, found.classes)
        rows.append((
            len(known), *scores(told, truth, rarest), balanced_accuracy(together, self.truth),
            int((said == rarest).sum()),
        ))  # fmt: skip
        if self.how.measured:
            self._measure(logits, held_out, known, ensemble.temperature)
        n = min(self.how.batch, self.how.budget - len(known))
        return choose(
            found, self.features, self.ranks,
            waiting=~self.labelled, labelled=self.labelled, n=n,
            codes=np.where(self.labelled, self.truth, NO_LABEL),
            settings=self.how.acquisition, seed=self.seed,
        ).rows  # fmt: skip

    def _measure(
        self, logits: npt.NDArray[np.float32], held_out: npt.NDArray[np.float32], known: Codes,
        temperature: float,
    ) -> None:  # fmt: skip
        """Note what the stop rule is told, as the application does."""
        labels = np.where(self.labelled, self.truth, NO_LABEL)
        audited = in_prefix(self.ranks, self.labelled)[known]
        answers = uncertainty(held_out, temperature).classes
        right = int((answers == self.truth[known])[audited].sum())
        self.history.append(
            measures(
                logits, labels, before=self.before, temperature=temperature,
                n_audited=int(audited.sum()), n_right=right,
            )
        )  # fmt: skip
        self.before = logits


def scores(probabilities: Floats, truth: Codes, rarest: int) -> tuple[float, float, float]:
    """Return balanced accuracy, AUC, and average precision of the rarest class.

    Parameters
    ----------
    probabilities : ndarray, shape (n, n_classes)
    truth : ndarray of int64, shape (n,)
        At least two classes occur.
    rarest : int
        The class whose average precision is returned.
    """
    present = np.unique(truth)
    against_rest = present if probabilities.shape[1] > 2 else present[-1:]
    areas = [area_under_roc(truth == one, probabilities[:, one]) for one in against_rest]
    precision = average_precision(truth == rarest, probabilities[:, rarest])
    accuracy = balanced_accuracy(np.asarray(probabilities.argmax(axis=1)), truth)
    return accuracy, float(np.mean(areas)), precision


def balanced_accuracy(answers: Codes, truth: Codes) -> float:
    """Return the mean, over the classes that occur, of their share answered rightly."""
    return float(np.mean([(answers[truth == one] == one).mean() for one in np.unique(truth)]))


def area_under_roc(wanted: Flags, scores: Floats) -> float:
    """Return the chance that a wanted medium scores higher than another; ties count half.

    Examples
    --------
    >>> import numpy as np
    >>> area_under_roc(np.array([True, False, True]), np.array([0.9, 0.4, 0.4]))
    0.75
    """
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    n_wanted = int(wanted.sum())
    n_pairs = n_wanted * (len(wanted) - n_wanted)
    return float(ranks[wanted].sum() - n_wanted * (n_wanted + 1) / 2) / n_pairs


def average_precision(wanted: Flags, scores: Floats) -> float:
    """Return ``Σ (R_n - R_{n-1}) P_n`` over distinct scores, the highest first.

    Examples
    --------
    >>> import numpy as np
    >>> average_precision(np.array([True, False, True]), np.array([0.9, 0.5, 0.4]))
    0.8333333333333333
    """
    order = np.argsort(-scores, kind="stable")
    (ends,) = np.nonzero(np.append(np.diff(scores[order]) != 0, True))
    hits = np.cumsum(wanted[order])[ends]
    precision, recall = hits / (ends + 1), hits / hits[-1]
    return float((np.diff(recall, prepend=0) * precision).sum())
